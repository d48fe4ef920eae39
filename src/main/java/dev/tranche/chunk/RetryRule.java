package dev.tranche.chunk;

import dev.tranche.definition.OnError;
import dev.tranche.store.SqlErrors;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Which failures are tried again, how often and after how long.
 *
 * <p>Immutable; safe for all threads.
 */
record RetryRule(int attempts, Duration backoff, List<String> on) {

  /** No pause gets longer than this. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  static RetryRule of(OnError.Retry retry) {
    return new RetryRule(retry.attempts(), retry.backoff(), retry.on());
  }

  /** Whether attempt number {@code done}, counted from 1, that failed so is followed by another. */
  boolean again(int done, Throwable error) {
    return done < attempts && covers(error);
  }

  /** Before attempt {@code done + 1}: the backoff, doubled with each attempt. */
  Duration pause(int done) {
    Duration pause = backoff.multipliedBy(1L << Math.min(done - 1, 20));
    return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
  }

  private boolean covers(Throwable error) {
    if (error instanceof ItemError) {
      return false;
    }
    return on.stream().anyMatch(name -> matches(name, error));
  }

  private static boolean matches(String name, Throwable error) {
    return switch (name) {
      case "transient" -> SqlErrors.isTransient(error) || SqlErrors.isOutage(error);
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
