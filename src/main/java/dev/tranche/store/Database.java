package dev.tranche.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A database by the name users give it; {@code default} is the job repository's.
 *
 * <p>Safe for all threads. The product is asked for at the first use, not before.
 */
public final class Database {

  private static final String REPOSITORY = "default";

  private final String name;
  private final DataSource dataSource;
  private final @Nullable TakeOver takeOver;
  private final Borrowed.Asking asking = new Asked();
  private volatile @Nullable Platform platform;
  private volatile @Nullable Integer isolation;

  public Database(String name, DataSource dataSource) {
    this(name, dataSource, null);
  }

  /** @param takeOver what ends sessions of stopped processes; null: they are waited for */
  public Database(String name, DataSource dataSource, @Nullable TakeOver takeOver) {
    this.name = name;
    this.dataSource = dataSource;
    this.takeOver = takeOver;
  }

  public String name() {
    return name;
  }

  public DataSource dataSource() {
    return dataSource;
  }

  /**
   * A connection from the pool, in READ COMMITTED and without auto-commit, whatever the pool's own
   * settings are, and one that refuses values rather than change them. Closing it rolls back what is
   * not committed.
   */
  public Connection connect() throws SQLException {
    return Borrowed.of(dataSource.getConnection(), asking);
  }

  /**
   * The product.
   *
   * @throws StoreException if Tranche cannot keep its state in it
   */
  public Platform platform() throws SQLException {
    Platform known = platform;
    if (known != null) {
      return known;
    }
    try (Connection connection = dataSource.getConnection()) {
      return platform(connection);
    }
  }

  private Platform platform(Connection connection) throws SQLException {
    Platform known = platform;
    if (known == null) {
      known = Platform.of(connection.getMetaData(), describe());
      platform = known;
    }
    return known;
  }

  /** What is asked of a connection that is borrowed, as seldom as its pool allows. */
  private final class Asked implements Borrowed.Asking {

    @Override
    public Platform platform(Connection connection) throws SQLException {
      return Database.this.platform(connection);
    }

    /** HikariCP puts back what was changed, so that all its connections are alike. */
    @Override
    public int isolation(Connection connection) throws SQLException {
      Integer known = isolation;
      if (known == null) {
        known = connection.getTransactionIsolation();
        isolation = hikari() == null ? null : known;
      }
      return known;
    }
  }

  /** How many connections its pool has at most; 0 if that is not known. */
  public int pool() {
    HikariDataSource pool = hikari();
    return pool == null ? 0 : pool.getMaximumPoolSize();
  }

  /** The pool; null if it is another one's. */
  private @Nullable HikariDataSource hikari() {
    try {
      return dataSource.isWrapperFor(HikariDataSource.class)
          ? dataSource.unwrap(HikariDataSource.class)
          : null;
    } catch (SQLException | NoClassDefFoundError unknown) {
      return null;
    }
  }

  /** How many of them are kept from whoever holds one for long, for all that takes a moment. */
  public int spare() {
    return name.equals(REPOSITORY) ? 2 : 1;
  }

  /** The database in words, as a message begins. */
  String describe() {
    return name.equals(REPOSITORY) ? "the job repository's database" : "database '" + name + "'";
  }

  /** What is done in a transaction. */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    T on(Connection connection, Platform platform) throws SQLException, E;
  }

  /**
   * Does {@code work}, which may wait for locks of Tranche's tables, on a connection of this
   * database: protocol 4. A stopped process does not keep it waiting.
   */
  public <T, E extends Exception> T takingOver(Connection connection, Work<T, E> work)
      throws SQLException, E {
    Platform product = platform(connection);
    return takeOver == null
        ? work.on(connection, product)
        : takeOver.during(describe(), connection, product, work);
  }

  /**
   * Does {@code work} in a transaction of its own, on a connection of its own.
   *
   * @param doing for the message: "cannot {@code doing}"
   * @throws StoreException if the database fails; whether the transaction was committed is then only
   *     known if the failure is no outage
   */
  <T, E extends Exception> T transact(String doing, Work<T, E> work) throws E {
    // An interrupt in the middle of H2's file access would close its database for everybody.
    boolean interrupted = Thread.interrupted();
    try (Connection connection = connect()) {
      T result = takingOver(connection, work);
      connection.commit();
      return result;
    } catch (SQLException error) {
      throw failure(doing, error);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  StoreException failure(String doing, SQLException error) {
    return new StoreException(describe() + ": cannot " + doing + ": " + error.getMessage(), error);
  }
}
