package dev.tranche.store;

import dev.tranche.store.Platform.Blocker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Protocol 4: ends the sessions that a stopped process left with locks in its hands.
 *
 * <p>A process that was paused, or whose machine went away, may hold rows that its successor needs;
 * the database keeps them for it for as long as the connection stands. Whoever waits for a lock of
 * Tranche's tables for too long has its blockers looked at, from a connection aside. A blocker whose
 * client has been silent in its transaction for a whole lease is ended. That is always safe: what it
 * did is rolled back, and it could not have committed. Safe for all threads.
 */
public final class TakeOver {

  private static final Log log = LogFactory.getLog(TakeOver.class);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  /** How long its thread outlives the work, so that whoever closes all has nothing more to close. */
  private static final Duration IDLE = Duration.ofMillis(100);

  private static final String FORBIDDEN = "42501";

  /** Of MariaDB, where it takes a right to see locks at all. */
  private static final int MARIADB_DENIED = 1227;

  private final DataSource aside;
  private final Duration patience;
  private final Duration lease;
  private final ScheduledThreadPoolExecutor looks;
  private final AtomicBoolean toldThatDenied = new AtomicBoolean();

  /**
   * @param aside connections to the same database that nobody who waits can keep to himself
   * @param patience how long something may wait before its blockers are looked at
   * @param lease how long the client of a session must be silent to be taken for stopped
   */
  public TakeOver(DataSource aside, Duration patience, Duration lease) {
    this.aside = aside;
    this.patience = patience;
    this.lease = lease;
    this.looks = new ScheduledThreadPoolExecutor(1, TakeOver::thread);
    looks.setRemoveOnCancelPolicy(true);
    looks.setKeepAliveTime(IDLE.toMillis(), TimeUnit.MILLISECONDS);
    looks.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(Runnable look) {
    Thread thread = new Thread(look, "tranche-takeover");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Does {@code work} on {@code connection}, and ends what keeps it waiting if that was stopped.
   *
   * @param database in words
   * @throws SQLException what {@code work} threw, or that a blocker may not be ended by this user
   */
  <T, E extends Exception> T during(
      String database, Connection connection, Platform platform, Database.Work<T, E> work)
      throws SQLException, E {
    OptionalLong session = platform.session(connection);
    if (session.isEmpty()) {
      return work.on(connection, platform);
    }
    Watch watch = new Watch(database, platform, session.getAsLong());
    Future<?> looking = looks.scheduleWithFixedDelay(
        watch::look,
        patience.toMillis(),
        Math.min(LOOK_AGAIN.toMillis(), patience.toMillis()),
        TimeUnit.MILLISECONDS);
    try {
      return work.on(connection, platform);
    } catch (SQLException error) {
      throw watch.explained(error);
    } finally {
      looking.cancel(false);
      watch.close();
    }
  }

  /** Looks after one session as long as its work lasts. */
  private final class Watch {

    private final String database;
    private final Platform platform;
    private final long session;
    private final long since = System.nanoTime();
    private boolean closed;
    private @Nullable String warned;
    private @Nullable String forbidden;

    private Watch(String database, Platform platform, long session) {
      this.database = database;
      this.platform = platform;
      this.session = session;
    }

    /** Waits for a look that is under way: later, the session may do somebody else's work. */
    private synchronized void close() {
      closed = true;
    }

    private synchronized void look() {
      if (closed) {
        return;
      }
      try (Connection connection = aside.getConnection()) {
        connection.setAutoCommit(true);
        for (Blocker blocker : platform.blockers(connection, session, lease)) {
          judge(connection, blocker);
        }
      } catch (SQLException | RuntimeException failure) {
        if (failure instanceof SQLException error && error.getErrorCode() == MARIADB_DENIED) {
          warnOnce(error);
        }
        log.debug("Who holds a lock in " + database + " could not be seen", failure);
      }
    }

    private void warnOnce(SQLException denied) {
      if (!toldThatDenied.getAndSet(true)) {
        log.warn(database
            + ": what a stopped process holds locked is waited for, since this user may not see who"
            + " holds it: "
            + denied.getMessage()
            + ". Grant it "
            + String.join(" and ", platform.rightsToEnd()));
      }
    }

    private void judge(Connection connection, Blocker blocker) throws SQLException {
      switch (blocker.kind()) {
        case STOPPED -> end(connection, blocker);
        case FOREIGN -> warn(blocker);
        case HIDDEN -> {
          if (System.nanoTime() - since >= lease.toNanos()) {
            forbid(connection, blocker);
          }
        }
        case LIVES -> {
          // It will let go, or be silent for long enough.
        }
      }
    }

    private void end(Connection connection, Blocker blocker) throws SQLException {
      try {
        platform.end(connection, blocker);
        log.warn(database
            + ": ended "
            + blocker.description()
            + ", which a stopped process left with locks in its hands");
      } catch (SQLException failure) {
        if (!FORBIDDEN.equals(failure.getSQLState())) {
          throw failure;
        }
        forbid(connection, blocker);
      }
    }

    private void warn(Blocker blocker) {
      if (!blocker.session().equals(warned)) {
        warned = blocker.session();
        log.warn(database
            + ": waiting for "
            + blocker.description()
            + ", which holds a lock of Tranche's tables and is none of Tranche's sessions. It goes"
            + " on when that one ends its transaction");
      }
    }

    private void forbid(Connection connection, Blocker blocker) throws SQLException {
      forbidden = blocker.description()
          + " holds a lock that its process, which stopped, does not let go, and this user may not"
          + " end that session. Grant it "
          + String.join(" and ", platform.rightsToEnd())
          + ", or end the session yourself";
      platform.cancel(connection, session);
    }

    /** Not with {@code error} as its cause: being cancelled is transient, and this is not. */
    private synchronized SQLException explained(SQLException error) {
      if (forbidden == null) {
        return error;
      }
      SQLException explained = new SQLException(forbidden, FORBIDDEN);
      explained.addSuppressed(error);
      return explained;
    }
  }
}
