package dev.tranche;

import dev.tranche.definition.With;
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
 * @param with the definition that was chosen for this execution, since the job file was edited after
 *     the run began; null if nobody chose, and in lists
 * @param changes in words: what this execution goes by that earlier ones of its instance did not;
 *     empty in lists
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
    List<String> failures,
    @Nullable With with,
    List<String> changes) {

  /** By the definition that the run began with. */
  public ExecutionView(
      long execution,
      String job,
      String status,
      Map<String, String> parameters,
      @Nullable LocalDateTime started,
      @Nullable LocalDateTime ended,
      TallyView tally,
      TallyView thisExecution,
      List<StepView> steps,
      List<String> failures) {
    this(
        execution, job, status, parameters, started, ended, tally, thisExecution, steps, failures,
        null, List.of());
  }
}
