package dev.tranche.writer;

import java.sql.SQLException;

/**
 * Writes rows of the same columns into their table. One connection, one thread; only {@link #cancel}
 * is for others.
 */
interface RowStatement extends AutoCloseable {

  /** Writes them in the open transaction. */
  void write(BoundRows rows) throws SQLException;

  /** How long a write may take from now on. */
  void limit(int seconds) throws SQLException;

  void cancel() throws SQLException;

  @Override
  void close() throws SQLException;
}
