package dev.tranche.definition;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;

/** How the input of a step is cut, and how many lanes run the partitions. */
@Variants(
    by = "by",
    title = "partition",
    later = {"range", "balanced", "values", "hash", "time"})
public sealed interface PartitionDefinition {

  /** How many partitions run at the same time. */
  int concurrency();

  /** One partition for the whole input. */
  @Variant("")
  record Single() implements PartitionDefinition {
    @Override
    public int concurrency() {
      return 1;
    }
  }

  /** One partition for each file. */
  record File(
      @Key(value = "How many partitions run at the same time.", standard = Defaults.PROCESSORS)
      @Min(1) int concurrency)
      implements PartitionDefinition {}

  /**
   * Big files cut at record ends, small files grouped.
   *
   * @param size null if {@code count} is given
   * @param count null if {@code size} is given
   */
  record Bytes(
      @Key(
          value = "The size of a partition.",
          standard = Defaults.PARTITION_SIZE,
          notation = Notation.BYTES)
      @Nullable @Min(1) Long size,

      @Key("How many partitions, in place of their size.") @Nullable @Min(1) Integer count,

      @Key(value = "How many partitions run at the same time.", standard = Defaults.PROCESSORS)
      @Min(1) int concurrency)
      implements PartitionDefinition {}

  /** Any Spring Batch {@code Partitioner}. */
  record Bean(
      @Key("The name of a Spring Batch `Partitioner` bean.") @NotBlank String bean,

      @Key("The grid size it is asked for.") @Min(1) int count,

      @Key(value = "How many partitions run at the same time.", standard = Defaults.PROCESSORS)
      @Min(1) int concurrency)
      implements PartitionDefinition {}
}
