package dev.tranche.writer;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * A prepared statement that writes rows. One connection, one thread; only {@link #cancel} is for
 * others.
 */
abstract class RowStatement implements AutoCloseable {

  protected final PreparedStatement statement;

  RowStatement(PreparedStatement statement) {
    this.statement = statement;
  }

  abstract void write(BoundRows rows) throws SQLException;

  void limit(int seconds) throws SQLException {
    statement.setQueryTimeout(seconds);
  }

  void cancel() throws SQLException {
    statement.cancel();
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
