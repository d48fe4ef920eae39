package dev.tranche.cli;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * An H2 file database with {@code AUTO_SERVER}: the process that opened it first hosts it, and takes
 * it away from the others when it ends.
 */
final class HostedDatabase {

  /*
   * H2 fills SERVER in the sessions of those who came over the network. So this process is the host
   * if its own session has none, and the guests are the sessions that have one.
   */
  private static final String GUESTS =
      "select count(*) from information_schema.sessions where server is not null and exists ("
          + "select 1 from information_schema.sessions"
          + " where session_id = session_id() and server is null)";

  private final DataSource database;

  HostedDatabase(DataSource database) {
    this.database = database;
  }

  /** Returns once no other process uses the database; at once if this process is not its host. */
  void awaitGuests(Terminal terminal) {
    try (Connection connection = database.getConnection()) {
      long guests = guests(connection);
      if (guests > 0) {
        terminal
            .err()
            .println("This process hosts the database, and "
                + Words.count(guests, "session")
                + " of other processes use it: waiting until they are gone. Ctrl-C leaves.");
        terminal.err().flush();
      }
      while (guests > 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        guests = guests(connection);
      }
    } catch (SQLException e) {
      // Nobody to wait for: the database went away before this process did.
    }
  }

  private static long guests(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(GUESTS)) {
      result.next();
      return result.getLong(1);
    }
  }
}
