package dev.tranche.console;

import dev.tranche.AuditTrail;
import dev.tranche.definition.Secrets;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/** Notes who does what, before it is done, and what came of it. Safe for all threads. */
final class Journal {

  private static final Log log = LogFactory.getLog(Journal.class);

  private final AuditTrail trail;
  private final Secrets secrets;

  Journal(AuditTrail trail, Secrets secrets) {
    this.trail = trail;
    this.secrets = secrets;
  }

  /**
   * Does {@code act} if that can be noted.
   *
   * @param outcome what came of it, in words
   */
  <T> T note(
      HttpServletRequest request,
      String action,
      String subject,
      @Nullable String comment,
      Supplier<T> act,
      Function<T, String> outcome) {
    String who = String.valueOf(request.getRemoteUser());
    long entry =
        trail.begin(
            who,
            request.getRemoteAddr(),
            action,
            secrets.mask(subject),
            comment == null ? null : secrets.mask(comment));
    try {
      T result = act.get();
      end(entry, outcome.apply(result));
      return result;
    } catch (RuntimeException failure) {
      end(entry, "not done: " + failure.getMessage());
      throw failure;
    }
  }

  /** Notes that passwords are not looked at for a while; that holds if it cannot be noted, too. */
  void noteLockOut(String name, String address, Duration pause) {
    String user = secrets.mask(name.substring(0, Math.min(name.length(), WrongPasswords.LONGEST_NAME)));
    log.warn("Too many wrong passwords from " + address + ": none is looked at for "
        + pause.toSeconds() + " s");
    try {
      long entry = trail.begin(user, address, "log-in", "", null);
      trail.end(
          entry, "too many wrong passwords: none is looked at for " + pause.toSeconds() + " s");
    } catch (RuntimeException away) {
      log.warn("That could not be stored: " + away.getMessage());
    }
  }

  /** It is done by now, and an answer that says otherwise would be wrong. */
  private void end(long entry, String outcome) {
    try {
      trail.end(entry, secrets.mask(outcome));
    } catch (RuntimeException away) {
      log.warn("What came of audit entry " + entry + " could not be stored: " + away.getMessage());
    }
  }
}
