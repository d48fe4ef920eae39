package dev.tranche.store;

import dev.tranche.store.Platform.Blocker;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Sessions of MariaDB: which one waits for which, and how one is ended. */
final class MariaDbSessions {

  /** Numbers begin anew when the server does; with the second it began at, they are not the same. */
  private static final String ID =
      "concat(P.ID, '@', unix_timestamp() - cast(U.VARIABLE_VALUE as signed))";
  private static final String UPTIME =
      " join INFORMATION_SCHEMA.GLOBAL_STATUS U on U.VARIABLE_NAME = 'UPTIME'";

  /**
   * A session has no name here. Ours are those of the user and in the database of the one that
   * waits, and those that claimed a partition.
   */
  private static final String BLOCKERS = "select distinct P.ID, "
      + ID
      + " SESSION_ID, P.USER, coalesce(P.DB, '') DB, P.TIME_MS,"
      + " (P.COMMAND = 'Sleep' or P.STATE like '% net') SILENT,"
      + " (P.USER = M.USER and P.DB <=> M.DB"
      + " or exists (select 1 from TRANCHE_CHECKPOINT C where C.SESSION_ID = "
      + ID
      + ")) OURS"
      + " from INFORMATION_SCHEMA.INNODB_TRX W"
      + " join INFORMATION_SCHEMA.INNODB_LOCK_WAITS L on L.REQUESTING_TRX_ID = W.TRX_ID"
      + " join INFORMATION_SCHEMA.INNODB_TRX B on B.TRX_ID = L.BLOCKING_TRX_ID"
      + " join INFORMATION_SCHEMA.PROCESSLIST P on P.ID = B.TRX_MYSQL_THREAD_ID"
      + " join INFORMATION_SCHEMA.PROCESSLIST M on M.ID = W.TRX_MYSQL_THREAD_ID"
      + UPTIME
      + " where W.TRX_MYSQL_THREAD_ID = ?";
  private static final String STILL_THERE =
      "select P.ID from INFORMATION_SCHEMA.PROCESSLIST P" + UPTIME + " where " + ID + " = ?";

  private static final int MAY_NOT_KILL = 1095;
  private static final int GONE = 1094;

  private MariaDbSessions() {}

  /** An expression: {@link #ID} of the session that evaluates it. */
  static String own() {
    return "(select "
        + ID
        + " from (select connection_id() ID) P"
        + UPTIME
        + ")";
  }

  static List<Blocker> blockers(Connection aside, long session, Duration silence)
      throws SQLException {
    return new Sql(BLOCKERS, session).all(aside, row -> blocker(row, silence));
  }

  private static Blocker blocker(ResultSet row, Duration silence) throws SQLException {
    double millis = row.getDouble("TIME_MS");
    boolean stopped = row.getBoolean("SILENT") && millis >= silence.toMillis();
    Blocker.Kind kind = !stopped
        ? Blocker.Kind.LIVES
        : row.getBoolean("OURS") ? Blocker.Kind.STOPPED : Blocker.Kind.FOREIGN;
    return new Blocker(
        row.getString("SESSION_ID"),
        kind,
        "session %d of user '%s' (in '%s', silent for %d s)"
            .formatted(
                row.getLong("ID"),
                row.getString("USER"),
                row.getString("DB"),
                (long) (millis / 1000)));
  }

  static void end(Connection aside, Blocker blocker) throws SQLException {
    Optional<Long> there =
        new Sql(STILL_THERE, blocker.session()).first(aside, row -> row.getLong(1));
    if (there.isPresent()) {
      kill(aside, "kill connection " + there.get());
    }
  }

  static void cancel(Connection aside, long session) throws SQLException {
    kill(aside, "kill query " + session);
  }

  private static void kill(Connection aside, String kill) throws SQLException {
    try (Statement statement = aside.createStatement()) {
      statement.execute(kill);
    } catch (SQLException error) {
      if (error.getErrorCode() == MAY_NOT_KILL) {
        throw new SQLException(error.getMessage(), "42501", error);
      }
      if (error.getErrorCode() != GONE) {
        throw error;
      }
    }
  }
}
