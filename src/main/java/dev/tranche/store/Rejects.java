package dev.tranche.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table TRANCHE_REJECT, beside the checkpoints. Works like {@link Checkpoints}. */
public final class Rejects {

  /** Well below what any driver allows in a statement. */
  private static final int PORTION = 500;

  private static final String INSERT =
      "insert into TRANCHE_REJECT (LAYOUT, PARTITION_NUMBER, ITEM_ORDINAL, PHASE, SOURCE,"
          + " LINE_NUMBER, BYTE_OFFSET, COLUMN_NAME, ORIGINAL, ERROR_CLASS, ERROR_MESSAGE,"
          + " FINGERPRINT) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String FIND = "select * from TRANCHE_REJECT where LAYOUT = ?"
      + " order by LAYOUT, PARTITION_NUMBER, ITEM_ORDINAL, REJECT_ID"
      + " offset ? rows fetch next ? rows only";
  private static final String COUNT = "select count(*) from TRANCHE_REJECT where LAYOUT = ?";

  /** Ranks no more than numbers: the texts of those that are shown are read after that. */
  private static final String GROUPS =
      "select R.*, G.REJECTS, G.TAKEN from TRANCHE_REJECT R join (select REJECT_ID,"
          + " row_number() over (partition by FINGERPRINT order by REJECT_ID) NTH,"
          + " count(*) over (partition by FINGERPRINT) REJECTS,"
          + " count(TAKEN_BY) over (partition by FINGERPRINT) TAKEN"
          + " from TRANCHE_REJECT where LAYOUT = ?) G on G.REJECT_ID = R.REJECT_ID"
          + " where G.NTH <= ? order by G.REJECTS desc, R.FINGERPRINT, R.REJECT_ID";
  private static final String OPEN =
      "select PARTITION_NUMBER, count(*), max(REJECT_ID) from TRANCHE_REJECT"
          + " where LAYOUT = ? and TAKEN_BY is null"
          + " group by PARTITION_NUMBER order by PARTITION_NUMBER";
  private static final String NEXT =
      "select * from TRANCHE_REJECT where LAYOUT = ? and PARTITION_NUMBER = ?"
          + " and (ITEM_ORDINAL > ? or ITEM_ORDINAL = ? and REJECT_ID > ?)"
          + " and REJECT_ID <= ? and TAKEN_BY is null"
          + " order by LAYOUT, PARTITION_NUMBER, ITEM_ORDINAL, REJECT_ID"
          + " fetch first ? rows only";

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

  /**
   * A stored reject and its partition.
   *
   * @param takenBy the execution that ran the item again; null if none has
   */
  public record Stored(
      long id, PartitionKey partition, Reject reject, @Nullable Long takenBy) {}

  /** Rejects of a layout by partition and place, {@code limit} at most, after {@code offset}. */
  public List<Stored> find(Connection connection, String layout, int offset, int limit)
      throws SQLException {
    return new Sql(FIND, layout, offset, limit).all(connection, Rejects::stored);
  }

  /** How many rejects a layout has, taken ones included. */
  public long count(Connection connection, String layout) throws SQLException {
    return new Sql(COUNT, layout).first(connection, row -> row.getLong(1)).orElse(0L);
  }

  /**
   * Rejects with the same fingerprint.
   *
   * @param taken how many of them were run again
   * @param samples the first ones
   */
  public record Group(long count, long taken, List<Stored> samples) {}

  /** The rejects of a layout by fingerprint, the largest group first. */
  public List<Group> groups(Connection connection, String layout, int samples)
      throws SQLException {
    Map<String, Group> groups = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(GROUPS)) {
      statement.setString(1, layout);
      statement.setInt(2, samples);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Stored sample = stored(row);
          Group group =
              new Group(row.getLong("REJECTS"), row.getLong("TAKEN"), new ArrayList<>());
          groups
              .computeIfAbsent(sample.reject().fingerprint(), key -> group)
              .samples()
              .add(sample);
        }
      }
    }
    return List.copyOf(groups.values());
  }

  /**
   * What nobody has run again of a partition's rejects.
   *
   * @param last the largest id among them
   */
  public record Open(PartitionKey partition, long count, long last) {}

  /** What nobody has run again of a layout's rejects. */
  public List<Open> open(Connection connection, String layout) throws SQLException {
    return new Sql(OPEN, layout)
        .all(
            connection,
            row ->
                new Open(
                    new PartitionKey(layout, row.getInt(1)), row.getLong(2), row.getLong(3)));
  }

  /** How many rejects of each layout nobody has run again; layouts without any are left out. */
  static Map<String, Long> open(Connection connection, List<String> layouts) throws SQLException {
    Map<String, Long> open = new HashMap<>();
    new Sql(
            "select LAYOUT, count(*) from TRANCHE_REJECT where TAKEN_BY is null and LAYOUT in (?"
                + ", ?".repeat(layouts.size() - 1)
                + ") group by LAYOUT",
            layouts.toArray())
        .all(connection, row -> open.put(row.getString(1), row.getLong(2)));
    return open;
  }

  /**
   * Rejects of a partition that nobody has run again, by place, {@code limit} at most.
   *
   * @param ordinal with {@code id}: those after this place; -1 for all
   * @param last no reject with a larger id
   */
  public List<Stored> next(
      Connection connection, PartitionKey partition, long ordinal, long id, long last, int limit)
      throws SQLException {
    return new Sql(
            NEXT, partition.layout(), partition.number(), ordinal, ordinal, id, last, limit)
        .all(connection, Rejects::stored);
  }

  /**
   * Says in the open transaction that its execution has run them again; returns how many were still
   * to be had. Whoever gets fewer than it wanted must roll back: the others are somebody else's.
   */
  public int take(Connection connection, Reject.Taken taken) throws SQLException {
    int had = 0;
    List<Long> ids = taken.ids();
    for (int from = 0; from < ids.size(); from += PORTION) {
      had += take(connection, taken.execution(), ids.subList(from, Math.min(ids.size(), from + PORTION)));
    }
    return had;
  }

  private static int take(Connection connection, long execution, List<Long> ids)
      throws SQLException {
    String update =
        "update TRANCHE_REJECT set TAKEN_BY = ? where TAKEN_BY is null and REJECT_ID in (?"
            + ", ?".repeat(ids.size() - 1)
            + ")";
    try (PreparedStatement statement = connection.prepareStatement(update)) {
      statement.setLong(1, execution);
      for (int i = 0; i < ids.size(); i++) {
        statement.setLong(i + 2, ids.get(i));
      }
      return statement.executeUpdate();
    }
  }

  private static Stored stored(ResultSet row) throws SQLException {
    long taken = row.getLong("TAKEN_BY");
    Long takenBy = row.wasNull() ? null : taken;
    return new Stored(
        row.getLong("REJECT_ID"),
        new PartitionKey(row.getString("LAYOUT"), row.getInt("PARTITION_NUMBER")),
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
            row.getString("FINGERPRINT")),
        takenBy);
  }
}
