package dev.tranche.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A fresh, empty PostgreSQL database.
 *
 * <p>All databases of a test JVM live in one embedded server, started at the first use and stopped
 * with the JVM. The environment variable {@code TRANCHE_TEST_POSTGRES} names another server instead:
 * a JDBC URL with user and password of a superuser. Safe for all threads.
 */
public final class Postgres implements AutoCloseable {

  private static final String SERVER = "TRANCHE_TEST_POSTGRES";
  private static final Set<String> OPEN = ConcurrentHashMap.newKeySet();
  private static @Nullable PGSimpleDataSource server;

  private final PGSimpleDataSource dataSource;

  private Postgres(PGSimpleDataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Creates a database with a random name. */
  public static Postgres database() {
    String name = "t_" + UUID.randomUUID().toString().replace("-", "");
    PGSimpleDataSource admin = server();
    execute(admin, "create database " + name);
    OPEN.add(name);
    return new Postgres(in(admin, name));
  }

  /** Connections without a pool; every one is a session of its own. */
  public DataSource dataSource() {
    return dataSource;
  }

  /** The JDBC URL, without user and password. */
  public String url() {
    return "jdbc:postgresql://"
        + Objects.requireNonNull(dataSource.getServerNames())[0]
        + ":"
        + dataSource.getPortNumbers()[0]
        + "/"
        + name();
  }

  public String name() {
    return Objects.requireNonNull(dataSource.getDatabaseName());
  }

  public String username() {
    return Objects.requireNonNullElse(dataSource.getUser(), "");
  }

  public String password() {
    return Objects.requireNonNullElse(dataSource.getPassword(), "");
  }

  /** Ends all sessions of this database, as an administrator would; returns how many. */
  public int terminateSessions() {
    try (Connection connection = server().getConnection();
        Statement statement = connection.createStatement();
        var result = statement.executeQuery(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '"
                + name()
                + "'")) {
      result.next();
      return result.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Drops the database, whoever is connected. */
  @Override
  public void close() {
    execute(server(), "drop database if exists " + name() + " with (force)");
    OPEN.remove(name());
  }

  /** Databases of this JVM that are not closed yet. */
  static Set<String> open() {
    return Set.copyOf(OPEN);
  }

  private static synchronized PGSimpleDataSource server() {
    PGSimpleDataSource known = server;
    if (known == null) {
      String url = System.getenv(SERVER);
      known = url == null ? embedded() : given(url);
      server = known;
    }
    return known;
  }

  private static PGSimpleDataSource embedded() {
    try {
      // Stopped by a shutdown hook of its own.
      int port = EmbeddedPostgres.builder().start().getPort();
      return given("jdbc:postgresql://localhost:" + port + "/postgres?user=postgres");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PGSimpleDataSource given(String url) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setURL(url);
    return dataSource;
  }

  private static PGSimpleDataSource in(PGSimpleDataSource admin, String name) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setServerNames(admin.getServerNames());
    dataSource.setPortNumbers(admin.getPortNumbers());
    dataSource.setDatabaseName(name);
    dataSource.setUser(admin.getUser());
    dataSource.setPassword(admin.getPassword());
    return dataSource;
  }

  private static void execute(DataSource dataSource, String sql) {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
