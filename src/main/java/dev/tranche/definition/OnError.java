package dev.tranche.definition;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a step does about faults. */
public record OnError(
    @Key(value = "How often a failed item or write is tried again.", standard = Defaults.EMPTY)
    @Valid Retry retry,

    @Key("How many bad items are rejected; without it, the first one fails its partition.")
    @Nullable @Valid Skip skip,

    @Key("Once so many partitions failed, no more are begun; without it, all are tried.")
    @Nullable @Min(1) Integer failedPartitions) {

  public static final OnError DEFAULT = Defaults.of(OnError.class);

  /**
   * How often something that failed is tried again.
   *
   * @param maxBackoff in force before the jitter
   * @param jitter from 0 to 1
   * @param on {@code transient}, {@code timeout}, {@code data}, or class names of exceptions
   */
  public record Retry(
      @Key(value = "Attempts in total, the first included.", standard = Defaults.RETRY_ATTEMPTS)
      @Min(1) int attempts,

      @Key(
          value = "The wait before the second attempt; it doubles before each later one.",
          standard = Defaults.RETRY_BACKOFF)
      Duration backoff,

      @Key(value = "The longest wait, however often it doubled.", standard = Defaults.MAX_BACKOFF)
      Duration maxBackoff,

      @Key(
          value = "Each wait is shorter or longer by up to this share, at random, so that not all"
              + " try again at once.",
          notation = Notation.SHARE,
          standard = Defaults.RETRY_JITTER)
      double jitter,

      @Key(
          value = "Which faults: `transient` (deadlocks, time-outs of locks, a database that is"
              + " away), `timeout`, `data` (what a database refuses because of a row's values), or"
              + " class names of exceptions.",
          standard = Defaults.RETRY_ON)
      List<String> on) {

    public static final Retry NONE = Defaults.of(Retry.class);
  }

  /**
   * How many items may be rejected by a step, over all its partitions and runs of an instance.
   *
   * @param limit null: no limit by count
   * @param rate from 0 to 1; null: no limit by rate
   */
  public record Skip(
      @Key("At most so many items.") @Nullable @Min(0) Long limit,

      @Key(value = "At most this share of the items read.", notation = Notation.SHARE) @Nullable Double rate,

      @Key(value = "Items read before the rate is looked at.", standard = Defaults.SKIP_RATE_AFTER)
      @Min(0) long rateAfter) {}
}
