package dev.tranche.definition;

import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/** How the input of a step is cut, and how many lanes run the partitions. */
public sealed interface PartitionDefinition {

  /** How many partitions run at the same time. */
  int concurrency();

  /** One partition for the whole input. */
  record Single() implements PartitionDefinition {
    @Override
    public int concurrency() {
      return 1;
    }
  }

  /** One partition for each file. */
  record File(@Min(1) int concurrency) implements PartitionDefinition {}

  /**
   * Big files cut at record ends, small files grouped.
   *
   * @param size bytes of a partition; null if {@code count} is given
   * @param count how many partitions; null if {@code size} is given
   */
  record Bytes(
      @Nullable @Min(1) Long size, @Nullable @Min(1) Integer count, @Min(1) int concurrency)
      implements PartitionDefinition {}

  /**
   * Any Spring Batch {@code Partitioner}.
   *
   * @param count the grid size it is asked for
   */
  record Bean(String bean, @Min(1) int count, @Min(1) int concurrency)
      implements PartitionDefinition {}
}
