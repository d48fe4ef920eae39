package dev.tranche.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The table TRANCHE_REJECT, beside the checkpoints. Works like {@link Checkpoints}. */
public final class Rejects {

  private static final String INSERT =
      "insert into TRANCHE_REJECT (LAYOUT, PARTITION_NUMBER, ITEM_ORDINAL, PHASE, SOURCE,"
          + " LINE_NUMBER, BYTE_OFFSET, COLUMN_NAME, ORIGINAL, ERROR_CLASS, ERROR_MESSAGE,"
          + " FINGERPRINT) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String FIND = "select * from TRANCHE_REJECT where LAYOUT = ?"
      + " order by LAYOUT, PARTITION_NUMBER, ITEM_ORDINAL, REJECT_ID"
      + " offset ? rows fetch next ? rows only";

  private final Platform platform;

  public Rejects(Platform platform) {
    this.platform = platform;
  }

  /**
   * Stores them in the open transaction, as one batch. On PostgreSQL, whose texts cannot hold the
   * character 0, its symbol is stored instead (␀).
   */
  public void insert(Connection connection, PartitionKey partition, List<Reject> rejects)
      throws SQLException {
    if (rejects.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      for (Reject reject : rejects) {
        set(statement, partition, reject);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private void set(PreparedStatement statement, PartitionKey partition, Reject reject)
      throws SQLException {
    String column = reject.column();
    statement.setString(1, partition.layout());
    statement.setInt(2, partition.number());
    statement.setLong(3, reject.ordinal());
    statement.setString(4, reject.phase());
    statement.setString(5, platform.text(reject.source()));
    statement.setLong(6, reject.line());
    statement.setLong(7, reject.offset());
    statement.setString(8, column == null ? null : platform.text(column));
    statement.setString(9, platform.text(reject.original()));
    statement.setString(10, reject.errorClass());
    statement.setString(11, platform.text(reject.message()));
    statement.setString(12, platform.text(reject.fingerprint()));
  }

  /** A stored reject and its partition. */
  public record Stored(PartitionKey partition, Reject reject) {}

  /** Rejects of a layout by partition and place, {@code limit} at most, after {@code offset}. */
  public List<Stored> find(Connection connection, String layout, int offset, int limit)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setString(1, layout);
      statement.setInt(2, offset);
      statement.setInt(3, limit);
      List<Stored> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(stored(layout, rows));
        }
      }
      return found;
    }
  }

  private static Stored stored(String layout, ResultSet row) throws SQLException {
    return new Stored(
        new PartitionKey(layout, row.getInt("PARTITION_NUMBER")),
        new Reject(
            row.getLong("ITEM_ORDINAL"),
            row.getString("PHASE"),
            row.getString("SOURCE"),
            row.getLong("LINE_NUMBER"),
            row.getLong("BYTE_OFFSET"),
            row.getString("COLUMN_NAME"),
            row.getString("ORIGINAL"),
            row.getString("ERROR_CLASS"),
            row.getString("ERROR_MESSAGE"),
            row.getString("FINGERPRINT")));
  }
}
