package dev.tranche;

import org.jspecify.annotations.Nullable;

/**
 * A partition of a step.
 *
 * @param slice what it covers, in words
 * @param position the low watermark: where a restart goes on; null before the first commit
 */
public record PartitionView(
    String step,
    String name,
    String status,
    String slice,
    @Nullable String position,
    int attempts,
    TallyView tally,
    @Nullable String failure) {}
