package dev.tranche.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table TRANCHE_CHECKPOINT of one target database: how far each partition is, and the fence.
 *
 * <p>Every method works on the connection it is given, in the transaction that is open there, and
 * leaves the commit to its caller. Safe for all threads.
 */
public final class Checkpoints {

  public Checkpoints(Platform platform) {}

  /**
   * Protocol 1b: inserts the checkpoint, or raises its owner to {@code max(owner, target's) + 1}.
   *
   * @param owner the owner number that the repository knows
   * @param mustExist whether the repository says that the partition ran before: then a checkpoint
   *     that is missing was removed by somebody
   * @throws MissingCheckpointException if it must exist and does not
   */
  public Claim claim(Connection connection, PartitionKey partition, long owner, boolean mustExist)
      throws SQLException, MissingCheckpointException {
    throw new UnsupportedOperationException();
  }

  /**
   * Protocol 2: the first statement of a chunk's transaction; locks the checkpoint and moves it on.
   *
   * @throws SupersededException if owner or seq are not the fence's any more (also SQLState 40001)
   */
  public void advance(Connection connection, Fence fence, Checkpoint next)
      throws SQLException, SupersededException {
    throw new UnsupportedOperationException();
  }

  /** Whether {@code fence} holds: owner and seq are still those in the table. */
  public boolean holds(Connection connection, Fence fence) throws SQLException {
    throw new UnsupportedOperationException();
  }

  /** Raises the owner so that whoever owned it cannot commit any more; returns the new owner. */
  public long raise(Connection connection, PartitionKey partition, long owner)
      throws SQLException {
    throw new UnsupportedOperationException();
  }

  /** Puts {@code next} in the place of the checkpoint found under {@code fence}, raising seq. */
  public void rewrite(Connection connection, Fence fence, Checkpoint next)
      throws SQLException, SupersededException {
    throw new UnsupportedOperationException();
  }

  /** How many partitions of the layout are complete. */
  public long countComplete(Connection connection, String layout) throws SQLException {
    throw new UnsupportedOperationException();
  }

  /** The sum over all partitions of the layout. */
  public Tally tally(Connection connection, String layout) throws SQLException {
    throw new UnsupportedOperationException();
  }

  /** The checkpoints of the layout by partition number; only {@code numbers} if it is not null. */
  public Map<Integer, Claim> find(
      Connection connection, String layout, @Nullable Collection<Integer> numbers)
      throws SQLException {
    throw new UnsupportedOperationException();
  }
}
