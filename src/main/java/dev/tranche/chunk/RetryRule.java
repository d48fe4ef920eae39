package dev.tranche.chunk;

import dev.tranche.definition.OnError;
import dev.tranche.store.SqlErrors;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;

/**
 * Which failures are tried again, how often and after how long.
 *
 * <p>Immutable; safe for all threads.
 */
record RetryRule(OnError.Retry retry) {

  static RetryRule of(OnError.Retry retry) {
    return new RetryRule(retry);
  }

  /** Whether attempt number {@code done}, counted from 1, that failed so is followed by another. */
  boolean again(int done, Throwable error) {
    return done < retry.attempts() && covers(error);
  }

  /** Before attempt {@code done + 1}. */
  Duration pause(int done) {
    return pause(done, ThreadLocalRandom.current().nextDouble());
  }

  /**
   * The backoff, doubled with each attempt up to the longest, then shortened or lengthened.
   *
   * @param chance from 0 to 1: where in the range of the jitter
   */
  Duration pause(int done, double chance) {
    double first = retry.backoff().toNanos();
    double longest = Math.max(first, retry.maxBackoff().toNanos());
    double doubled = Math.min(longest, first * Math.pow(2, done - 1));
    return Duration.ofNanos((long) (doubled * (1 + retry.jitter() * (2 * chance - 1))));
  }

  private boolean covers(Throwable error) {
    if (error instanceof ItemError) {
      return false;
    }
    return retry.on().stream().anyMatch(name -> matches(name, error));
  }

  private static boolean matches(String name, Throwable error) {
    return switch (name) {
      case "transient" -> SqlErrors.isTransient(error) || SqlErrors.isOutage(error);
      case "data" -> SqlErrors.isData(error);
      case "timeout" ->
        hasCause(error, TimeoutException.class.getName())
            || hasCause(error, SQLTimeoutException.class.getName());
      default -> hasCause(error, name);
    };
  }

  private static boolean hasCause(Throwable error, String className) {
    int depth = 0;
    for (Throwable cause = error; cause != null && depth++ < 20; cause = cause.getCause()) {
      for (Class<?> type = cause.getClass(); type != null; type = type.getSuperclass()) {
        if (type.getName().equals(className) || type.getSimpleName().equals(className)) {
          return true;
        }
      }
    }
    return false;
  }
}
