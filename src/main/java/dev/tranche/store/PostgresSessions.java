package dev.tranche.store;

import dev.tranche.store.Platform.Blocker;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** Sessions of PostgreSQL: which one waits for which, and how one is ended. */
final class PostgresSessions {

  /** A process id is used again; with the moment it began it is not. */
  private static final String ID = "B.PID || '@' || extract(epoch from B.BACKEND_START)";

  /**
   * A session that works, or that waits for a lock itself, does not wait for its client. Ours are
   * those that go by the same name as the one that waits, and those that claimed a partition.
   */
  private static final String BLOCKERS = "select B.PID, "
      + ID
      + " SESSION_ID, B.USENAME, coalesce(B.APPLICATION_NAME, '') APPLICATION, B.STATE,"
      + " (B.STATE like 'idle in transaction%' or B.WAIT_EVENT_TYPE = 'Client') SILENT,"
      + " extract(epoch from clock_timestamp() - B.STATE_CHANGE) SECONDS,"
      + " (B.APPLICATION_NAME = W.APPLICATION_NAME"
      + " or exists (select 1 from TRANCHE_CHECKPOINT C where C.SESSION_ID = "
      + ID
      + ")) OURS"
      + " from PG_STAT_ACTIVITY W cross join unnest(pg_blocking_pids(W.PID)) P (PID)"
      + " join PG_STAT_ACTIVITY B on B.PID = P.PID where W.PID = ?";
  private static final String END =
      "select pg_terminate_backend(B.PID) from PG_STAT_ACTIVITY B where " + ID + " = ?";
  private static final String CANCEL = "select pg_cancel_backend(?)";

  private PostgresSessions() {}

  /** Empty for connections of another driver than PostgreSQL's own. */
  static OptionalLong own(Connection connection) throws SQLException {
    return DriverSession.number(connection, "org.postgresql.PGConnection", "getBackendPID");
  }

  static List<Blocker> blockers(Connection aside, long session, Duration silence)
      throws SQLException {
    return new Sql(BLOCKERS, (int) session).all(aside, row -> blocker(row, silence));
  }

  private static Blocker blocker(ResultSet row, Duration silence) throws SQLException {
    String who = "session " + row.getInt("PID") + " of user '" + row.getString("USENAME") + "'";
    if (row.getString("STATE") == null) {
      return new Blocker("", Blocker.Kind.HIDDEN, who);
    }
    double seconds = row.getDouble("SECONDS");
    boolean stopped = row.getBoolean("SILENT") && seconds * 1000 >= silence.toMillis();
    Blocker.Kind kind = !stopped
        ? Blocker.Kind.LIVES
        : row.getBoolean("OURS") ? Blocker.Kind.STOPPED : Blocker.Kind.FOREIGN;
    return new Blocker(
        row.getString("SESSION_ID"),
        kind,
        who + " ('" + row.getString("APPLICATION") + "', silent for " + (long) seconds + " s)");
  }

  static void end(Connection aside, Blocker blocker) throws SQLException {
    new Sql(END, blocker.session()).all(aside, row -> row.getBoolean(1));
  }

  static void cancel(Connection aside, long session) throws SQLException {
    new Sql(CANCEL, (int) session).all(aside, row -> row.getBoolean(1));
  }
}
