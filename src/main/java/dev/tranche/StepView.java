package dev.tranche;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step of an execution.
 *
 * @param target where the data is, in words; null for steps that load nothing
 */
public record StepView(
    String name,
    String status,
    TallyView tally,
    TallyView thisExecution,
    @Nullable Duration duration,
    @Nullable String target,
    List<PartitionView> partitions) {}
