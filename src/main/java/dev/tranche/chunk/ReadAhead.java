package dev.tranche.chunk;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far a lazy map reads its input ahead of what was taken of its results. Immutable.
 *
 * @param items how many items are read and not yet taken as results, at most; at least 1
 * @param batch how many items one worker takes in a row; at least 1. A batch is read as a whole, also
 *     if it is larger than {@code items}
 * @param timeout how long all of it may take, from the call on; null: as long as it does
 */
public record ReadAhead(int items, int batch, @Nullable Duration timeout) {

  /** @throws IllegalArgumentException if {@code items} or {@code batch} is less than 1 */
  public ReadAhead {
    atLeastOne("read-ahead", items);
    atLeastOne("batch", batch);
  }

  /** So many items, one by one. */
  public static ReadAhead of(int items) {
    return new ReadAhead(items, 1, null);
  }

  /** All of the input is read and submitted at the call. */
  public static ReadAhead all() {
    return of(Integer.MAX_VALUE);
  }

  public ReadAhead inBatchesOf(int size) {
    return new ReadAhead(items, size, timeout);
  }

  public ReadAhead within(Duration limit) {
    return new ReadAhead(items, batch, limit);
  }

  static void atLeastOne(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + ": " + value + " is not at least 1");
    }
  }
}
