package dev.tranche.definition;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** How the input of a step is cut, and how many lanes run the partitions. */
@Variants(by = "by", title = "partition")
public sealed interface PartitionDefinition
    permits PartitionDefinition.Single,
        PartitionDefinition.File,
        PartitionDefinition.Bytes,
        PartitionDefinition.Range,
        PartitionDefinition.Balanced,
        PartitionDefinition.Values,
        PartitionDefinition.Hash,
        PartitionDefinition.Time,
        PartitionDefinition.Bean { // named, since their order is what users see

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

  /** The most partitions a table is cut into: each is a row of the layout, and a claim. */
  int MOST = 100_000;

  /** Partitions that are so many, or of so many rows. */
  interface Sized {

    /** Null if {@link #rows} is given. */
    @Nullable Integer count();

    /** Null if {@link #count} is given. */
    @Nullable Long rows();
  }

  /**
   * Ranges of a column of the same width, whatever is in them.
   *
   * @param column null: the key
   */
  record Range(
      @Key("A column of numbers, dates or times; without it, the key.") @Nullable String column,

      @Key(value = "How many partitions.", standard = Defaults.PARTITION_COUNT)
      @Nullable @Min(1) @Max(MOST) Integer count,

      @Key("How many rows a partition has on average, in place of their count.") @Nullable @Min(1) Long rows,

      @Key(value = "How many partitions run at the same time.", standard = Defaults.PROCESSORS)
      @Min(1) int concurrency)
      implements PartitionDefinition, Sized {}

  /**
   * Ranges of a column with the same number of rows.
   *
   * @param column null: the key
   */
  record Balanced(
      @Key("A column; without it, the key, which may be several columns.") @Nullable String column,

      @Key(value = "How many partitions.", standard = Defaults.PARTITION_COUNT)
      @Nullable @Min(1) @Max(MOST) Integer count,

      @Key("How many rows a partition has, in place of their count.") @Nullable @Min(1) Long rows,

      @Key(value = "How many partitions run at the same time.", standard = Defaults.PROCESSORS)
      @Min(1) int concurrency)
      implements PartitionDefinition, Sized {}

  /** One partition for each value of a column that there is, and one for values that come later. */
  record Values(
      @Key("A column with few different values.") @NotBlank String column,

      @Key(value = "How many partitions run at the same time.", standard = Defaults.PROCESSORS)
      @Min(1) int concurrency)
      implements PartitionDefinition {}

  /**
   * Partitions by a check sum of a column.
   *
   * @param column null: the key
   */
  record Hash(
      @Key("A column; without it, the key.") @Nullable String column,

      @Key(value = "How many partitions.", standard = Defaults.PARTITION_COUNT)
      @Nullable @Min(1) @Max(MOST) Integer count,

      @Key("How many rows a partition has on average, in place of their count.") @Nullable @Min(1) Long rows,

      @Key(value = "How many partitions run at the same time.", standard = Defaults.PROCESSORS)
      @Min(1) int concurrency)
      implements PartitionDefinition, Sized {}

  /** Windows of the calendar. */
  record Time(
      @Key("A column of dates or timestamps.") @NotBlank String column,

      @Key("How long a window is.") Every every,

      @Key(value = "The time zone that days begin in.", standard = Defaults.SCHEDULE_ZONE)
      ZoneId zone,

      @Key(value = "How many partitions run at the same time.", standard = Defaults.PROCESSORS)
      @Min(1) int concurrency)
      implements PartitionDefinition {
    /** A stretch of the calendar; weeks begin on Mondays. */
    public enum Every {
      HOUR,
      DAY,
      WEEK,
      MONTH
    }
  }

  /** Any Spring Batch {@code Partitioner}. */
  record Bean(
      @Key("The name of a Spring Batch `Partitioner` bean.") @NotBlank String bean,

      @Key("The grid size it is asked for.") @Min(1) int count,

      @Key(value = "How many partitions run at the same time.", standard = Defaults.PROCESSORS)
      @Min(1) int concurrency)
      implements PartitionDefinition {}
}
