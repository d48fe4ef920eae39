package dev.tranche.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
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

  private PartitionRows() {}

  /**
   * Locks the largest partition that {@code execution} may claim. One that somebody else is at comes
   * last and is waited for: it may be free again, if he fails, or was stopped with the row locked.
   *
   * <p>To be the first in a transaction. Whoever waits holds nothing: on MariaDB a scan leaves the
   * index entries locked that did not fit, and two claimers that wait with them deadlock.
   */
  static Optional<PartitionState> lockFree(
      Connection connection,
      Platform platform,
      String layout,
      long execution,
      String process,
      @Nullable Collection<Integer> only)
      throws SQLException {
    Numbers numbers = Numbers.of(only);
    Free free = new Free(layout, execution, process, numbers);
    while (true) {
      Optional<PartitionState> first = free.first(connection, lockFree(platform, numbers));
      if (first.isPresent()) {
        return first;
      }
      String held = SELECT + " where " + FREE + numbers.condition() + " fetch first 1 row only";
      Optional<PartitionState> next = free.first(connection, held);
      if (next.isEmpty()) {
        return next;
      }
      connection.rollback();
      new Sql(AWAIT, next.get().key().layout(), next.get().key().number())
          .first(connection, row -> true);
      connection.rollback();
    }
  }

  /** The parameters of {@link #FREE}. */
  private record Free(String layout, long execution, String process, Numbers numbers) {

    Optional<PartitionState> first(Connection connection, String query) throws SQLException {
      try (PreparedStatement statement = connection.prepareStatement(query)) {
        statement.setString(1, layout);
        statement.setLong(2, execution);
        statement.setString(3, layout);
        statement.setLong(4, execution);
        statement.setString(5, process);
        numbers.set(statement, 6);
        try (ResultSet rows = statement.executeQuery()) {
          return rows.next() ? Optional.of(state(rows)) : Optional.empty();
        }
      }
    }
  }

  /** The query of a claim: layout, execution, layout, execution, process, numbers. */
  static String lockFree(Platform platform, Numbers numbers) {
    return platform.lockFirst(
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

  static void started(Connection connection, PartitionState claimed, String process)
      throws SQLException {
    new Sql(
            STARTED,
            claimed.attempts(),
            claimed.owner(),
            claimed.execution(),
            process,
            claimed.tally(),
            claimed.key().layout(),
            claimed.key().number())
        .update(connection);
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
