package dev.tranche.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.testing.Background;
import dev.tranche.testing.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** As {@link TakeOverTest}, on MariaDB: a session whose client does not say a word. */
class MariaDbTakeOverTest {

  private static final String LAYOUT = "7b8f3b0e-6a4e-4f4e-9d5a-0f7b3f1f2c11";
  private static final PartitionKey P1 = new PartitionKey(LAYOUT, 1);
  private static final Duration SOON = Duration.ofMillis(50);
  private static final Duration LEASE = Duration.ofMillis(400);

  private final TestDatabase databases = new TestDatabase(TestDatabase.Kind.MARIADB);
  private DataSource pool;

  @BeforeEach
  void createTables() {
    pool = databases.repository().dataSource();
  }

  @AfterEach
  void dropDatabase() throws Exception {
    databases.close();
  }

  @Test
  void endsASessionThatWasStoppedInTheMiddleOfAChunk() throws Exception {
    Fence fence = claim(database(LEASE)).fence();
    try (Connection stopped = open()) {
      new Checkpoints(Platform.MARIADB).advance(stopped, fence, Checkpoint.START);

      assertThat(claim(database(LEASE)).fence()).isEqualTo(new Fence(P1, 2, 0));

      assertThatThrownBy(stopped::commit)
          .isInstanceOf(SQLException.class)
          .matches(SqlErrors::isOutage, "an outage");
    }
  }

  @Test
  void endsASessionThatWasStoppedBeforeItsClaimWasSeen() throws Exception {
    try (Connection stopped = open()) {
      new Checkpoints(Platform.MARIADB).claim(stopped, P1, 0, false);

      assertThat(claim(database(LEASE)).fence().owner()).isEqualTo(1);

      assertThatThrownBy(stopped::commit).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void endsASessionThatWasStoppedWithARunInItsHands() throws Exception {
    Runs.Run run = new Runs(database(LEASE)).take(5, 17, "dead");
    try (Connection stopped = open()) {
      assertThat(new Runs(database(LEASE)).holds(stopped, run)).isTrue();

      assertThat(new Runs(database(LEASE)).seize(run, "living")).isPresent();
    }
  }

  @Test
  void claimsAPartitionThatAStoppedSessionWasAboutToClaim() throws Exception {
    Layouts layouts = new Layouts(database(LEASE));
    layouts.create(
        new StepState(
            5, "load", LAYOUT, StepState.Phase.PLANNED, 0, Map.of(), "", "default", "v"),
        List.of(new Layouts.NewPartition("slice", 1)).iterator());
    try (Connection stopped = open()) {
      assertThat(PartitionRows.lockFree(stopped, Platform.MARIADB, LAYOUT, 16, "dead", null, 1))
          .isNotEmpty();

      assertThat(layouts.claim(LAYOUT, 17, "living", null, found -> claim(database(LEASE))))
          .isPresent();
    }
  }

  @Test
  void waitsForASessionThatMayStillBeAlive() throws Exception {
    CountDownLatch looks = new CountDownLatch(3);
    try (Connection living = open()) {
      new Checkpoints(Platform.MARIADB).claim(living, P1, 0, false);
      CompletableFuture<Claim> claim = claimLater(database(Duration.ofHours(1), looks));
      assertThat(looks.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(claim).isNotDone();

      living.commit();

      assertThat(claim.get(30, TimeUnit.SECONDS).fence().owner()).isEqualTo(2);
    }
  }

  @Test
  void waitsForASessionOfSomebodyElse() throws Exception {
    String user = "console_" + Long.toHexString(System.nanoTime());
    JdbcClient client = JdbcClient.create(pool);
    client.sql("create user " + user + "@'%' identified by 'x'").update();
    client.sql("grant all on *.* to " + user + "@'%'").update();
    CountDownLatch looks = new CountDownLatch(3);
    claim(database(LEASE));
    String url = databases.address("default").url();
    try (Connection console = DriverManager.getConnection(url, user, "x")) {
      console.setAutoCommit(false);
      new Sql("select 1 from TRANCHE_CHECKPOINT for update").all(console, row -> 1);
      CompletableFuture<Claim> claim = claimLater(database(Duration.ofMillis(1), looks));
      assertThat(looks.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(claim).isNotDone();

      console.commit();

      assertThat(claim.get(30, TimeUnit.SECONDS).fence().owner()).isEqualTo(2);
    } finally {
      client.sql("drop user " + user + "@'%'").update();
    }
  }

  @Test
  void locksTheLargestFreePartitionAndNoOther() throws Exception {
    Layouts layouts = new Layouts(database(LEASE));
    layouts.create(
        new StepState(
            5, "load", LAYOUT, StepState.Phase.PLANNED, 0, Map.of(), "", "default", "v"),
        LongStream.rangeClosed(1, 200)
            .mapToObj(size -> new Layouts.NewPartition("slice", size))
            .iterator());
    JdbcClient.create(pool).sql("analyze table TRANCHE_PARTITION").query().listOfRows();
    try (Connection one = databases.repository().connect();
        Connection two = databases.repository().connect()) {
      assertThat(number(one)).isEqualTo(200);
      assertThat(number(two)).isEqualTo(199);
      assertThat(rowsLocked(one)).isLessThanOrEqualTo(2); // in the index and in the table
      List<Integer> free = new Sql("select PARTITION_NUMBER from TRANCHE_PARTITION"
              + " where PARTITION_NUMBER between 150 and 200 for update skip locked")
          .all(two, row -> row.getInt(1));
      assertThat(free).hasSize(50).doesNotContain(200);
    }
  }

  private static int number(Connection connection) throws SQLException {
    return PartitionRows.lockFree(connection, Platform.MARIADB, LAYOUT, 17, "p", null, 1)
        .get(0)
        .key()
        .number();
  }

  private static long rowsLocked(Connection connection) throws SQLException {
    // The server answers from a copy that is made anew only if nobody asked for a tenth of a second.
    new Sql("select sleep(0.3)").first(connection, row -> true);
    return new Sql("select TRX_ROWS_LOCKED from information_schema.INNODB_TRX"
            + " where TRX_MYSQL_THREAD_ID = connection_id()")
        .first(connection, row -> row.getLong(1))
        .orElseThrow();
  }

  private Database database(Duration lease) {
    return database(lease, new CountDownLatch(0));
  }

  private Database database(Duration lease, CountDownLatch looks) {
    DataSource aside = new DelegatingDataSource(pool) {
      @Override
      public Connection getConnection() throws SQLException {
        looks.countDown();
        return super.getConnection();
      }
    };
    return new Database("default", pool, new TakeOver(aside, SOON, lease));
  }

  /** A session of a pool that nobody watches, in a transaction. */
  private Connection open() throws SQLException {
    TestDatabase.Address address = databases.address("default");
    Connection connection =
        DriverManager.getConnection(address.url(), address.username(), address.password());
    connection.setAutoCommit(false);
    return connection;
  }

  private CompletableFuture<Claim> claimLater(Database database) {
    return Background.supply(() -> {
      try {
        return claim(database);
      } catch (Exception failure) {
        throw new IllegalStateException(failure);
      }
    });
  }

  private static Claim claim(Database database) throws Exception {
    try (Connection connection = database.connect()) {
      Claim claim = database.takingOver(
          connection,
          (session, platform) -> new Checkpoints(platform).claim(session, P1, 0, false));
      connection.commit();
      return claim;
    }
  }
}
