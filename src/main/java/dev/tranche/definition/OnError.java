package dev.tranche.definition;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step does about faults.
 *
 * @param skip null: the first bad item fails its partition
 * @param failedPartitions once so many partitions failed, no more are claimed; null: no limit
 */
public record OnError(
    @Valid Retry retry,
    @Nullable @Valid Skip skip,
    @Nullable @Min(1) Integer failedPartitions) {

  public static final OnError DEFAULT = new OnError(Retry.NONE, null, null);

  /**
   * @param attempts in total, the first included
   * @param backoff before the second attempt; doubled before each later one
   * @param on {@code transient}, {@code timeout}, or class names of exceptions
   */
  public record Retry(@Min(1) int attempts, Duration backoff, List<String> on) {

    public static final Retry NONE = new Retry(1, Duration.ZERO, List.of("transient"));
  }

  /**
   * How many items may be rejected by a step, over all its partitions and runs of an instance.
   *
   * @param limit at most so many; null: no limit by count
   * @param rate at most this share of the items read, from 0 to 1; null: no limit by rate
   * @param rateAfter items read before the rate is looked at
   */
  public record Skip(@Nullable @Min(0) Long limit, @Nullable Double rate, long rateAfter) {}
}
