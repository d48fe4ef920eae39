package dev.tranche;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who did what, when, and what came of it. What cannot be noted must not be done.
 *
 * <p>Safe for all threads.
 */
public interface AuditTrail {

  /**
   * Notes what somebody is about to do.
   *
   * @param who the user
   * @param from their address
   * @param action a verb of the command line
   * @param subject what it is done to, such as {@code execution 7}; may be empty
   * @param comment why, in the user's words
   * @return the entry
   */
  long begin(String who, String from, String action, String subject, @Nullable String comment);

  /** Notes what came of it, in words. */
  void end(long entry, String outcome);

  /** Entries, newest first. @param before only those with a smaller number */
  List<AuditView> entries(long before, int limit);
}
