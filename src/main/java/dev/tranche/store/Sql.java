package dev.tranche.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A statement and its parameters: strings, numbers, booleans, nulls, and whole tallies. */
record Sql(String text, @Nullable Object... parameters) {

  /** What becomes of a row. */
  @FunctionalInterface
  interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  /** Runs it; returns how many rows it changed. */
  int update(Connection connection) throws SQLException {
    try (PreparedStatement statement = prepare(connection)) {
      return statement.executeUpdate();
    }
  }

  /** Runs all of them, which are the same statement with other parameters, at once. */
  static int updateAll(Connection connection, List<Sql> alike) throws SQLException {
    if (alike.isEmpty()) {
      return 0;
    }
    try (PreparedStatement statement = connection.prepareStatement(alike.get(0).text)) {
      for (Sql each : alike) {
        each.set(statement);
        statement.addBatch();
      }
      return statement.executeBatch().length;
    }
  }

  /** Runs an insert of {@link Platform#ifAbsent}; false if the row is there already. */
  boolean insert(Connection connection, Platform platform) throws SQLException {
    try (PreparedStatement statement = platform.prepare(connection, platform.ifAbsent(text))) {
      set(statement);
      return platform.insert(statement);
    }
  }

  <T> List<T> all(Connection connection, Row<T> row) throws SQLException {
    try (PreparedStatement statement = prepare(connection);
        ResultSet rows = statement.executeQuery()) {
      List<T> all = new ArrayList<>();
      while (rows.next()) {
        all.add(row.of(rows));
      }
      return all;
    }
  }

  /** The first row, if there is one. */
  <T> Optional<T> first(Connection connection, Row<T> row) throws SQLException {
    try (PreparedStatement statement = prepare(connection);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? Optional.of(row.of(rows)) : Optional.empty();
    }
  }

  private PreparedStatement prepare(Connection connection) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(text);
    try {
      set(statement);
      return statement;
    } catch (SQLException error) {
      statement.close();
      throw error;
    }
  }

  private void set(PreparedStatement statement) throws SQLException {
    int next = 1;
    for (Object parameter : parameters) {
      if (parameter instanceof Tally tally) {
        Tallies.set(statement, next, tally);
        next += Tallies.SIZE;
      } else {
        statement.setObject(next++, parameter);
      }
    }
  }
}
