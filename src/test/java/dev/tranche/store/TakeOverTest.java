package dev.tranche.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.testing.Background;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Locks that a stopped process holds: here, a session whose client does not say a word. */
class TakeOverTest {

  private static final String LAYOUT = "7b8f3b0e-6a4e-4f4e-9d5a-0f7b3f1f2c11";
  private static final PartitionKey P1 = new PartitionKey(LAYOUT, 1);
  private static final Duration SOON = Duration.ofMillis(50);
  private static final Duration LEASE = Duration.ofMillis(400);

  private final TestDatabase databases = new TestDatabase(TestDatabase.Kind.POSTGRESQL);
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
      new Checkpoints(Platform.POSTGRESQL).advance(stopped, fence, Checkpoint.START);

      assertThat(claim(database(LEASE)).fence().owner()).isEqualTo(2);

      assertThatThrownBy(stopped::commit).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void endsASessionThatWasStoppedBeforeItsClaimWasSeen() throws Exception {
    try (Connection stopped = open()) {
      new Checkpoints(Platform.POSTGRESQL).claim(stopped, P1, 0, false);

      assertThat(claim(database(LEASE)).fence().owner()).isEqualTo(1);

      assertThatThrownBy(stopped::commit).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void endsASessionThatWasStoppedWhileItCopiedRowsIn() throws Exception {
    Fence fence = claim(database(LEASE)).fence();
    JdbcClient.create(pool).sql("create table item (n int)").update();
    try (Connection stopped = open()) {
      new Checkpoints(Platform.POSTGRESQL).advance(stopped, fence, Checkpoint.START);
      var copy = stopped.unwrap(PGConnection.class).getCopyAPI().copyIn("copy item from stdin");
      copy.writeToCopy("1\n".getBytes(StandardCharsets.UTF_8), 0, 2);
      copy.flushCopy();

      assertThat(claim(database(LEASE)).fence().owner()).isEqualTo(2);

      assertThatThrownBy(copy::endCopy).isInstanceOf(SQLException.class);
      assertThat(JdbcClient.create(pool).sql("select count(*) from item").query().singleValue())
          .isEqualTo(0L);
      stopped.abort(Runnable::run); // in good order it cannot be closed any more
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
      assertThat(
              PartitionRows.lockFree(stopped, Platform.POSTGRESQL, LAYOUT, 16, "dead", null, 1))
          .isNotEmpty();

      assertThat(layouts.claim(LAYOUT, 17, "living", null, found -> claim(database(LEASE))))
          .isPresent();
    }
  }

  @Test
  void waitsForASessionThatMayStillBeAlive() throws Exception {
    CountDownLatch looks = new CountDownLatch(3);
    try (Connection living = open()) {
      new Checkpoints(Platform.POSTGRESQL).claim(living, P1, 0, false);
      CompletableFuture<Claim> claim = claimLater(database(Duration.ofHours(1), looks));
      assertThat(looks.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(claim).isNotDone();

      living.commit();

      assertThat(claim.get(30, TimeUnit.SECONDS).fence().owner()).isEqualTo(2);
    }
  }

  @Test
  void waitsForASessionThatIsNoneOfOurs() throws Exception {
    CountDownLatch looks = new CountDownLatch(3);
    claim(database(LEASE));
    try (Connection console = open()) {
      console.setClientInfo("ApplicationName", "psql");
      execute(console, "select 1 from TRANCHE_CHECKPOINT for update");
      CompletableFuture<Claim> claim = claimLater(database(Duration.ofMillis(1), looks));
      assertThat(looks.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(claim).isNotDone();

      console.commit();

      assertThat(claim.get(30, TimeUnit.SECONDS).fence().owner()).isEqualTo(2);
    }
  }

  @Test
  void endsASessionThatGoesByAnotherNameAndClaimedAPartition() throws Exception {
    try (Connection stopped = open()) {
      stopped.setClientInfo("ApplicationName", "loader on another host");
      Fence fence = new Checkpoints(Platform.POSTGRESQL).claim(stopped, P1, 0, false).fence();
      stopped.commit();
      new Checkpoints(Platform.POSTGRESQL).advance(stopped, fence, Checkpoint.START);

      assertThat(claim(database(LEASE)).fence().owner()).isEqualTo(2);
    }
  }

  @Test
  void saysWhatToGrantWhereItMayNotEndTheSession() throws Exception {
    String role = "successor_" + Long.toHexString(System.nanoTime());
    JdbcClient client = JdbcClient.create(pool);
    client.sql("create role " + role + " login").update();
    try (Connection stopped = open()) {
      client.sql("grant all on all tables in schema public to " + role).update();
      new Checkpoints(Platform.POSTGRESQL).claim(stopped, P1, 0, false);
      int pid = stopped.unwrap(PGConnection.class).getBackendPID();
      DataSource as = new DelegatingDataSource(pool) {
        @Override
        public Connection getConnection() throws SQLException {
          return DriverManager.getConnection(databases.address("default").url(), role, "");
        }
      };

      assertThatThrownBy(() -> claim(new Database("default", as, new TakeOver(as, SOON, LEASE))))
          .isInstanceOf(SQLException.class)
          .hasMessage(
              "session "
                  + pid
                  + " of user '"
                  + databases.address("default").username()
                  + "' holds a lock that its process, which stopped, does not let go, and this user"
                  + " may not end that session. Grant it pg_signal_backend and pg_read_all_stats, or"
                  + " end the session yourself")
          .matches(error -> !SqlErrors.isTransient(error) && !SqlErrors.isOutage(error));
    } finally {
      client.sql("drop owned by " + role).update();
      client.sql("drop role " + role).update();
    }
  }

  @EveryDatabase
  void leavesAloneWhatNobodyKeepsWaiting(TestDatabase any) throws Exception {
    Database repository = any.repository();
    CountDownLatch looks = new CountDownLatch(1);
    Database database = watched(repository.dataSource(), Duration.ofMillis(1), looks);
    assertThat(claim(database).fence().owner()).isEqualTo(1);
    assertThat(claim(database).fence().owner()).isEqualTo(2);
  }

  private Database database(Duration lease) {
    return database(lease, new CountDownLatch(0));
  }

  private Database database(Duration lease, CountDownLatch looks) {
    return watched(pool, lease, looks);
  }

  private static Database watched(DataSource pool, Duration lease, CountDownLatch looks) {
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

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
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
