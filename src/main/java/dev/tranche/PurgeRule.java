package dev.tranche;

import java.util.Map;

/**
 * Which job instances are kept. One is removed if it is both older than {@code days} and not among
 * the {@code last} of its job with its status; the last COMPLETED one of a job is always kept, and so
 * is what runs. Its rejects go with it, so one with rejects that nobody has run again is kept too,
 * unless the rule says otherwise.
 *
 * @param byStatus by the status of an instance's last execution: COMPLETED, FAILED, STOPPED,
 *     ABANDONED; instances of a status that is not there are kept
 * @param openRejects whether instances go that have rejects which nobody has run again
 */
public record PurgeRule(Map<String, Keep> byStatus, boolean openRejects) {

  public PurgeRule {
    byStatus = Map.copyOf(byStatus);
  }

  /** One that keeps what has open rejects. */
  public PurgeRule(Map<String, Keep> byStatus) {
    this(byStatus, false);
  }

  /**
   * @param days since their end for which they are kept
   * @param last how many of a job are kept, however old they are
   */
  public record Keep(int days, int last) {}
}
