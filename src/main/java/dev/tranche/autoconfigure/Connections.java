package dev.tranche.autoconfigure;

import com.zaxxer.hikari.HikariDataSource;
import dev.tranche.NamedConnections;
import dev.tranche.store.Database;
import dev.tranche.store.Databases;
import dev.tranche.store.Durability;
import dev.tranche.store.Schema;
import dev.tranche.store.TakeOver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.EmbeddedDatabaseConnection;
import org.springframework.boot.sql.init.DatabaseInitializationMode;

/**
 * The databases that jobs use: the job repository's, and those that are named. Nothing is connected
 * to before it is used. Safe for all threads.
 */
final class Connections implements NamedConnections, AutoCloseable {

  private static final Log log = LogFactory.getLog(Connections.class);
  private static final String REPOSITORY = "default";

  // -- given --
  private final Databases databases;
  private final Database heartbeat;
  private final DatabaseInitializationMode standard;
  private final Map<String, DatabaseInitializationMode> initialization;
  private final List<HikariDataSource> pools;
  private final String tablePrefix;

  // -- so far --
  private final Set<Database> ready = ConcurrentHashMap.newKeySet();
  private volatile boolean serviceReady;

  private Connections(
      Databases databases,
      Database heartbeat,
      DatabaseInitializationMode standard,
      Map<String, DatabaseInitializationMode> initialization,
      List<HikariDataSource> pools,
      String tablePrefix) {
    this.databases = databases;
    this.heartbeat = heartbeat;
    this.standard = standard;
    this.initialization = initialization;
    this.pools = pools;
    this.tablePrefix = tablePrefix;
  }

  /** @param tablePrefix of Spring Batch's tables */
  static Connections of(
      DataSource repository, TrancheProperties properties, String tablePrefix) {
    List<HikariDataSource> pools = new ArrayList<>();
    List<Database> named = new ArrayList<>();
    Map<String, DatabaseInitializationMode> initialization = new HashMap<>();
    properties
        .connections()
        .forEach(
            (name, connection) -> {
              HikariDataSource pool = pool(name, connection);
              pool.setConnectionTimeout(millisToWait(properties.patience()));
              pools.add(pool);
              named.add(new Database(name, pool, takeOver(aside(pool, pools), properties)));
              if (connection.initializeSchema() != null) {
                initialization.put(name, connection.initializeSchema());
              }
            });
    DataSource aside = aside(repository, pools);
    Database beat = new Database(REPOSITORY, aside);
    Database own = new Database(REPOSITORY, repository, takeOver(aside, properties));
    return new Connections(
        new Databases(own, named),
        beat,
        properties.initializeSchema(),
        initialization,
        pools,
        tablePrefix);
  }

  private static TakeOver takeOver(DataSource aside, TrancheProperties properties) {
    return new TakeOver(aside, properties.takeover(), properties.lease());
  }

  private static HikariDataSource pool(String name, TrancheProperties.Connection connection) {
    if (name.equals(REPOSITORY)) {
      throw new IllegalArgumentException(
          "tranche.connections.default: 'default' is the job repository's database, which is set as"
              + " spring.datasource.url. Use another name");
    }
    HikariDataSource pool = new HikariDataSource();
    pool.setPoolName("tranche-" + name);
    pool.setJdbcUrl(connection.url());
    pool.setUsername(connection.username());
    pool.setPassword(connection.password());
    pool.setMaximumPoolSize(connection.pool());
    pool.setMinimumIdle(0);
    pool.setInitializationFailTimeout(-1);
    return pool;
  }

  /** As long as Hikari waits by itself, but no longer than patience is. */
  private static long millisToWait(Duration patience) {
    return Math.max(250, Math.min(30_000, patience.toMillis()));
  }

  /**
   * A connection that no run can take, for the heartbeat and for whoever looks after those that
   * wait, where it can be told how to make one.
   */
  private static DataSource aside(DataSource shared, List<HikariDataSource> pools) {
    try {
      HikariDataSource pool =
          DataSourceBuilder.derivedFrom(shared).type(HikariDataSource.class).build();
      pool.setPoolName("tranche-aside-" + pools.size());
      pool.setMaximumPoolSize(1);
      pool.setMinimumIdle(0);
      pool.setConnectionTimeout(5_000);
      pool.setInitializationFailTimeout(-1);
      pools.add(pool);
      return pool;
    } catch (RuntimeException unknownKind) {
      log.debug("The heartbeat shares the application's connections", unknownKind);
      return shared;
    }
  }

  Databases databases() {
    return databases;
  }

  @Override
  public DataSource dataSource(String name) {
    Database found = databases.find(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "there is no connection '" + name + "'. Known: " + String.join(", ", databases.names())
              + ". Name others as tranche.connections." + name + ".url and so on");
    }
    return found.dataSource();
  }

  /** The job repository's database, by connections that nobody else takes. */
  Database heartbeat() {
    return heartbeat;
  }

  /** Makes sure, once for each, that a database keeps what it commits and has our tables. */
  void ready(Database database) {
    if (ready.contains(database)) {
      return;
    }
    Durability.require(database);
    tables(
        database,
        database.name().equals(REPOSITORY) ? Schema.Part.REPOSITORY : Schema.Part.TARGET);
    ready.add(database);
  }

  /** The job repository's database, which has the tables of a service from the first call on. */
  Database readyForService() {
    Database repository = databases.repository();
    if (!serviceReady) {
      ready(repository);
      tables(repository, Schema.Part.SERVICE);
      serviceReady = true;
    }
    return repository;
  }

  private void tables(Database database, Schema.Part part) {
    if (mayCreate(database)) {
      Schema.initialize(database, part, tablePrefix);
    } else {
      Schema.check(database, part);
    }
  }

  private boolean mayCreate(Database database) {
    return switch (initialization.getOrDefault(database.name(), standard)) {
      case ALWAYS -> true;
      case NEVER -> false;
      case EMBEDDED -> EmbeddedDatabaseConnection.isEmbedded(database.dataSource());
    };
  }

  @Override
  public void close() {
    pools.forEach(HikariDataSource::close);
  }
}
