package dev.tranche.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * A database by the name users give it; {@code default} is the job repository's.
 *
 * <p>Safe for all threads. The product is asked for at the first use, not before.
 */
public final class Database {

  private final String name;
  private final DataSource dataSource;

  public Database(String name, DataSource dataSource) {
    this.name = name;
    this.dataSource = dataSource;
  }

  public String name() {
    return name;
  }

  public DataSource dataSource() {
    return dataSource;
  }

  /** A connection from the pool, in READ COMMITTED and without auto-commit. */
  public Connection connect() throws SQLException {
    throw new UnsupportedOperationException();
  }

  /** The product. */
  public Platform platform() throws SQLException {
    throw new UnsupportedOperationException();
  }
}
