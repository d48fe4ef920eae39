package dev.tranche;

import java.util.Map;

/**
 * Which job instances are kept. One is removed if it is both older than {@code days} and not among
 * the {@code last} of its job with its status; the last COMPLETED one of a job is always kept, and so
 * is what runs.
 *
 * @param byStatus by the status of an instance's last execution: COMPLETED, FAILED, STOPPED,
 *     ABANDONED; instances of a status that is not there are kept
 */
public record PurgeRule(Map<String, Keep> byStatus) {

  public PurgeRule {
    byStatus = Map.copyOf(byStatus);
  }

  /**
   * @param days since their end for which they are kept
   * @param last how many of a job are kept, however old they are
   */
  public record Keep(int days, int last) {}
}
