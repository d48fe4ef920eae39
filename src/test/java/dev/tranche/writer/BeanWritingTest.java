package dev.tranche.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.ItemError;
import dev.tranche.chunk.WriteException;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.store.Claim;
import dev.tranche.store.SqlErrors;
import dev.tranche.store.Tally;
import dev.tranche.testing.Background;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase.Kind;
import dev.tranche.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamWriter;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.batch.infrastructure.item.database.builder.JdbcBatchItemWriterBuilder;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

class BeanWritingTest {

  /** A world with a table for names, and a writer into it. */
  private static ChunkTarget<Object> target(
      TargetFixture world, ItemWriter<Object> writer, @Nullable String connection) {
    if (world
        .sql
        .queryForList("select 1 from INFORMATION_SCHEMA.TABLES where lower(TABLE_NAME) = 'names'")
        .isEmpty()) {
      world.sql.execute("create table names (name varchar(20) primary key)");
    }
    BeanWriting writing = new BeanWriting(
        new WriteDefinition.Bean("writer", connection), world.database, Duration.ofSeconds(30));
    return world.opened(writing.target(world.partition, writer));
  }

  private static ItemWriter<Object> inserting(DataSource dataSource) {
    JdbcTemplate sql = new JdbcTemplate(dataSource);
    return chunk -> chunk.forEach(name -> sql.update("insert into names values (?)", name));
  }

  private static void assertNothing(TargetFixture world) {
    assertThat(world.count("names")).isZero();
    assertThat(world.stored().checkpoint().tally()).isEqualTo(Tally.ZERO);
  }

  @AfterEach
  void leavesNoTransactionOnTheThread() {
    assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
    assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isFalse();
    assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
  }

  @EveryDatabase
  void letsABeanWriteInTheCheckpointsTransaction(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      ChunkTarget<Object> target = target(world, inserting(world.database.dataSource()), "target");
      Claim claim = target.claim(0, false);
      assertThatThrownBy(() -> target.commit(world.commit(claim, "a", "b", "a")))
          .isInstanceOf(WriteException.class)
          .hasCauseInstanceOf(DataAccessException.class);
      assertNothing(world);

      target.commit(world.commit(claim, "a", "b"));
      assertThat(world.count("names")).isEqualTo(2);
      assertThat(world.stored().checkpoint().tally().written()).isEqualTo(2);
    }
  }

  @EveryDatabase
  void letsSpringBatchsOwnWriterJoin(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      ItemWriter<Object> stock = new JdbcBatchItemWriterBuilder<>()
          .dataSource(world.database.dataSource())
          .sql("insert into names values (?)")
          .itemPreparedStatementSetter((item, statement) -> statement.setObject(1, item))
          .build();
      ChunkTarget<Object> target = target(world, stock, "target");
      Claim claim = target.claim(0, false);
      assertThatThrownBy(() -> target.commit(world.commit(claim, "a", "a")))
          .isInstanceOf(WriteException.class);
      assertNothing(world);
      target.commit(world.commit(claim, "a", "b"));
      assertThat(world.count("names")).isEqualTo(2);
    }
  }

  @EveryDatabase
  void letsTransactionalMethodsJoinOrStandAlone(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      DataSource dataSource = world.database.dataSource();
      JdbcTemplate sql = new JdbcTemplate(dataSource);
      TransactionTemplate joining = new TransactionTemplate(new JdbcTransactionManager(dataSource));
      TransactionTemplate alone = new TransactionTemplate(new JdbcTransactionManager(dataSource));
      alone.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
      TransactionTemplate nested = new TransactionTemplate(new JdbcTransactionManager(dataSource));
      nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
      ItemWriter<Object> writer = chunk -> {
        joining.executeWithoutResult(t -> sql.update("insert into names values ('joined')"));
        alone.executeWithoutResult(t -> sql.update("insert into names values ('alone')"));
        nested.executeWithoutResult(t -> {
          sql.update("insert into names values ('undone')");
          t.setRollbackOnly();
        });
        if (chunk.getItems().contains("fail")) {
          throw new IllegalStateException("asked to fail");
        }
      };
      ChunkTarget<Object> target = target(world, writer, "target");
      Claim claim = target.claim(0, false);
      assertThatThrownBy(() -> target.commit(world.commit(claim, "fail")))
          .isInstanceOf(WriteException.class)
          .hasMessage("asked to fail");
      assertThat(sql.queryForList("select name from names", String.class)).containsExactly("alone");

      sql.update("delete from names");
      target.commit(world.commit(claim, "go"));
      assertThat(sql.queryForList("select name from names", String.class))
          .containsExactlyInAnyOrder("alone", "joined");
    }
  }

  @EveryDatabase
  void rollsBackWhatAWriterMarkedForRollback(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      DataSource dataSource = world.database.dataSource();
      TransactionTemplate joining = new TransactionTemplate(new JdbcTransactionManager(dataSource));
      ItemWriter<Object> writer = chunk -> {
        inserting(dataSource).write(chunk);
        joining.executeWithoutResult(t -> t.setRollbackOnly());
      };
      ChunkTarget<Object> target = target(world, writer, "target");
      Claim claim = target.claim(0, false);
      assertThatThrownBy(() -> target.commit(world.commit(claim, "a")))
          .isInstanceOf(WriteException.class)
          .hasCauseInstanceOf(UnexpectedRollbackException.class);
      assertNothing(world);
    }
  }

  @EveryDatabase
  void keepsAWriterFromEndingTheTransaction(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      DataSource dataSource = world.database.dataSource();
      ItemWriter<Object> writer = chunk -> {
        inserting(dataSource).write(chunk);
        Connection connection = DataSourceUtils.getConnection(dataSource);
        connection.close();
        connection.commit();
      };
      ChunkTarget<Object> target = target(world, writer, "target");
      Claim claim = target.claim(0, false);
      assertThatThrownBy(() -> target.commit(world.commit(claim, "a")))
          .isInstanceOf(WriteException.class)
          .hasMessage("commit() is not for the writer: this transaction is the chunk's, and ends"
              + " with its checkpoint");
      assertNothing(world);
    }
  }

  @EveryDatabase
  void tellsThoseWhoWaitHowTheTransactionEnded(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      List<String> told = new ArrayList<>();
      ItemWriter<Object> writer = chunk -> {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
          @Override
          public void beforeCommit(boolean readOnly) {
            told.add("before commit");
            if (chunk.getItems().contains("bad")) {
              throw new IllegalStateException("not now");
            }
          }

          @Override
          public void beforeCompletion() {
            told.add("before completion");
          }

          @Override
          public void afterCommit() {
            told.add("after commit");
            throw new IllegalStateException("too late to matter");
          }

          @Override
          public void afterCompletion(int status) {
            told.add("completed " + status);
          }
        });
        inserting(world.database.dataSource()).write(chunk);
      };
      ChunkTarget<Object> target = target(world, writer, "target");
      Claim claim = target.claim(0, false);
      assertThatThrownBy(() -> target.commit(world.commit(claim, "bad")))
          .isInstanceOf(WriteException.class)
          .hasMessage("not now");
      assertNothing(world);
      assertThat(told).containsExactly("before commit", "before completion", "completed 1");

      told.clear();
      target.commit(world.commit(claim, "good"));
      assertThat(world.count("names")).isEqualTo(1);
      assertThat(told)
          .containsExactly("before commit", "before completion", "after commit", "completed 0");
    }
  }

  @EveryDatabase
  void leavesABeanWithoutConnectionOnItsOwn(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      List<Boolean> inTransaction = new ArrayList<>();
      ItemWriter<Object> writer = chunk -> {
        inTransaction.add(TransactionSynchronizationManager.isActualTransactionActive());
        inserting(world.database.dataSource()).write(chunk);
      };
      ChunkTarget<Object> target = target(world, writer, null);
      Claim claim = target.claim(0, false);
      assertThatThrownBy(() -> target.commit(world.commit(claim, "a", "a")))
          .isInstanceOf(WriteException.class);
      assertThat(world.count("names")).isEqualTo(1); // at least once
      assertThat(world.stored().checkpoint().tally()).isEqualTo(Tally.ZERO);
      assertThat(inTransaction).containsExactly(false);
    }
  }

  @Test
  void takesAnOutageOfAnotherDatabaseForARefusedWrite() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.H2_MEMORY);
        TargetFixture world = new TargetFixture(databases)) {
      SQLException away = new SQLException("no route to host", "08001");
      ItemWriter<Object> writer = chunk -> {
        throw away;
      };
      ChunkTarget<Object> target = target(world, writer, null);
      Claim claim = target.claim(0, false);
      assertThatThrownBy(() -> target.commit(world.commit(claim, "a")))
          .isInstanceOf(WriteException.class)
          .hasCause(away);
    }
  }

  @Test
  void noticesThatAWriterHidAFailureOfTheTransaction() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.POSTGRESQL);
        TargetFixture world = new TargetFixture(databases)) {
      ItemWriter<Object> writer = chunk -> {
        inserting(world.database.dataSource()).write(chunk);
        try {
          inserting(world.database.dataSource()).write(chunk);
        } catch (DataAccessException hidden) {
          // as careless writers do
        }
      };
      ChunkTarget<Object> target = target(world, writer, "target");
      Claim claim = target.claim(0, false);
      assertThatThrownBy(() -> target.commit(world.commit(claim, "a")))
          .isInstanceOf(WriteException.class)
          .hasMessageStartingWith("the writer went on after an error of its database, which keeps"
              + " nothing of a transaction that failed: ERROR: current transaction is aborted");
      assertNothing(world);
    }
  }

  @Test
  void noticesThatAWriterHidADeadlockAfterWhichTheSessionWentOn() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.MARIADB);
        TargetFixture world = new TargetFixture(databases);
        Connection other = world.database.connect();
        Statement others = other.createStatement()) {
      world.sql.execute("create table locked (n int primary key, v int not null)");
      world.sql.execute("insert into locked select seq, 0 from seq_1_to_100");
      // The deadlock's victim is who has changed least.
      others.execute("update locked set v = 1 where n > 1");
      JdbcTemplate joined = new JdbcTemplate(world.database.dataSource());
      ItemWriter<Object> writer = chunk -> {
        joined.execute("update locked set v = 2 where n = 1");
        CompletableFuture<Boolean> waiting = Background.supply(() -> {
          try {
            return others.execute("update locked set v = 1 where n = 1");
          } catch (SQLException error) {
            throw new IllegalStateException(error);
          }
        });
        databases.awaitBlockedSession("target");
        try {
          joined.execute("update locked set v = 2 where n = 2");
        } catch (DataAccessException hidden) {
          // as careless writers do
        }
        waiting.join();
        inserting(world.database.dataSource()).write(chunk);
      };
      ChunkTarget<Object> target = target(world, writer, "target");
      Claim claim = target.claim(0, false);
      assertThatThrownBy(() -> target.commit(world.commit(claim, "a")))
          .isInstanceOf(WriteException.class)
          .hasMessage("the writer went on after the database had rolled the chunk's transaction"
              + " back")
          .matches(SqlErrors::isTransient, "tried again");
      assertNothing(world);
    }
  }

  @Test
  void givesEveryItemAKeyThatStaysTheSame() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.H2_MEMORY);
        TargetFixture world = new TargetFixture(databases)) {
      List<String> seen = new ArrayList<>();
      ItemWriter<Object> writer = new KeyedItemWriter<>() {
        @Override
        public void write(Chunk<? extends Object> chunk, List<String> keys) {
          for (int i = 0; i < chunk.size(); i++) {
            seen.add(keys.get(i) + "=" + chunk.getItems().get(i));
          }
          if (seen.size() == 2) {
            throw new ItemError("the service says no", null);
          }
        }
      };
      ChunkTarget<Object> target = target(world, writer, null);
      Claim claim = target.claim(0, false);
      assertThatThrownBy(() -> target.commit(world.commit(claim, "a", "b")))
          .isInstanceOf(WriteException.class)
          .hasMessage("the service says no");
      target.commit(world.commit(claim, "a", "b"));
      String prefix = world.partition.layout() + "/p1/";
      assertThat(seen)
          .containsExactly(prefix + "0=a", prefix + "1=b", prefix + "0=a", prefix + "1=b");
      assertThatThrownBy(() -> writer.write(new Chunk<>("a")))
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void opensAndClosesAStreamWithTheAttempt() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.H2_MEMORY);
        TargetFixture world = new TargetFixture(databases)) {
      List<String> told = new ArrayList<>();
      ItemStreamWriter<Object> writer = new ItemStreamWriter<>() {
        @Override
        public void open(ExecutionContext context) {
          told.add("open");
        }

        @Override
        public void write(Chunk<? extends Object> chunk) {
          told.add("write " + chunk.getItems());
        }

        @Override
        public void update(ExecutionContext context) {
          told.add("update");
        }

        @Override
        public void close() {
          told.add("close");
        }
      };
      ChunkTarget<Object> target = target(world, writer, null);
      Claim claim = target.claim(0, false);
      target.commit(world.commit(claim, "a"));
      target.commit(world.commit(claim.fence().next(), Tally.ZERO, List.of()));
      target.close();
      target.close();
      assertThat(told).containsExactly("open", "write [a]", "update", "update", "close");
    }
  }

  @Test
  void saysWhatItPromises() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.H2_MEMORY);
        TargetFixture world = new TargetFixture(databases)) {
      assertThat(new BeanWriting(new WriteDefinition.Bean("w", "dwh"), world.database, null)
              .guarantee())
          .isEqualTo("exactly once for what the bean writes through the data source of connection"
              + " 'dwh'; at least once for everything else it does");
      assertThat(new BeanWriting(new WriteDefinition.Bean("w", null), world.database, null)
              .guarantee())
          .isEqualTo("at least once: after a failure the bean may be given the items of one chunk"
              + " again. To tell them, implement KeyedItemWriter; to write in the checkpoint's"
              + " transaction, name its connection:");
    }
  }
}
