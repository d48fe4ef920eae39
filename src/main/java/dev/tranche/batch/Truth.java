package dev.tranche.batch;

import dev.tranche.chunk.StopSignal;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Checkpoints;
import dev.tranche.store.Claim;
import dev.tranche.store.Database;
import dev.tranche.store.Tally;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the checkpoints in a target say, read in transactions of their own and with patience. Safe
 * for all threads.
 */
record Truth(Database target, Patience patience, StopSignal stop, Consumer<Exception> notice) {

  /** The sum over all partitions of a layout. */
  Tally tally(String layout) throws Exception {
    return read((checkpoints, connection) -> checkpoints.tally(connection, layout));
  }

  /** How many partitions of a layout are complete. */
  long complete(String layout) throws Exception {
    return read((checkpoints, connection) -> checkpoints.countComplete(connection, layout));
  }

  Map<Integer, Claim> find(String layout, @Nullable Collection<Integer> numbers) throws Exception {
    return read((checkpoints, connection) -> checkpoints.find(connection, layout, numbers));
  }

  /** Moves the checkpoint that {@code found} is of to {@code next}, if it is still as it was. */
  void rewrite(Claim found, Checkpoint next) throws Exception {
    try (Connection connection = target.connect()) {
      new Checkpoints(target.platform()).rewrite(connection, found.fence(), next);
      connection.commit();
    }
  }

  private interface Read<T> {
    T from(Checkpoints checkpoints, Connection connection) throws SQLException;
  }

  private <T> T read(Read<T> read) throws Exception {
    return patience.bear(
        stop,
        notice,
        () -> {
          try (Connection connection = target.connect()) {
            T result = read.from(new Checkpoints(target.platform()), connection);
            connection.commit();
            return result;
          }
        });
  }
}
