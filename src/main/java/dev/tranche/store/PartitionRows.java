package dev.tranche.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of TRANCHE_PARTITION: how they are read, locked for a claim, and claimed. */
final class PartitionRows {

  private static final String COLUMNS =
      "LAYOUT, PARTITION_NUMBER, SLICE, ESTIMATE, STATUS, ATTEMPTS, OWNER, EXECUTION_ID,"
          + " " + Tallies.COLUMNS + ", FAILURE";
  static final String SELECT = "select " + COLUMNS + " from TRANCHE_PARTITION";

  private static final String FREE = "LAYOUT = ? and DONE = false and EXECUTION_ID <> ?"
      + " and not exists (select 1 from TRANCHE_STEP S"
      + " join TRANCHE_RUN R on R.JOB_INSTANCE_ID = S.JOB_INSTANCE_ID"
      + " where S.LAYOUT = ? and R.ACTIVE = true"
      + " and (R.EXECUTION_ID <> ? or R.PROCESS_ID <> ?))";
  private static final String LARGEST_FIRST = "ESTIMATE desc, PARTITION_NUMBER";
  private static final String HELD = SELECT
      + " where LAYOUT = ? and PARTITION_NUMBER = ? and EXECUTION_ID = ? and PROCESS_ID = ?"
      + " and STATUS = 'STARTED' for update";
  private static final String AWAIT =
      "select 1 from TRANCHE_PARTITION where LAYOUT = ? and PARTITION_NUMBER = ? for update";
  private static final String STARTED =
      "update TRANCHE_PARTITION set STATUS = 'STARTED', FAILURE = null, ATTEMPTS = ?, OWNER = ?,"
          + " EXECUTION_ID = ?, PROCESS_ID = ?, "
          + Tallies.ASSIGNED
          + " where LAYOUT = ? and PARTITION_NUMBER = ?";

  private static final String GIVEN_BACK =
      "update TRANCHE_PARTITION set STATUS = ?, FAILURE = ?, ATTEMPTS = ?, EXECUTION_ID = ?"
          + " where LAYOUT = ? and PARTITION_NUMBER = ? and OWNER = ? and STATUS = 'STARTED'";

  /** So few are read by the index whatever is known of the table. */
  private static final int FEW = 8;

  private PartitionRows() {}

  /**
   * Locks the largest partitions that {@code execution} may claim. One that somebody else is at comes
   * last and is waited for: it may be free again, if he fails, or was stopped with the row locked.
   *
   * <p>To be the first in a transaction. Whoever waits holds nothing: on MariaDB a scan leaves the
   * index entries locked that did not fit, and two claimers that wait with them deadlock.
   */
  static List<PartitionState> lockFree(
      Connection connection,
      Platform platform,
      String layout,
      long execution,
      String process,
      @Nullable Collection<Integer> only,
      int most)
      throws SQLException {
    Numbers numbers = Numbers.of(only);
    Free free = new Free(layout, execution, process, numbers);
    while (true) {
      if (most > FEW) {
        platform.readInOrder(connection);
      }
      List<PartitionState> first = free.all(connection, lockFree(platform, numbers, most));
      if (!first.isEmpty()) {
        return first;
      }
      String held = SELECT + " where " + FREE + numbers.condition() + " fetch first 1 row only";
      List<PartitionState> next = free.all(connection, held);
      if (next.isEmpty()) {
        return next;
      }
      connection.rollback();
      new Sql(AWAIT, next.get(0).key().layout(), next.get(0).key().number())
          .first(connection, row -> true);
      connection.rollback();
    }
  }

  /** The parameters of {@link #FREE}. */
  private record Free(String layout, long execution, String process, Numbers numbers) {

    List<PartitionState> all(Connection connection, String query) throws SQLException {
      try (PreparedStatement statement = connection.prepareStatement(query)) {
        statement.setString(1, layout);
        statement.setLong(2, execution);
        statement.setString(3, layout);
        statement.setLong(4, execution);
        statement.setString(5, process);
        numbers.set(statement, 6);
        try (ResultSet rows = statement.executeQuery()) {
          List<PartitionState> all = new ArrayList<>();
          while (rows.next()) {
            all.add(state(rows));
          }
          return all;
        }
      }
    }
  }

  /** The query of a claim: layout, execution, layout, execution, process, numbers. */
  static String lockFree(Platform platform, Numbers numbers, int most) {
    return platform.lockFirst(
        most,
        COLUMNS,
        "TRANCHE_PARTITION",
        "TRANCHE_PARTITION_CLAIM",
        FREE + numbers.condition(),
        LARGEST_FIRST);
  }

  /** Locks a partition that {@code execution} runs on {@code process}; empty if it does not. */
  static Optional<PartitionState> lock(
      Connection connection, PartitionKey key, long execution, String process) throws SQLException {
    return new Sql(HELD, key.layout(), key.number(), execution, process)
        .first(connection, PartitionRows::state);
  }

  static void started(Connection connection, List<Layouts.Claimed> claimed, String process)
      throws SQLException {
    List<Sql> rows = new ArrayList<>();
    for (Layouts.Claimed each : claimed) {
      PartitionState now = each.partition();
      rows.add(
          new Sql(
              STARTED,
              now.attempts(),
              now.owner(),
              now.execution(),
              process,
              now.tally(),
              now.key().layout(),
              now.key().number()));
    }
    Sql.updateAll(connection, rows);
  }

  /** As it was found, but for the owner. */
  static Sql givenBack(Layouts.Claimed claimed) {
    PartitionState before = claimed.before();
    return new Sql(
        GIVEN_BACK,
        before.status().name(),
        before.failure(),
        before.attempts(),
        before.execution(),
        before.key().layout(),
        before.key().number(),
        claimed.partition().owner());
  }

  static PartitionState state(ResultSet row) throws SQLException {
    return new PartitionState(
        new PartitionKey(row.getString("LAYOUT"), row.getInt("PARTITION_NUMBER")),
        row.getString("SLICE"),
        row.getLong("ESTIMATE"),
        PartitionState.Status.valueOf(row.getString("STATUS")),
        row.getInt("ATTEMPTS"),
        row.getLong("OWNER"),
        row.getLong("EXECUTION_ID"),
        Tallies.get(row),
        row.getString("FAILURE"));
  }
}
