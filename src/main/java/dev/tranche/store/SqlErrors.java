package dev.tranche.store;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;

/** What an error of a database means for what was asked of it. Looks through all causes. */
public final class SqlErrors {

  private static final String CONNECTION = "08";
  private static final String AUTHORIZATION = "28";
  private static final String DATA = "22";
  private static final String INTEGRITY = "23";
  private static final String ROLLBACK = "40";

  /** Of class 40, and yet nobody knows what became of the statement. */
  private static final String COMPLETION_UNKNOWN = "40003";

  private static final Set<String> OUTAGE = Set.of(
      "57P01", // admin shutdown, also of one session
      "57P02", // crash shutdown
      "57P03", // cannot connect now: starting or stopping
      "57P05", // idle session timeout
      "25P03", // idle in transaction session timeout
      "25P04", // transaction timeout, which ends the session
      "53300", // too many connections
      "90007", // H2: the object is already closed
      "90020", // H2: the file is locked by another process
      "90067", // H2: connection broken
      "90098", // H2: the database has been closed
      "90121", // H2: called at shutdown
      "90135"); // H2: exclusive mode

  private static final Set<String> TRANSIENT = Set.of(
      "55P03", // lock not available
      "57014", // cancelled, as by a query timeout
      "HYT00", // timeout; H2: lock timeout
      "90131"); // H2: concurrent update

  /** Numbers of MariaDB's whose SQLState says little. */
  private static final Set<Integer> MARIADB_OUTAGE = Set.of(
      1053, // server shutdown
      1203, // too many connections of this user
      1226, // the same, by another limit
      1927); // the connection was killed

  private static final Set<Integer> MARIADB_TRANSIENT = Set.of(
      1020, // the record has changed since it was read
      1205, // lock wait timeout
      1206, // too many locks
      1317, // the query was interrupted
      1637, // too many transactions at once
      1969); // the query took longer than it may

  /** States under which MariaDB tells what only its number tells apart. */
  private static final Set<String> MARIADB_VAGUE = Set.of("HY000", "70100", "42000", "08S01");

  /** What HikariCP says, without a SQLState, on a connection that it closed or aborted. */
  private static final String CLOSED = "Connection is closed";

  private SqlErrors() {}

  /** Whether the database is away: the same may work on a new connection, later. */
  public static boolean isOutage(Throwable error) {
    List<Link> links = links(error);
    return any(links, SqlErrors::saysAway) && !any(links, link -> link.isOf(AUTHORIZATION));
  }

  private static boolean saysAway(Link link) {
    Throwable error = link.error;
    return link.isOf(CONNECTION)
        || OUTAGE.contains(link.state())
        || link.isOf(MARIADB_OUTAGE)
        || error instanceof SQLTransientConnectionException
        || error instanceof SQLRecoverableException
        || error instanceof RecoverableDataAccessException
        || (error instanceof SQLException && CLOSED.equals(error.getMessage()))
        || (link.inDatabase && error instanceof IOException io && isBrokenWire(io));
  }

  private static boolean isBrokenWire(IOException error) {
    return error instanceof SocketException
        || error instanceof SocketTimeoutException
        || error instanceof UnknownHostException
        || error instanceof EOFException
        || error instanceof ClosedChannelException
        || error instanceof SSLException;
  }

  /** Whether the same statements may work at once in a new transaction: deadlock, time-out, … */
  public static boolean isTransient(Throwable error) {
    List<Link> links = links(error);
    return any(links, SqlErrors::saysTransient) && !isOutage(error);
  }

  private static boolean saysTransient(Link link) {
    return link.isRollback()
        || TRANSIENT.contains(link.state())
        || link.isOf(MARIADB_TRANSIENT)
        || (link.error instanceof SQLTransientException
            && !(link.error instanceof SQLTransientConnectionException))
        || link.error instanceof TransientDataAccessException;
  }

  /** Whether a COMMIT that failed so was certainly rolled back: SQLState class 23 or 40. */
  public static boolean isRolledBack(Throwable error) {
    List<Link> links = links(error);
    return any(links, link -> link.isOf(INTEGRITY) || link.isRollback()) && !isOutage(error);
  }

  /** Whether the database refused values, or rows that break its rules: SQLState class 22 or 23. */
  public static boolean isData(Throwable error) {
    List<Link> links = links(error);
    return any(
            links,
            link ->
                link.isOf(INTEGRITY)
                    || link.isOf(DATA)
                    || link.error instanceof DataIntegrityViolationException)
        && !isOutage(error);
  }

  private static boolean any(List<Link> links, Predicate<Link> says) {
    return links.stream().anyMatch(says);
  }

  /** All errors behind {@code error}: causes, and what a batch chained. */
  private static List<Link> links(Throwable error) {
    List<Link> links = new ArrayList<>();
    collect(error, false, Collections.newSetFromMap(new IdentityHashMap<>()), links);
    return links;
  }

  private static void collect(
      @Nullable Throwable error, boolean below, Set<Throwable> seen, List<Link> links) {
    if (error == null || !seen.add(error)) {
      return;
    }
    boolean inDatabase =
        below || error instanceof SQLException || error instanceof DataAccessException;
    links.add(new Link(error, inDatabase));
    collect(error.getCause(), inDatabase, seen, links);
    if (error instanceof SQLException sql) {
      collect(sql.getNextException(), true, seen, links);
    }
  }

  /**
   * One error of a chain.
   *
   * @param inDatabase whether a database's error led to it: a socket may well be somebody else's
   */
  private record Link(Throwable error, boolean inDatabase) {

    String state() {
      String state = error instanceof SQLException sql ? sql.getSQLState() : null;
      return state == null ? "" : state;
    }

    boolean isOf(String stateClass) {
      return state().startsWith(stateClass);
    }

    boolean isOf(Set<Integer> mariadb) {
      return MARIADB_VAGUE.contains(state())
          && error instanceof SQLException sql
          && mariadb.contains(sql.getErrorCode());
    }

    boolean isRollback() {
      return isOf(ROLLBACK) && !state().equals(COMPLETION_UNKNOWN);
    }
  }
}
