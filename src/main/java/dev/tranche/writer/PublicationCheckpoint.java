package dev.tranche.writer;

import dev.tranche.row.Digest;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Checkpoints;
import dev.tranche.store.Claim;
import dev.tranche.store.Database;
import dev.tranche.store.Fence;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.Position;
import dev.tranche.store.SupersededException;
import dev.tranche.store.Tally;
import dev.tranche.writer.Publication.Hold;
import dev.tranche.writer.Publication.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoint that the publishing of a layout goes by, beside those of its partitions. Immutable.
 *
 * @param database where they are
 * @param what is published, in words
 */
record PublicationCheckpoint(Database database, PartitionKey key, String what) {

  static PublicationCheckpoint of(Database database, String layout, String what) {
    return new PublicationCheckpoint(database, PartitionKey.publishing(layout), what);
  }

  Progress progress() throws SQLException {
    Claim found = find(List.of(key.number())).get(key.number());
    if (found == null || found.checkpoint().watermark() == null) {
      return Progress.NOT_BEGUN;
    }
    return found.checkpoint().complete() ? Progress.DONE : Progress.BEGUN;
  }

  /** All checkpoints of the layout, by number. */
  Map<Integer, Claim> all() throws SQLException {
    return find(null);
  }

  private Map<Integer, Claim> find(@Nullable List<Integer> numbers) throws SQLException {
    try (Connection connection = database.connect()) {
      Map<Integer, Claim> found =
          new Checkpoints(database.platform()).find(connection, key.layout(), numbers);
      connection.commit();
      return found;
    }
  }

  /** All checkpoints, once it is sure that those of the partitions are complete. */
  Map<Integer, Claim> complete(int partitions) throws SQLException {
    Map<Integer, Claim> claims = all();
    for (int number = 1; number <= partitions; number++) {
      Claim claim = claims.get(number);
      if (claim == null || !claim.checkpoint().complete()) {
        throw new IllegalStateException(
            "partition p" + number + " is not complete. This is a bug in tranche.");
      }
    }
    return claims;
  }

  /** Takes the publishing while nobody can take the run away. */
  Claim claim(Hold hold) throws SQLException, SupersededException {
    Database repository = hold.repository();
    return inTransaction(
        repository,
        connection -> {
          if (!hold.check().holds(connection)) {
            throw new SupersededException(key, "another process runs this job instance");
          }
          return repository == database
              ? claim(connection)
              : inTransaction(database, this::claim);
        });
  }

  private Claim claim(Connection connection) throws Exception {
    return new Checkpoints(database.platform()).claim(connection, key, 0, false);
  }

  /** What is done on a connection. */
  @FunctionalInterface
  private interface Work {
    Claim on(Connection connection) throws Exception;
  }

  private static Claim inTransaction(Database database, Work work)
      throws SQLException, SupersededException {
    try (Connection connection = database.connect()) {
      Claim claim =
          database.<Claim, Exception>takingOver(
              connection, (session, platform) -> work.on(session));
      connection.commit();
      return claim;
    } catch (SQLException | SupersededException | RuntimeException failure) {
      throw failure;
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Files are taken away from under a publisher that is late: then nothing is wrong with them. */
  void requireOwned(Fence fence) throws SQLException, SupersededException {
    Claim now = find(List.of(key.number())).get(key.number());
    if (now == null || now.fence().owner() != fence.owner()) {
      throw new SupersededException(key, "another process publishes the " + what);
    }
  }

  /**
   * Moves it on in the open transaction.
   *
   * @param stage a word for how far the publishing is
   */
  Fence advance(Connection connection, Fence fence, String stage, Digest digest, boolean complete)
      throws SQLException, SupersededException {
    Checkpoint next =
        new Checkpoint(new Position(stage, 0, 0), digest, List.of(), Tally.ZERO, complete);
    new Checkpoints(database.platform()).advance(connection, fence, next);
    return fence.next();
  }
}
