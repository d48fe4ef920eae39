package dev.tranche.writer;

import static dev.tranche.writer.TargetFixture.columns;
import static dev.tranche.writer.TargetFixture.reject;
import static dev.tranche.writer.TargetFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.ChunkTarget.Commit;
import dev.tranche.chunk.OutageException;
import dev.tranche.chunk.UnknownOutcomeException;
import dev.tranche.chunk.WriteException;
import dev.tranche.definition.WriteDefinition.Jdbc;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import dev.tranche.store.Claim;
import dev.tranche.store.Database;
import dev.tranche.store.MissingCheckpointException;
import dev.tranche.store.Reject;
import dev.tranche.store.SqlErrors;
import dev.tranche.store.SupersededException;
import dev.tranche.store.Tally;
import dev.tranche.testing.CountingDataSource;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import dev.tranche.testing.TestDatabase.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TransactionalTargetTest {

  private static final Columns COLUMNS = columns("a:long");

  private static Row number(long a) {
    return row(COLUMNS, a);
  }

  private static ChunkTarget<Object> target(TargetFixture world, Database database)
      throws Exception {
    return target(world, database, null);
  }

  private static ChunkTarget<Object> target(
      TargetFixture world, Database database, @Nullable Duration timeout) throws Exception {
    Jdbc insert = new Jdbc("target", "numbers", Jdbc.Mode.INSERT, List.of("a"), true, Map.of());
    JdbcWriting writing = new JdbcWriting(insert, database, COLUMNS, timeout);
    writing.prepare();
    return world.opened(writing.target(world.partition));
  }

  private static Database hooked(TargetFixture world, HookedDataSource[] hooks) {
    hooks[0] = new HookedDataSource(world.database.dataSource());
    return new Database("target", hooks[0]);
  }

  private static void assertNothing(TargetFixture world) {
    assertThat(world.count("numbers")).isZero();
    assertThat(world.rejects()).isZero();
    assertThat(world.stored().checkpoint().tally()).isEqualTo(Tally.ZERO);
    assertThat(world.stored().fence().seq()).isZero();
  }

  /** Ends the session that claimed the partition, as an administrator would. */
  private static void killSession(TargetFixture world) {
    world.sql.queryForList(
        "select pg_terminate_backend(cast(split_part(SESSION_ID, '@', 1) as int), 5000)"
            + " from TRANCHE_CHECKPOINT where LAYOUT = ?",
        world.partition.layout());
  }

  @EveryDatabase
  void commitsRowsRejectsAndCheckpointTogether(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      ChunkTarget<Object> target = target(world, world.database);
      Claim claim = target.claim(0, false);
      target.commit(
          world.commit(claim.fence(), Tally.ZERO, List.of(reject(2)), number(1), number(2)));
      Claim stored = world.stored();
      assertThat(stored.checkpoint().tally()).isEqualTo(new Tally(3, 2, 0, 0, 1, 0));
      assertThat(stored.fence()).isEqualTo(claim.fence().next());
      assertThat(world.count("numbers")).isEqualTo(2);
      assertThat(world.rejects()).isEqualTo(1);
    }
  }

  @EveryDatabase
  void takesRejectsWithTheirRowsOrLeavesAllToWhoWasFirst(TestDatabase databases)
      throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      List<Long> ids = world.rejected(3);
      ChunkTarget<Object> target = target(world, world.database);
      Claim claim = target.claim(0, false);
      Commit<Object> first = world.commit(claim, number(1));
      target.commit(taking(first, new Reject.Taken(7, ids.subList(0, 1))));
      assertThat(world.takenBy()).containsExactly(7L, null, null);

      Claim next = world.stored();
      Commit<Object> second = world.commit(next, number(2), number(3));
      assertThatThrownBy(() -> target.commit(taking(second, new Reject.Taken(8, ids))))
          .isInstanceOf(WriteException.class)
          .hasMessage("1 of 3 rejects were run again by somebody else meanwhile");
      assertThat(world.takenBy()).containsExactly(7L, null, null);
      assertThat(world.count("numbers")).isEqualTo(1);
      assertThat(world.stored()).isEqualTo(next);

      target.commit(taking(second, new Reject.Taken(8, ids.subList(1, 3))));
      assertThat(world.takenBy()).containsExactly(7L, 8L, 8L);
      assertThat(world.count("numbers")).isEqualTo(3);
    }
  }

  private static Commit<Object> taking(Commit<Object> commit, Reject.Taken taken) {
    return new Commit<>(
        commit.fence(), commit.next(), commit.rejects(), commit.items(), commit.keys(), taken);
  }

  @EveryDatabase
  void leavesNothingBehindWhenTheRowsAreRefusedAndCanGoOn(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      ChunkTarget<Object> target = target(world, world.database);
      Claim claim = target.claim(0, false);
      assertThatThrownBy(() -> target.commit(
              world.commit(claim.fence(), Tally.ZERO, List.of(reject(2)), number(1), number(1))))
          .isInstanceOf(WriteException.class)
          .satisfies(error -> assertThat(SqlErrors.isRolledBack(error)).isTrue());
      assertNothing(world);

      target.commit(world.commit(claim, number(1)));
      assertThat(world.count("numbers")).isEqualTo(1);
    }
  }

  @EveryDatabase
  void writesNothingOnceSuperseded(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      ChunkTarget<Object> target = target(world, world.database);
      Claim claim = target.claim(0, false);
      world.supersede();
      assertThatThrownBy(() -> target.commit(world.commit(claim, number(1))))
          .isInstanceOf(SupersededException.class);
      assertNothing(world);
      assertThat(target(world, world.database).claim(0, true).fence().owner())
          .isEqualTo(claim.fence().owner() + 2);
    }
  }

  @EveryDatabase
  void judgesNoRowsOnceSuperseded(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      HookedDataSource[] hooks = new HookedDataSource[1];
      ChunkTarget<Object> target = target(world, hooked(world, hooks));
      Claim claim = target.claim(0, false);
      hooks[0].after("rollback", world::supersede);
      assertThatThrownBy(() -> target.commit(world.commit(claim, number(1), number(1))))
          .isInstanceOf(SupersededException.class)
          .hasMessageContaining("seen after a write failed");
      assertNothing(world);
    }
  }

  @EveryDatabase
  void doesNotKnowWhetherACommitThatBreaksOffWasMade(TestDatabase databases) throws Exception {
    for (boolean made : new boolean[] {true, false}) {
      try (TargetFixture world = new TargetFixture(databases)) {
        HookedDataSource[] hooks = new HookedDataSource[1];
        ChunkTarget<Object> target = target(world, hooked(world, hooks));
        Claim claim = target.claim(0, false);
        HookedDataSource.Hook broken = () -> {
          throw new SQLException("broken pipe", "08006");
        };
        if (made) {
          hooks[0].after("commit", broken);
        } else {
          hooks[0].before("commit", broken);
        }
        assertThatThrownBy(() -> target.commit(world.commit(claim, number(made ? 1 : 2))))
            .isInstanceOf(UnknownOutcomeException.class);
        target.close();

        Claim next = target(world, world.database).claim(claim.fence().owner(), true);
        assertThat(next.checkpoint().tally().written()).isEqualTo(made ? 1 : 0);
        assertThat(world.count("numbers")).isEqualTo(1); // of the first round
      }
    }
    databases.close();
  }

  @EveryDatabase
  void takesARefusalInCommitForAFailedWrite(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      HookedDataSource[] hooks = new HookedDataSource[1];
      ChunkTarget<Object> target = target(world, hooked(world, hooks));
      Claim claim = target.claim(0, false);
      hooks[0].before("commit", () -> {
        throw new SQLException("deferred constraint", "23505");
      });
      assertThatThrownBy(() -> target.commit(world.commit(claim, number(1))))
          .isInstanceOf(WriteException.class)
          .hasMessage("deferred constraint");
      assertNothing(world);
    }
  }

  @EveryDatabase
  void claimsAgainAfterAClaimThatWasCutOff(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      HookedDataSource[] hooks = new HookedDataSource[1];
      ChunkTarget<Object> target = target(world, hooked(world, hooks));
      hooks[0].after("commit", () -> {
        throw new SQLException("broken pipe", "08006");
      });
      assertThatThrownBy(() -> target.claim(0, false))
          .isInstanceOf(OutageException.class)
          .hasMessage("partition p1 in database 'target' cannot be claimed: broken pipe");
      target.close();
      assertThat(target(world, world.database).claim(0, false).fence().owner()).isEqualTo(2);
    }
  }

  @EveryDatabase
  void refusesAClaimWhoseCheckpointSomebodyRemoved(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      ChunkTarget<Object> target = target(world, world.database);
      assertThatThrownBy(() -> target.claim(3, true))
          .isInstanceOf(MissingCheckpointException.class);
    }
  }

  @EveryDatabase
  void costsOneStatementForTheCheckpointAndOneForAllRows(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      CountingDataSource counting = new CountingDataSource(world.database.dataSource());
      ChunkTarget<Object> target =
          target(world, new Database("target", counting), Duration.ofSeconds(30));
      Claim claim = target.claim(0, false);
      counting.reset();
      Object[] rows = new Object[1000];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = number(i);
      }
      target.commit(world.commit(claim, rows));
      assertThat(counting.statements()).hasSize(2);
      assertThat(counting.commits()).isEqualTo(1);
      assertThat(counting.connections()).isZero();
    }
  }

  @EveryDatabase
  void comesBackFromALockWhenItIsAborted(TestDatabase databases) throws Exception {
    ExecutorService lane = Executors.newSingleThreadExecutor();
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      ChunkTarget<Object> target = target(world, world.database);
      Claim claim = target.claim(0, false);
      try (Connection other = world.database.connect();
          Statement statement = other.createStatement()) {
        statement.execute("insert into numbers values (1)");
        Future<?> commit = lane.submit(() -> {
          target.commit(world.commit(claim, number(1)));
          return null;
        });
        databases.awaitBlockedSession("target");
        target.abort();
        if (databases.kind() != Kind.POSTGRESQL) {
          other.rollback(); // H2 cancels a statement only once it has its locks
        }
        assertThatThrownBy(commit::get)
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isInstanceOf(OutageException.class)
            .hasMessage(
                "partition p1 in database 'target' cannot write: its connection was aborted");
      }
      assertNothing(world);
    } finally {
      lane.shutdownNow();
    }
  }

  @Test
  void endsAWriteThatTakesTooLong() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.POSTGRESQL);
        TargetFixture world = new TargetFixture(databases)) {
      ChunkTarget<Object> target = target(world, world.database, Duration.ofSeconds(1));
      Claim claim = target.claim(0, false);
      try (Connection other = world.database.connect();
          Statement statement = other.createStatement()) {
        statement.execute("insert into numbers values (1)");
        assertThatThrownBy(() -> target.commit(world.commit(claim, number(1))))
            .isInstanceOf(WriteException.class)
            .hasMessageStartingWith("the write was not done within 1 s (chunk.timeout): ")
            .hasCauseInstanceOf(SQLTimeoutException.class)
            .satisfies(error -> assertThat(SqlErrors.isTransient(error)).isTrue());
      }
      target.commit(world.commit(claim, number(1)));
      assertThat(world.count("numbers")).isEqualTo(1);
    }
  }

  @EveryDatabase
  void leavesThePoolItsOwnTimeouts(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      try (ChunkTarget<Object> target = target(world, world.database, Duration.ofSeconds(9))) {
        target.commit(world.commit(target.claim(0, false), number(1)));
      }
      List<Connection> pooled = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        pooled.add(world.database.connect());
      }
      for (Connection connection : pooled) {
        try (connection;
            Statement statement = connection.createStatement()) {
          assertThat(connection.getNetworkTimeout()).isZero();
          assertThat(statement.getQueryTimeout()).isZero();
        }
      }
    }
  }

  @Test
  void takesASessionThatWasEndedForAnOutage() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.POSTGRESQL);
        TargetFixture world = new TargetFixture(databases)) {
      ChunkTarget<Object> target = target(world, world.database);
      Claim claim = target.claim(0, false);
      killSession(world);
      assertThatThrownBy(() -> target.commit(world.commit(claim, number(1))))
          .isInstanceOf(OutageException.class)
          .hasMessageStartingWith(
              "partition p1 in database 'target' cannot move its checkpoint on: ");
      target.close();

      ChunkTarget<Object> next = target(world, world.database);
      next.commit(world.commit(next.claim(claim.fence().owner(), true), number(1)));
      assertThat(world.count("numbers")).isEqualTo(1);
    }
  }

  @Test
  void takesASessionThatWasEndedInTheMiddleOfAWriteForAnOutage() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.POSTGRESQL);
        TargetFixture world = new TargetFixture(databases)) {
      HookedDataSource[] hooks = new HookedDataSource[1];
      ChunkTarget<Object> target = target(world, hooked(world, hooks));
      Claim claim = target.claim(0, false);
      hooks[0].before("unwrap", () -> killSession(world));
      assertThatThrownBy(() ->
              target.commit(world.commit(claim.fence(), Tally.ZERO, List.of(reject(1)), number(1))))
          .isInstanceOf(OutageException.class)
          .hasMessageStartingWith("partition p1 in database 'target' cannot write: ");
      target.close();
      assertNothing(world);
    }
  }

  @Test
  void takesAnH2DatabaseThatWasShutDownForAnOutage() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.H2_FILE);
        TargetFixture world = new TargetFixture(databases)) {
      ChunkTarget<Object> target = target(world, world.database);
      Claim claim = target.claim(0, false);
      world.sql.execute("shutdown immediately");
      assertThatThrownBy(() -> target.commit(world.commit(claim, number(1))))
          .isInstanceOf(OutageException.class);
      target.close();
      world
          .database
          .dataSource()
          .unwrap(HikariDataSource.class)
          .getHikariPoolMXBean()
          .softEvictConnections(); // as the pool does by itself before long

      ChunkTarget<Object> next = target(world, world.database);
      next.commit(world.commit(next.claim(claim.fence().owner(), true), number(1)));
      assertThat(world.count("numbers")).isEqualTo(1);
    }
  }

  @Test
  void doesNotKnowWhatBecameOfACommitWhoseSessionWasEnded() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.POSTGRESQL);
        TargetFixture world = new TargetFixture(databases)) {
      HookedDataSource[] hooks = new HookedDataSource[1];
      ChunkTarget<Object> target = target(world, hooked(world, hooks));
      Claim claim = target.claim(0, false);
      hooks[0].before("commit", () -> killSession(world));
      assertThatThrownBy(() -> target.commit(world.commit(claim, number(1))))
          .isInstanceOf(UnknownOutcomeException.class);
      target.close();
      assertNothing(world);
    }
  }

  @Test
  void takesAConstraintCheckedAtCommitForAFailedWrite() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.POSTGRESQL);
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table numbers (a bigint unique deferrable initially deferred)");
      ChunkTarget<Object> target = target(world, world.database);
      Claim claim = target.claim(0, false);
      assertThatThrownBy(() -> target.commit(world.commit(claim, number(1), number(1))))
          .isInstanceOf(WriteException.class)
          .hasMessageContaining("duplicate key");
      assertNothing(world);
    }
  }

  @Test
  void takesADatabaseThatIsNotThereForAnOutage() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.POSTGRESQL);
        TargetFixture world = new TargetFixture(databases)) {
      ChunkTarget<Object> target = target(world, world.database);
      String url = databases.address("target").url().replaceAll(":\\d+/", ":1/");
      var nowhere = new org.postgresql.ds.PGSimpleDataSource();
      nowhere.setURL(url);
      JdbcWriting writing = new JdbcWriting(
          new Jdbc("target", "numbers", Jdbc.Mode.INSERT, List.of(), false, Map.of()),
          new Database("target", nowhere),
          COLUMNS,
          null);
      assertThatThrownBy(writing::prepare)
          .isInstanceOf(OutageException.class)
          .hasMessageStartingWith("database 'target': Connection to localhost:1 refused.");
      target.close();
    }
  }

  @Test
  void rejectsATextThatTheDatabaseCannotHold() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.POSTGRESQL);
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (s text)");
      Columns columns = columns("s:string");
      JdbcWriting writing = new JdbcWriting(
          new Jdbc("target", "t", Jdbc.Mode.INSERT, List.of(), false, Map.of()),
          world.database,
          columns,
          null);
      writing.prepare();
      ChunkTarget<Object> target = world.opened(writing.target(world.partition));
      Claim claim = target.claim(0, false);
      assertThatThrownBy(() -> target.commit(world.commit(claim, row(columns, "a\0b"))))
          .isInstanceOf(WriteException.class)
          .hasMessageContaining("0x00");
    }
  }
}
