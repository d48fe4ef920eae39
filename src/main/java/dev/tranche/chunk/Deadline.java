package dev.tranche.chunk;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A moment by {@link System#nanoTime}; null: never. */
record Deadline(@Nullable Long at) {

  /** @param timeout null: none */
  static Deadline in(@Nullable Duration timeout) {
    return new Deadline(timeout == null ? null : System.nanoTime() + timeout.toNanos());
  }

  /** Nanoseconds that are left; not more than 0 if it is over. */
  long left() {
    return at == null ? Long.MAX_VALUE : at - System.nanoTime();
  }
}
