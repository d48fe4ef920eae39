package dev.tranche.reader;

import dev.tranche.partition.InputException;
import dev.tranche.store.Database;
import dev.tranche.store.Platform;
import dev.tranche.store.SqlErrors;
import dev.tranche.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection for a few short queries, each of which sees what is committed when it begins. No
 * cursor and no transaction outlives it. One thread.
 */
final class SourceSession implements AutoCloseable {

  /** After the limit of a query, for the cancelling to come through before the socket is given up. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Connection connection;
  private final boolean isPostgres;
  private final @Nullable Duration limit;
  private final int networkTimeout;
  private final boolean isInUtc;
  private final String zone;

  /** @param inUtc whether the session must be in UTC, as for times of MariaDB's */
  SourceSession(Database database, boolean inUtc) throws SQLException {
    this(database, inUtc, null);
  }

  /** @param limit how long a query may take; null: as long as it takes */
  private SourceSession(Database database, boolean inUtc, @Nullable Duration limit)
      throws SQLException {
    this.connection = database.connect();
    this.isPostgres = database.platform() == Platform.POSTGRESQL;
    this.limit = limit;
    this.isInUtc = inUtc;
    try {
      this.networkTimeout = connection.getNetworkTimeout();
      if (limit != null) {
        networkTimeout((int) Math.min(Integer.MAX_VALUE, limit.plus(GRACE).toMillis()));
      }
      this.zone = inUtc ? zone() : "";
      if (inUtc) {
        zone("+00:00");
      }
    } catch (SQLException | RuntimeException failure) {
      connection.close();
      throw failure;
    }
  }

  /** What is asked of a database. */
  @FunctionalInterface
  interface Question<T> {
    T ask(SourceSession session) throws SQLException;
  }

  /**
   * Asks it in a session of its own.
   *
   * @throws StoreException if the database is away
   * @throws InputException if it refuses
   */
  static <T> T ask(Database database, boolean inUtc, Question<T> question) {
    return ask(database, inUtc, null, question);
  }

  /**
   * The same, with a limit for each query.
   *
   * @param limit past which the database is as good as away; null: none
   */
  static <T> T ask(
      Database database, boolean inUtc, @Nullable Duration limit, Question<T> question) {
    try (SourceSession session = new SourceSession(database, inUtc, limit)) {
      return question.ask(session);
    } catch (SQLException failure) {
      String message = "database '" + database.name() + "': " + failure.getMessage();
      if (SqlErrors.isOutage(failure) || SqlErrors.isTransient(failure)) {
        throw new StoreException(message, failure);
      }
      throw new InputException(message, failure);
    }
  }

  Connection connection() {
    return connection;
  }

  /** What becomes of a row. */
  @FunctionalInterface
  interface Reading<T> {
    T read(ResultSet row) throws SQLException;
  }

  <T> List<T> query(String sql, Clause where, Reading<T> reading) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      return query(statement, where, reading);
    }
  }

  /** The same of many rows, which come as texts where the driver has them so. */
  <T> List<T> page(String sql, Clause where, Reading<T> reading) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      if (isPostgres) {
        PostgresResults.askForTexts(statement);
      }
      return query(statement, where, reading);
    }
  }

  private <T> List<T> query(PreparedStatement statement, Clause where, Reading<T> reading)
      throws SQLException {
    if (limit != null) {
      statement.setQueryTimeout((int) Math.max(1, limit.plusMillis(999).toSeconds()));
    }
    where.bind(statement, 1);
    try (ResultSet rows = statement.executeQuery()) {
      List<T> all = new ArrayList<>();
      while (rows.next()) {
        all.add(reading.read(rows));
      }
      return all;
    }
  }

  private String zone() throws SQLException {
    return query("select @@time_zone", Clause.NONE, row -> row.getString(1)).get(0);
  }

  private void zone(String other) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("set session time_zone = ?")) {
      statement.setString(1, other);
      statement.execute();
    }
  }

  private void networkTimeout(int millis) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, millis);
  }

  @Override
  public void close() throws SQLException {
    try (Connection closed = connection) {
      if (isInUtc) {
        zone(zone);
      }
      if (limit != null) {
        networkTimeout(networkTimeout);
      }
    }
  }
}
