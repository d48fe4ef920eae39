package dev.tranche.testing;

import com.zaxxer.hikari.HikariDataSource;
import dev.tranche.store.Database;
import dev.tranche.store.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/**
 * Fresh databases of one product, for one test; closing it removes them. A parameter of tests
 * annotated with {@link EveryDatabase}.
 *
 * <p>Nothing is opened before it is asked for. One thread asks; what it gets is safe for all.
 */
public final class TestDatabase implements AutoCloseable {

  private static final int POOL = 24;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The products and ways to run them. */
  public enum Kind {
    /** As users run it: a file, every commit on disk. */
    H2_FILE,
    H2_MEMORY,
    POSTGRESQL,
    MARIADB;

    private boolean isH2() {
      return this == H2_FILE || this == H2_MEMORY;
    }
  }

  /** How to reach a database from outside this JVM, or without a pool. */
  public record Address(String url, String username, String password) {}

  private final Kind kind;
  private final Map<String, Database> databases = new HashMap<>();
  private final Map<String, Address> addresses = new HashMap<>();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private @Nullable Path directory;

  public TestDatabase(Kind kind) {
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** The job repository's database, named {@code default}, with all of Tranche's tables. */
  public Database repository() {
    return withTables("default", Schema.Part.REPOSITORY);
  }

  /** Another database, named {@code target}, with the tables that a target needs. */
  public Database target() {
    return withTables("target", Schema.Part.TARGET);
  }

  /** A database without tables; the same for the same name. */
  public Database empty(String name) {
    return databases.computeIfAbsent(name, this::create);
  }

  /** Where a database that was asked for before is. */
  public Address address(String name) {
    Address address = addresses.get(name);
    if (address == null) {
      throw new IllegalStateException("ask for database " + name + " first");
    }
    return address;
  }

  /** {@code name} as an identifier. */
  public String quoted(String name) {
    return kind == Kind.MARIADB
        ? '`' + name.replace("`", "``") + '`'
        : '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Returns as soon as a session of the database waits for a lock that another one holds. */
  public void awaitBlockedSession(String name) {
    String blocked = switch (kind) {
      case POSTGRESQL -> "select count(*) from pg_stat_activity"
          + " where wait_event_type = 'Lock' and datname = current_database()";
      // Of the whole server. INNODB_TRX is not read anew as long as somebody keeps asking.
      case MARIADB -> "select VARIABLE_VALUE from information_schema.GLOBAL_STATUS"
          + " where VARIABLE_NAME = 'INNODB_ROW_LOCK_CURRENT_WAITS'";
      case H2_FILE, H2_MEMORY ->
        "select count(*) from INFORMATION_SCHEMA.SESSIONS where BLOCKER_ID is not null";
    };
    await(
        "a blocked session in " + name,
        () -> JdbcClient.create(dataSource(name)).sql(blocked).query(Long.class).single() > 0);
  }

  private DataSource dataSource(String name) {
    Database database = databases.get(name);
    if (database == null) {
      throw new IllegalStateException("ask for database " + name + " first");
    }
    return database.dataSource();
  }

  private static void await(String what, BooleanSupplier seen) {
    long began = System.nanoTime();
    while (!seen.getAsBoolean()) {
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        throw new AssertionError("not seen within " + PATIENCE + ": " + what);
      }
      Thread.onSpinWait();
    }
  }

  private Database withTables(String name, Schema.Part part) {
    boolean known = databases.containsKey(name);
    Database database = empty(name);
    if (!known) {
      Schema.initialize(database, part);
    }
    return database;
  }

  private Database create(String name) {
    Address address = switch (kind) {
      case POSTGRESQL -> postgres();
      case MARIADB -> mariaDb();
      case H2_FILE, H2_MEMORY -> h2(name);
    };
    addresses.put(name, address);
    HikariDataSource pool = new HikariDataSource();
    pool.setPoolName(name);
    pool.setJdbcUrl(address.url());
    pool.setUsername(address.username());
    pool.setPassword(address.password());
    pool.setMaximumPoolSize(POOL);
    pool.setMinimumIdle(0);
    if (kind.isH2()) {
      open.push(() -> shutdown(address));
    }
    open.push(pool); // on top: closed before its database
    return new Database(name, pool);
  }

  private Address postgres() {
    Postgres postgres = Postgres.database();
    open.push(postgres);
    return new Address(postgres.url(), postgres.username(), postgres.password());
  }

  private Address mariaDb() {
    MariaDb mariaDb = MariaDb.database();
    open.push(mariaDb);
    return new Address(mariaDb.url(), mariaDb.username(), mariaDb.password());
  }

  private Address h2(String name) {
    String url = kind == Kind.H2_MEMORY
        ? "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1"
        : "jdbc:h2:file:" + directory().resolve(name) + ";WRITE_DELAY=0";
    // Threads of a busy machine may keep each other waiting for longer than the default of 2 s.
    return new Address(url + ";LOCK_TIMEOUT=30000", "sa", "");
  }

  private Path directory() {
    Path known = directory;
    if (known == null) {
      try {
        Path created = TemporaryFolder.create("h2");
        // At the far end: removed last.
        open.addLast(() -> FileSystemUtils.deleteRecursively(created));
        directory = created;
        return created;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return known;
  }

  private static void shutdown(Address address) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(address.url(), address.username(), address.password());
        Statement statement = connection.createStatement()) {
      statement.execute("shutdown immediately");
    }
  }

  @Override
  public void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  @Override
  public String toString() {
    return kind.name();
  }
}
