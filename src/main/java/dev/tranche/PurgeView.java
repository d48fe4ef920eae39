package dev.tranche;

import java.util.List;

/**
 * What a purge removed, or would remove.
 *
 * @param dryRun whether nothing was removed
 * @param jobs by name and status; only those of which there was something to remove
 * @param kept what would go, but for its open rejects; by name and status
 */
public record PurgeView(boolean dryRun, List<Purged> jobs, List<Kept> kept) {

  /**
   * @param status of the last execution of the instances
   * @param instances that were removed, with all their executions
   */
  public record Purged(String job, String status, long instances, long executions) {}

  /**
   * @param instances that have rejects which nobody has run again
   * @param rejects how many
   */
  public record Kept(String job, String status, long instances, long rejects) {}
}
