package dev.tranche.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The table TRANCHE_REJECT, beside the checkpoints. Works like {@link Checkpoints}. */
public final class Rejects {

  public Rejects(Platform platform) {}

  /** Stores them in the open transaction. */
  public void insert(Connection connection, PartitionKey partition, List<Reject> rejects)
      throws SQLException {
    throw new UnsupportedOperationException();
  }

  /** A stored reject and its partition. */
  public record Stored(PartitionKey partition, Reject reject) {}

  /** Rejects of a layout by partition and place, {@code limit} at most, after {@code offset}. */
  public List<Stored> find(Connection connection, String layout, int offset, int limit)
      throws SQLException {
    throw new UnsupportedOperationException();
  }
}
