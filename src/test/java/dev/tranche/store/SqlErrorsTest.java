package dev.tranche.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.MariaDb;
import dev.tranche.testing.Postgres;
import dev.tranche.testing.TestDatabase;
import java.io.EOFException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketException;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.PessimisticLockingFailureException;

class SqlErrorsTest {

  private enum Meaning {
    OUTAGE,
    TRANSIENT,
    ROLLED_BACK,
    TRANSIENT_AND_ROLLED_BACK,
    NOTHING
  }

  private static Meaning of(Throwable error) {
    boolean transientError = SqlErrors.isTransient(error);
    boolean rolledBack = SqlErrors.isRolledBack(error);
    if (SqlErrors.isOutage(error)) {
      assertThat(transientError || rolledBack)
          .as("an outage and something else")
          .isFalse();
      return Meaning.OUTAGE;
    }
    if (transientError) {
      return rolledBack ? Meaning.TRANSIENT_AND_ROLLED_BACK : Meaning.TRANSIENT;
    }
    return rolledBack ? Meaning.ROLLED_BACK : Meaning.NOTHING;
  }

  private static SQLException state(String state) {
    return new SQLException("no", state);
  }

  // -- errors of real databases --

  @EveryDatabase
  void takesADuplicateKeyForAFailedWrite(TestDatabase databases) throws SQLException {
    try (Connection connection = withTable(databases)) {
      Throwable error = catchThrowable(() -> execute(connection, "insert into T values (1, 'b')"));
      assertThat(of(error)).isEqualTo(Meaning.ROLLED_BACK);
    }
  }

  @EveryDatabase
  void looksIntoABatch(TestDatabase databases) throws SQLException {
    try (Connection connection = withTable(databases);
        PreparedStatement insert = connection.prepareStatement("insert into T values (?, 'x')")) {
      for (int i : new int[] {3, 1}) {
        insert.setInt(1, i);
        insert.addBatch();
      }
      Throwable error = catchThrowable(insert::executeBatch);
      assertThat(error).isInstanceOf(BatchUpdateException.class);
      assertThat(of(error)).isEqualTo(Meaning.ROLLED_BACK);
    }
  }

  @EveryDatabase
  void takesAValueThatIsTooLongForNothingThatPasses(TestDatabase databases) throws SQLException {
    try (Connection connection = withTable(databases)) {
      Throwable error =
          catchThrowable(() -> execute(connection, "insert into T values (2, 'too long for it')"));
      assertThat(of(error)).isEqualTo(Meaning.NOTHING);
    }
  }

  @EveryDatabase
  void takesALockTimeoutForTransient(TestDatabase databases) throws SQLException {
    try (Connection holder = withTable(databases);
        Connection other = databases.empty("t").connect()) {
      execute(other, switch (databases.kind()) {
        case POSTGRESQL -> "set lock_timeout = '10ms'";
        case MARIADB -> "set innodb_lock_wait_timeout = 0";
        case H2_FILE, H2_MEMORY -> "set lock_timeout 10";
      });
      execute(holder, "update T set NAME = 'b'");
      Throwable error = catchThrowable(() -> execute(other, "update T set NAME = 'c'"));
      assertThat(of(error)).isEqualTo(Meaning.TRANSIENT);
    }
  }

  @EveryDatabase
  void takesAQueryTimeoutForTransient(TestDatabase databases) throws SQLException {
    try (Connection connection = withTable(databases);
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      String numbers = switch (databases.kind()) {
        case POSTGRESQL -> "generate_series(1, 100000)";
        case MARIADB -> "seq_1_to_1000000";
        case H2_FILE, H2_MEMORY -> "system_range(1, 100000)";
      };
      String endless = "select count(*) from " + numbers + " a, " + numbers + " b";
      assertThat(of(catchThrowable(() -> statement.executeQuery(endless))))
          .isEqualTo(Meaning.TRANSIENT);
    }
  }

  @EveryDatabase
  void takesAClosedConnectionForAnOutage(TestDatabase databases) throws SQLException {
    databases.empty("t");
    TestDatabase.Address address = databases.address("t");
    Connection bare =
        DriverManager.getConnection(address.url(), address.username(), address.password());
    Connection pooled = databases.empty("t").connect();
    bare.close();
    pooled.close();
    assertThat(of(catchThrowable(() -> execute(bare, "select 1")))).isEqualTo(Meaning.OUTAGE);
    assertThat(of(catchThrowable(() -> execute(pooled, "select 1")))).isEqualTo(Meaning.OUTAGE);
  }

  @Test
  void takesASessionThatWasEndedForAnOutage() throws SQLException {
    try (Postgres database = Postgres.database();
        Connection connection = database.dataSource().getConnection()) {
      database.terminateSessions();
      assertThat(of(catchThrowable(() -> execute(connection, "select 1"))))
          .isEqualTo(Meaning.OUTAGE);
      assertThat(of(catchThrowable(() -> execute(connection, "select 1"))))
          .isEqualTo(Meaning.OUTAGE);
    }
  }

  @Test
  void takesASessionThatWasKilledForAnOutage() throws SQLException {
    try (MariaDb database = MariaDb.database();
        Connection connection = database.dataSource().getConnection()) {
      database.terminateSessions();
      assertThat(of(catchThrowable(() -> execute(connection, "select 1"))))
          .isEqualTo(Meaning.OUTAGE);
      assertThat(of(catchThrowable(() -> execute(connection, "select 1"))))
          .isEqualTo(Meaning.OUTAGE);
    }
  }

  @Test
  void takesAnH2ThatWasShutDownForAnOutage() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY)) {
      Connection connection = databases.empty("t").connect();
      try (Connection other = databases.empty("t").connect()) {
        execute(other, "shutdown immediately");
      }
      assertThat(of(catchThrowable(() -> execute(connection, "select 1"))))
          .isEqualTo(Meaning.OUTAGE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgresql", "mariadb"})
  void takesAPortThatNobodyListensToForAnOutage(String product) throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    String url = "jdbc:" + product + "://localhost:" + free + "/x";
    assertThat(of(catchThrowable(() -> DriverManager.getConnection(url, "u", "p"))))
        .isEqualTo(Meaning.OUTAGE);
    try (HikariDataSource pool = new HikariDataSource()) {
      pool.setJdbcUrl(url);
      pool.setConnectionTimeout(250);
      pool.setInitializationFailTimeout(-1);
      assertThat(of(catchThrowable(pool::getConnection))).isEqualTo(Meaning.OUTAGE);
    }
  }

  @EveryDatabase
  void doesNotWaitWhereAPasswordOrATableIsWrong(TestDatabase databases) throws SQLException {
    try (Connection connection = withTable(databases)) {
      assertThat(of(catchThrowable(() -> execute(connection, "select * from NO_SUCH_TABLE"))))
          .isEqualTo(Meaning.NOTHING);
    }
    if (databases.kind() != TestDatabase.Kind.POSTGRESQL) { // the test server trusts everybody
      String url = databases.address("t").url();
      assertThat(of(catchThrowable(() -> DriverManager.getConnection(url, "sa", "wrong"))))
          .isEqualTo(Meaning.NOTHING);
    }
  }

  // -- errors that are hard to provoke --

  @ParameterizedTest
  @ValueSource(
      strings = {"08006", "57P01", "57P02", "57P03", "53300", "25P03", "90067", "90098", "90121"})
  void takesStatesOfALostConnectionForAnOutage(String state) {
    assertThat(of(state(state))).isEqualTo(Meaning.OUTAGE);
    assertThat(of(new RuntimeException("far", new IllegalStateException(state(state)))))
        .isEqualTo(Meaning.OUTAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "40P01"})
  void takesDeadlocksForTransientAndRolledBack(String state) {
    assertThat(of(state(state))).isEqualTo(Meaning.TRANSIENT_AND_ROLLED_BACK);
  }

  /** Its own, whose SQLState may mean anything. */
  @ParameterizedTest
  @CsvSource({
    "HY000, 1205, TRANSIENT",
    "70100, 1317, TRANSIENT",
    "70100, 1969, TRANSIENT",
    "HY000, 1020, TRANSIENT",
    "70100, 1927, OUTAGE",
    "08S01, 1053, OUTAGE",
    "42000, 1203, OUTAGE",
    "HY000, 1364, NOTHING",
    "HY000, 1180, NOTHING",
    "70100, 1028, NOTHING"
  })
  void knowsWhatMariaDbMeansByItsNumber(String state, int number, Meaning meaning) {
    assertThat(of(new SQLException("no", state, number))).isEqualTo(meaning);
  }

  @Test
  void doesNotGuessWhereTheStateSaysUnknown() {
    assertThat(of(state("40003"))).isEqualTo(Meaning.NOTHING);
  }

  @Test
  void takesAPoolWhoseUserIsRefusedForNoOutage() {
    SQLException timeout = new SQLTransientConnectionException("not available", state("28P01"));
    assertThat(of(timeout)).isEqualTo(Meaning.NOTHING);
    assertThat(of(new SQLTransientConnectionException("not available"))).isEqualTo(Meaning.OUTAGE);
  }

  @Test
  void takesABrokenWireForAnOutageOnlyIfItIsADatabases() {
    assertThat(of(new SQLException("no", new EOFException()))).isEqualTo(Meaning.OUTAGE);
    assertThat(of(new DataAccessResourceFailureException("no", new SocketException("reset"))))
        .isEqualTo(Meaning.OUTAGE);
    assertThat(of(new IllegalStateException(new SocketException("of a web service"))))
        .isEqualTo(Meaning.NOTHING);
    assertThat(of(new EOFException("of an input file"))).isEqualTo(Meaning.NOTHING);
  }

  @Test
  void knowsSpringsTransientErrors() {
    assertThat(of(new PessimisticLockingFailureException("no"))).isEqualTo(Meaning.TRANSIENT);
  }

  @Test
  void endsOnErrorsThatCauseEachOther() {
    SQLException one = new SQLException("one");
    SQLException two = new SQLException("two", one);
    one.setNextException(two);
    assertThat(of(one)).isEqualTo(Meaning.NOTHING);
  }

  private static Connection withTable(TestDatabase databases) throws SQLException {
    Connection connection = databases.empty("t").connect();
    execute(connection, "create table T (I int primary key, NAME varchar(5))");
    execute(connection, "insert into T values (1, 'a')");
    connection.commit();
    return connection;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
