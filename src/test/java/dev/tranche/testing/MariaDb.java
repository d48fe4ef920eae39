package dev.tranche.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A fresh, empty MariaDB database.
 *
 * <p>All databases of a test JVM live in one server, the machine's own {@code mariadbd} on files of
 * its own, started at the first use and stopped with the JVM. The environment variable {@code
 * TRANCHE_TEST_MARIADB} names another server instead: a JDBC URL with {@code ?user=} and
 * {@code &password=} of an administrator. Where there is neither, the test is skipped and says so. Safe for all threads.
 */
public final class MariaDb implements AutoCloseable {

  private static final String SERVER = "TRANCHE_TEST_MARIADB";
  private static final String MISSING =
      "skipped, as there is no MariaDB here: install it (on Debian:"
          + " apt-get install mariadb-server-core mariadb-client-core), or let "
          + SERVER
          + " be the JDBC URL of a server, with user and password of an administrator";
  private static final int UNKNOWN_SESSION = 1094;
  private static final Set<String> OPEN = ConcurrentHashMap.newKeySet();
  private static @Nullable String server;

  private final String url;
  private final String name;

  /** @param url of the server, with user and password of an administrator */
  private MariaDb(String url, String name) {
    this.url = url;
    this.name = name;
  }

  /** Whether tests on MariaDB are run, or skipped. */
  public static boolean isThere() {
    return System.getenv(SERVER) != null || MariaDbServer.isInstalled();
  }

  /** Whether the server is one that tests have started, and not one that was named. */
  public static boolean isOwn() {
    return System.getenv(SERVER) == null && MariaDbServer.isInstalled();
  }

  /** Creates a database with a random name. */
  public static MariaDb database() {
    return databaseAt(server());
  }

  /** Creates a database with a random name on a server of the caller's. */
  public static MariaDb database(MariaDbServer server) {
    return databaseAt(server.url());
  }

  private static MariaDb databaseAt(String url) {
    MariaDb database = new MariaDb(url, "t_" + UUID.randomUUID().toString().replace("-", ""));
    database.execute("create database " + database.name + " character set utf8mb4");
    OPEN.add(database.name);
    return database;
  }

  /** The JDBC URL, without user and password. */
  public String url() {
    return url.replaceFirst("(//[^/?]+/).*", "$1" + name);
  }

  /** Connections without a pool; every one is a session of its own. */
  public DataSource dataSource() {
    return new DriverManagerDataSource(url(), username(), password());
  }

  public String username() {
    return given("user");
  }

  public String password() {
    return given("password");
  }

  private String given(String name) {
    Matcher option = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(url);
    return option.find() ? option.group(1) : "";
  }

  public String name() {
    return name;
  }

  /** Ends all sessions of this database, as an administrator would; returns how many. */
  public int terminateSessions() {
    String find = "select ID from information_schema.PROCESSLIST where DB = '" + name + "'";
    int ended = 0;
    try (Connection admin = DriverManager.getConnection(url);
        Statement statement = admin.createStatement();
        Statement kill = admin.createStatement();
        var sessions = statement.executeQuery(find)) {
      while (sessions.next()) {
        ended += kill(kill, sessions.getLong(1)) ? 1 : 0;
      }
      return ended;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** @return whether it was there; it may have ended by itself meanwhile */
  private static boolean kill(Statement statement, long session) throws SQLException {
    try {
      statement.execute("kill connection " + session);
      return true;
    } catch (SQLException error) {
      if (error.getErrorCode() == UNKNOWN_SESSION) {
        return false;
      }
      throw error;
    }
  }

  /** Drops the database, whoever is connected. */
  @Override
  public void close() {
    terminateSessions();
    execute("drop database if exists " + name);
    OPEN.remove(name);
  }

  /** Databases of this JVM that are not closed yet. */
  static Set<String> open() {
    return Set.copyOf(OPEN);
  }

  private void execute(String sql) {
    try (Connection admin = DriverManager.getConnection(url);
        Statement statement = admin.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static synchronized String server() {
    String known = server;
    if (known == null) {
      String given = System.getenv(SERVER);
      known = given == null ? started() : given;
      server = known;
    }
    return known;
  }

  private static String started() {
    Assumptions.assumeTrue(isThere(), MISSING);
    MariaDbServer started = MariaDbServer.start();
    Runtime.getRuntime().addShutdownHook(new Thread(started::close));
    return started.url();
  }
}
