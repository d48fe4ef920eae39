package dev.tranche;

import java.util.List;

/**
 * What a purge removed, or would remove.
 *
 * @param dryRun whether nothing was removed
 * @param jobs by name and status; only those of which there was something to remove
 */
public record PurgeView(boolean dryRun, List<Purged> jobs) {

  /**
   * @param status of the last execution of the instances
   * @param instances that were removed, with all their executions
   */
  public record Purged(String job, String status, long instances, long executions) {}
}
