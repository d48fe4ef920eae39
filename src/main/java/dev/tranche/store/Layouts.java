package dev.tranche.store;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tables TRANCHE_STEP and TRANCHE_PARTITION of the job repository's database.
 *
 * <p>Every method is a transaction of its own. Safe for all threads.
 */
public final class Layouts {

  public Layouts(Database repository) {}

  /** The frozen state of a step, if it was ever started. */
  public Optional<StepState> find(long jobInstance, String step) {
    throw new UnsupportedOperationException();
  }

  /** All steps of an instance, in the order they were first started. */
  public List<StepState> find(long jobInstance) {
    throw new UnsupportedOperationException();
  }

  /** A partition about to be laid out. */
  public record NewPartition(String slice, long estimate) {}

  /**
   * Stores a layout whole or not at all, streaming its partitions, which are numbered from 1 as
   * they come.
   *
   * @return the state as stored, with the count of partitions filled in
   */
  public StepState create(StepState step, Iterator<NewPartition> partitions) {
    throw new UnsupportedOperationException();
  }

  public void phase(String layout, StepState.Phase phase) {
    throw new UnsupportedOperationException();
  }

  /** What a claimer does in the target while the partition's row is locked: protocol 1b. */
  @FunctionalInterface
  public interface TargetClaim {
    Claim claim(PartitionState found) throws Exception;
  }

  /** A partition that is claimed now. */
  public record Claimed(PartitionState partition, Claim claim) {}

  /**
   * Protocol 1: locks the largest partition that is not COMPLETED and was not yet claimed by {@code
   * execution} (skipping rows that others hold locked), claims it in the target, and stores owner,
   * STARTED and {@code execution}.
   *
   * @param only the numbers that may be claimed; null: all
   * @param process the id of the living process, of TRANCHE_PROCESS
   * @return empty if none is left to claim
   * @throws Exception what {@code target} throws; the row is then as it was
   */
  public Optional<Claimed> claim(
      String layout,
      long execution,
      String process,
      @Nullable Collection<Integer> only,
      TargetClaim target)
      throws Exception {
    throw new UnsupportedOperationException();
  }

  /**
   * Claims again a partition that {@code execution} claimed on {@code process}: for going on after
   * an unknown outcome or an outage.
   *
   * @throws SupersededException if others claimed or settled it in the meantime
   * @throws Exception what {@code target} throws; the row is then as it was
   */
  public Claimed reclaim(PartitionKey key, long execution, String process, TargetClaim target)
      throws Exception {
    throw new UnsupportedOperationException();
  }

  /** How an attempt ended; nothing happens if {@code owner} is not the stored one any more. */
  public void ended(
      PartitionKey key,
      long owner,
      PartitionState.Status status,
      Tally tally,
      @Nullable String failure) {
    throw new UnsupportedOperationException();
  }

  /** Stores the tallies of running partitions, for lists; one batch. */
  public void progress(Collection<Progress> progress) {
    throw new UnsupportedOperationException();
  }

  /** The tally of a running attempt. */
  public record Progress(PartitionKey key, long owner, Tally tally) {}

  /** Partitions of a layout by number, {@code limit} at most, after number {@code after}. */
  public List<PartitionState> partitions(String layout, int after, int limit) {
    throw new UnsupportedOperationException();
  }

  /** Partitions of a layout that are in {@code status}. */
  public List<PartitionState> partitions(String layout, PartitionState.Status status) {
    throw new UnsupportedOperationException();
  }

  /** How many partitions of a layout are in each status. */
  public Map<PartitionState.Status, Integer> counts(String layout) {
    throw new UnsupportedOperationException();
  }

  /** Stores slices that moved because their file was edited, and the new facts about the files. */
  public void moved(String layout, String files, Map<Integer, String> slices) {
    throw new UnsupportedOperationException();
  }
}
