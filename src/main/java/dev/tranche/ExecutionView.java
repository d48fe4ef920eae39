package dev.tranche;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job execution.
 *
 * @param status Spring Batch's word
 * @param tally of the instance, up to and with this execution
 * @param thisExecution what this execution did itself
 * @param steps empty in lists
 * @param failures in words: partition, item, safe point; empty if nothing failed
 */
public record ExecutionView(
    long execution,
    String job,
    String status,
    Map<String, String> parameters,
    @Nullable LocalDateTime started,
    @Nullable LocalDateTime ended,
    TallyView tally,
    TallyView thisExecution,
    List<StepView> steps,
    List<String> failures) {}
