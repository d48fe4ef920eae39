package dev.tranche.console;

import java.time.Duration;
import org.springframework.security.authentication.LockedException;

/** The password was not looked at: too many wrong ones came before. */
final class TooManyAttemptsException extends LockedException {

  private static final long serialVersionUID = 1L;

  private final long seconds;

  TooManyAttemptsException(Duration pause) {
    super("too many wrong passwords");
    this.seconds = pause.plusMillis(999).toSeconds();
  }

  /** After how many seconds, at least one, it is looked at again. */
  long seconds() {
    return seconds;
  }
}
