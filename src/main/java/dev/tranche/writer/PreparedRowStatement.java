package dev.tranche.writer;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** One that is prepared once and executed for every chunk. */
abstract class PreparedRowStatement implements RowStatement {

  protected final PreparedStatement statement;

  PreparedRowStatement(PreparedStatement statement) {
    this.statement = statement;
  }

  @Override
  public void limit(int seconds) throws SQLException {
    statement.setQueryTimeout(seconds);
  }

  @Override
  public void cancel() throws SQLException {
    statement.cancel();
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
