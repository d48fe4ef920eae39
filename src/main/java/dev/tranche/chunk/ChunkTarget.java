package dev.tranche.chunk;

import dev.tranche.store.Checkpoint;
import dev.tranche.store.Claim;
import dev.tranche.store.Fence;
import dev.tranche.store.MissingCheckpointException;
import dev.tranche.store.Reject;
import dev.tranche.store.SupersededException;
import java.sql.Connection;
import java.util.List;

/**
 * Where a partition's items go: one transaction for a chunk's checkpoint, rejects and rows.
 *
 * <p>One partition attempt, one thread, one connection for its whole life.
 *
 * @param <O> the items written
 */
public interface ChunkTarget<O> extends AutoCloseable {

  /**
   * What one transaction carries.
   *
   * @param fence what must still be held
   * @param next the checkpoint once it is committed
   * @param rejects items set aside
   * @param items items to write, in order
   * @param keys a stable key for each of {@code items}: its ordinal in the partition
   * @param taken earlier rejects that are dealt with by this: nobody else may have them
   */
  record Commit<O>(
      Fence fence,
      Checkpoint next,
      List<Reject> rejects,
      List<O> items,
      long[] keys,
      Reject.Taken taken) {

    public Commit(
        Fence fence, Checkpoint next, List<Reject> rejects, List<O> items, long[] keys) {
      this(fence, next, rejects, items, keys, Reject.Taken.NONE);
    }
  }

  /**
   * Opens the connection and takes the partition: a new owner number above {@code owner}, and the
   * checkpoint found. Claiming again is always safe, also after an outage here.
   *
   * @param owner the owner number that the repository knows
   * @param mustExist whether the repository says that the partition ran before
   * @throws MissingCheckpointException if it must exist, and somebody removed it
   * @throws OutageException if the database is away
   */
  Claim claim(long owner, boolean mustExist) throws MissingCheckpointException, OutageException;

  /**
   * Takes up a partition that was claimed already, on {@code session}: a connection to the target
   * without auto-commit, which stays its owner's and is left open by {@link #close}, without a
   * transaction.
   *
   * @throws OutageException if the database is away
   */
  void takeUp(Claim claim, Connection session) throws OutageException;

  /**
   * Commits all of {@code commit} or nothing: the fenced checkpoint first, then rejects, then rows.
   * Whatever it throws, nothing of it is committed, except for an {@link UnknownOutcomeException}.
   *
   * @throws SupersededException if the fence does not hold any more
   * @throws UnknownOutcomeException if the connection died in the commit itself
   * @throws OutageException if the database is away
   * @throws WriteException if the rows were refused; ownership was read again after it
   */
  void commit(Commit<O> commit)
      throws SupersededException, UnknownOutcomeException, OutageException, WriteException;

  /** Ends the connection from another thread, so that a commit that hangs comes back. */
  void abort();

  @Override
  void close();
}
