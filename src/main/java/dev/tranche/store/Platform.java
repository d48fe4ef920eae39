package dev.tranche.store;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A database product that Tranche knows, and what it words in its own way. */
public enum Platform {
  H2("H2") {
    @Override
    String ifAbsent(String insert) {
      return insert;
    }

    @Override
    boolean insert(PreparedStatement ifAbsent) throws SQLException {
      try {
        return ifAbsent.executeUpdate() == 1;
      } catch (SQLException error) {
        if (UNIQUE_VIOLATION.equals(error.getSQLState())) {
          return false; // which has not ended the transaction here
        }
        throw error;
      }
    }

    @Override
    String sessionId() {
      return "cast(session_id() as varchar)";
    }

    /**
     * With ORDER BY, H2 locks every row that fits before it sorts and cuts off. Without, it reads
     * the index it is told to, in the index's order, and locks no more than it returns.
     */
    @Override
    String lockFirst(
        int rows, String columns, String table, String index, String where, String order) {
      return "select "
          + columns
          + " from "
          + table
          + " use index ("
          + index
          + ") where "
          + where
          + " fetch first "
          + rows
          + " rows only for update skip locked";
    }

    @Override
    void lockSchema(Connection connection) {
      // DDL commits here, so that no lock would last. Scripts are run again if they collide.
    }

    @Override
    String text(String any) {
      return any;
    }
  },

  POSTGRESQL("PostgreSQL") {
    @Override
    String ifAbsent(String insert) {
      return insert + " on conflict do nothing";
    }

    @Override
    boolean insert(PreparedStatement ifAbsent) throws SQLException {
      return ifAbsent.executeUpdate() == 1;
    }

    /** All at once. A driver that makes one statement of them does not say which were absent. */
    @Override
    boolean[] insertAll(PreparedStatement ifAbsent, int rows, Row setRow) throws SQLException {
      for (int row = 0; row < rows; row++) {
        setRow.set(row);
        ifAbsent.addBatch();
      }
      int[] counts = ifAbsent.executeBatch();
      boolean[] inserted = new boolean[rows];
      for (int row = 0; row < rows; row++) {
        inserted[row] = counts[row] == 1;
      }
      return inserted;
    }

    @Override
    String sessionId() {
      return "(select A.PID || '@' || extract(epoch from A.BACKEND_START)"
          + " from pg_stat_get_activity(pg_backend_pid()) A)";
    }

    @Override
    String lockFirst(
        int rows, String columns, String table, String index, String where, String order) {
      return "select "
          + columns
          + " from "
          + table
          + " where "
          + where
          + " order by "
          + order
          + " fetch first "
          + rows
          + " rows only for update skip locked";
    }

    /** Without figures about a new table it takes it for small, and sorts all of it each time. */
    @Override
    void readInOrder(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute("set local enable_sort = off");
      }
    }

    @Override
    void lockSchema(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute("select pg_advisory_xact_lock(" + SCHEMA_LOCK + ")");
      }
    }

    /** Its texts cannot hold the character 0. */
    @Override
    String text(String any) {
      return any.indexOf('\0') < 0 ? any : any.replace('\0', '\u2400');
    }

    @Override
    OptionalLong session(Connection connection) throws SQLException {
      return PostgresSessions.own(connection);
    }

    @Override
    List<Blocker> blockers(Connection aside, long session, Duration silence) throws SQLException {
      return PostgresSessions.blockers(aside, session, silence);
    }

    @Override
    void end(Connection aside, Blocker blocker) throws SQLException {
      PostgresSessions.end(aside, blocker);
    }

    @Override
    void cancel(Connection aside, long session) throws SQLException {
      PostgresSessions.cancel(aside, session);
    }

    @Override
    List<String> rightsToEnd() {
      return List.of("pg_signal_backend", "pg_read_all_stats");
    }
  },

  /** From 10.11 on, with InnoDB: {@code skip locked}, descending indexes and uuid are there. */
  MARIADB("MariaDB") {
    @Override
    void require(DatabaseMetaData metaData, String database) throws SQLException {
      int major = metaData.getDatabaseMajorVersion();
      if (major < 10 || major == 10 && metaData.getDatabaseMinorVersion() < 11) {
        throw new StoreException(database
            + " is MariaDB "
            + metaData.getDatabaseProductVersion()
            + ". Tranche needs 10.11 or later");
      }
    }

    /**
     * Not {@code insert ignore}, which would cut off a value that is too long as well; and not a
     * plain insert, whose error leaves a shared lock, over which two of them deadlock. An update of
     * nothing locks the row for itself. It leaves a "generated key", since the count of rows is 1 in
     * both cases.
     */
    @Override
    String ifAbsent(String insert) {
      String column = insert.substring(insert.indexOf('(') + 1, insert.indexOf(','));
      return insert
          + " on duplicate key update %s = if(last_insert_id(1), %s, %s)"
              .formatted(column, column, column);
    }

    @Override
    PreparedStatement prepare(Connection connection, String ifAbsent) throws SQLException {
      return connection.prepareStatement(ifAbsent, Statement.RETURN_GENERATED_KEYS);
    }

    @Override
    boolean insert(PreparedStatement ifAbsent) throws SQLException {
      ifAbsent.executeUpdate();
      try (ResultSet there = ifAbsent.getGeneratedKeys()) {
        return !there.next();
      }
    }

    @Override
    String sessionId() {
      return MariaDbSessions.own();
    }

    @Override
    OptionalLong session(Connection connection) throws SQLException {
      return DriverSession.number(connection, "org.mariadb.jdbc.Connection", "getThreadId");
    }

    @Override
    List<Blocker> blockers(Connection aside, long session, Duration silence) throws SQLException {
      return MariaDbSessions.blockers(aside, session, silence);
    }

    @Override
    void end(Connection aside, Blocker blocker) throws SQLException {
      MariaDbSessions.end(aside, blocker);
    }

    @Override
    void cancel(Connection aside, long session) throws SQLException {
      MariaDbSessions.cancel(aside, session);
    }

    @Override
    List<String> rightsToEnd() {
      return List.of("PROCESS", "CONNECTION ADMIN");
    }

    /** Reads the index in its own order, and leaves no row locked that does not fit. */
    @Override
    String lockFirst(
        int rows, String columns, String table, String index, String where, String order) {
      return "select "
          + columns
          + " from "
          + table
          + " force index ("
          + index
          + ") where "
          + where
          + " order by "
          + order
          + " limit "
          + rows
          + " for update skip locked";
    }

    @Override
    void lockSchema(Connection connection) {
      // DDL commits here, and "create … if not exists" waits for others that create the same.
    }

    @Override
    String text(String any) {
      return any;
    }

    @Override
    public String quote(String name) {
      return '`' + name.replace("`", "``") + '`';
    }

    /** It says so of a deadlock, which is nobody's but the moment's. */
    @Override
    boolean saysSuperseded(SQLException error) {
      return false;
    }

    /** Where a session is not strict, values that do not fit are changed without an error. */
    @Override
    @Nullable String strict(Connection connection) throws SQLException {
      String mode = sqlMode(connection);
      if (mode.contains("STRICT_ALL_TABLES") || mode.contains("STRICT_TRANS_TABLES")) {
        return null;
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute("set session sql_mode = concat(@@sql_mode, ',STRICT_ALL_TABLES')");
      }
      return "set session sql_mode = '" + mode + "'";
    }

    private static String sqlMode(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("select @@sql_mode")) {
        row.next();
        return row.getString(1);
      }
    }
  };

  private static final String UNIQUE_VIOLATION = "23505";
  private static final String SERIALIZATION_FAILURE = "40001";
  private static final long SCHEMA_LOCK = 0x5452414E434845L; // "TRANCHE"

  private final String product;

  Platform(String product) {
    this.product = product;
  }

  /** @param database in words, for the message */
  static Platform of(DatabaseMetaData metaData, String database) throws SQLException {
    String product = metaData.getDatabaseProductName();
    for (Platform platform : values()) {
      if (platform.product.equals(product)) {
        platform.require(metaData, database);
        return platform;
      }
    }
    throw new StoreException(database
        + " is "
        + product
        + ", where Tranche cannot keep its state. Use one of: "
        + Arrays.stream(values()).map(known -> known.product).collect(Collectors.joining(", ")));
  }

  /** Refuses a version that is too old. */
  void require(DatabaseMetaData metaData, String database) throws SQLException {}

  /** Its name as it says it itself. */
  public String product() {
    return product;
  }

  /** The name in the names of scripts. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * {@code insert} of more than one column, none of them generated, worded so that {@link #insert}
   * can tell that the row is there already.
   */
  abstract String ifAbsent(String insert);

  /** Prepares a statement of {@link #ifAbsent}. */
  PreparedStatement prepare(Connection connection, String ifAbsent) throws SQLException {
    return connection.prepareStatement(ifAbsent);
  }

  /** Runs a statement of {@link #prepare}; false if the row is there already. */
  abstract boolean insert(PreparedStatement ifAbsent) throws SQLException;

  /** Sets the parameters of a row. */
  @FunctionalInterface
  interface Row {
    void set(int row) throws SQLException;
  }

  /**
   * Runs a statement of {@link #prepare} for each of {@code rows}.
   *
   * @return for each row whether it is certain that it was absent
   */
  boolean[] insertAll(PreparedStatement ifAbsent, int rows, Row setRow) throws SQLException {
    boolean[] inserted = new boolean[rows];
    for (int row = 0; row < rows; row++) {
      setRow.set(row);
      inserted[row] = insert(ifAbsent);
    }
    return inserted;
  }

  /** An expression: what this session is called by whoever would end it. */
  abstract String sessionId();

  /**
   * A query that locks the first rows in {@code order} that fit and that nobody else holds locked,
   * and no other rows.
   *
   * @param rows how many, written out: PostgreSQL makes no good plan for a number it does not know
   * @param index one that has the rows in that order
   */
  abstract String lockFirst(
      int rows, String columns, String table, String index, String where, String order);

  /** Before {@link #lockFirst} of many rows, in its transaction: has them read by the index. */
  void readInOrder(Connection connection) throws SQLException {}

  /** Keeps others from creating tables until the transaction ends. */
  abstract void lockSchema(Connection connection) throws SQLException;

  /** {@code any} as this product can store it. */
  abstract String text(String any);

  // -- protocol 4: locks of a process that was stopped --

  /**
   * A session that keeps another one waiting.
   *
   * @param session as {@link #sessionId} has it
   * @param description for messages: which one it is, whose, and since when it does nothing
   */
  record Blocker(String session, Kind kind, String description) {

    enum Kind {
      /** It works, or has not been silent for long enough. */
      LIVES,
      /** One of ours, whose client has not said a word for longer than a living one would. */
      STOPPED,
      /** Not one of ours. */
      FOREIGN,
      /** This user may not see what it does. */
      HIDDEN
    }
  }

  /**
   * The number of the session of an open connection, without asking the database; empty where
   * sessions of stopped processes cannot be ended.
   */
  OptionalLong session(Connection connection) throws SQLException {
    return OptionalLong.empty();
  }

  /**
   * The sessions that {@code session} waits for now.
   *
   * @param aside a connection that does not wait itself
   * @param silence how long the client of a session must be silent to be taken for stopped
   */
  List<Blocker> blockers(Connection aside, long session, Duration silence) throws SQLException {
    return List.of();
  }

  /** Ends a session, if it is still the one that was seen; what it did is rolled back. */
  void end(Connection aside, Blocker blocker) throws SQLException {
    throw new UnsupportedOperationException(name());
  }

  /** Has what {@code session} waits in fail. */
  void cancel(Connection aside, long session) throws SQLException {
    throw new UnsupportedOperationException(name());
  }

  /** What a user must be granted to see and to end the sessions of others. */
  List<String> rightsToEnd() {
    return List.of();
  }

  /** Whether an update that failed so found its row changed by somebody else. */
  boolean saysSuperseded(SQLException error) {
    return SERIALIZATION_FAILURE.equals(error.getSQLState());
  }

  /** {@code name} as an identifier, whatever is in it. */
  public String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /**
   * Sees to it that the session refuses a value rather than change it.
   *
   * @return the statement that makes the session what it was; null if it was strict already
   */
  @Nullable String strict(Connection connection) throws SQLException {
    return null;
  }
}
