package dev.tranche.plan;

import java.util.Locale;
import java.util.Optional;

/** How much the largest partition of a table exceeds the others. One thread. */
final class Skew {

  private long partitions;
  private long rows;
  private long largest;

  void add(long estimate) {
    partitions++;
    rows += estimate;
    largest = Math.max(largest, estimate);
  }

  /** In words; nothing where there is nothing to compare. */
  Optional<String> note() {
    if (partitions < 2 || rows == 0) {
      return Optional.empty();
    }
    double mean = (double) rows / partitions;
    return Optional.of(
        String.format(
            Locale.ROOT,
            "skew: the largest of %,d partitions has %.2f times the mean of %,.0f rows",
            partitions,
            largest / mean,
            mean));
  }
}
