package dev.tranche.chunk;

import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** How errors come out of calls that declare none. */
final class Thrown {

  private Thrown() {}

  /** Throws {@code fault} itself, or, if it is checked, in a wrapper. */
  static RuntimeException by(@Nullable Throwable fault) {
    if (fault instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (fault instanceof Error error) {
      throw error;
    }
    throw new CompletionException(fault);
  }

  static RuntimeException timeout(TimeoutException late) {
    return new CompletionException(late.getMessage(), late);
  }

  static RuntimeException interrupted(InterruptedException asked) {
    Thread.currentThread().interrupt();
    return new CompletionException("interrupted while waiting for a result", asked);
  }
}
