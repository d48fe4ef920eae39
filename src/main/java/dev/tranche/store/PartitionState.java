package dev.tranche.store;

import org.jspecify.annotations.Nullable;

/**
 * A partition as the repository knows it: a row of TRANCHE_PARTITION. The checkpoint is the truth;
 * this is what a list shows.
 *
 * @param slice JSON of the partition package
 * @param estimate how much there is to do; the largest is claimed first
 * @param owner the owner number stored at the last claim; 0 before the first
 * @param execution the job execution that claimed it last; 0 before the first
 * @param failure in words, of the last attempt; null if it did not fail
 */
public record PartitionState(
    PartitionKey key,
    String slice,
    long estimate,
    Status status,
    int attempts,
    long owner,
    long execution,
    Tally tally,
    @Nullable String failure) {

  /** Spring Batch's words; STARTING: not begun. */
  public enum Status {
    STARTING,
    STARTED,
    COMPLETED,
    FAILED,
    STOPPED
  }
}
