package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.row.Row;
import dev.tranche.testing.CountingDataSource;
import dev.tranche.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** What a whole run costs the databases, statement by statement, however many partitions it has. */
class ManyPartitionsTest {

  private static final CountingDataSource counting =
      new CountingDataSource(new DelegatingDataSource());

  private static final long FIRST = 20_000;

  /** The item that cannot be processed; 0 if all can. */
  private static volatile long bad;

  @EnableAutoConfiguration
  static class Counted {

    @Bean
    @ConfigurationProperties("counted")
    HikariDataSource dataSource() {
      return new CountedPool();
    }

    @Bean
    ItemProcessor<Row, Row> check() {
      return row -> {
        if (Long.valueOf(bad).equals(row.get("n"))) {
          throw new IllegalArgumentException("bad luck");
        }
        return row;
      };
    }
  }

  /** The application's pool; the heartbeat has its own, which does not count. */
  static class CountedPool extends HikariDataSource {
    @Override
    public Connection getConnection() throws SQLException {
      return counting.counted(super.getConnection());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TestDatabase.Kind.class,
      names = {"H2_MEMORY", "POSTGRESQL", "MARIADB"})
  void aChunkCostsOneStatementAndItsRowsAndAPartitionFiveAtMost(TestDatabase.Kind kind)
      throws Exception {
    try (TestDatabase databases = new TestDatabase(kind);
        World world = counted(databases, 100)) {
      world
          .job("first", job(1, 1, 100))
          .job("one", job(1, 1, 100))
          .job("items", job(10, 1, 5))
          .job("more-chunks", job(10, 1, 1))
          .job("more-partitions", job(20, 1, 5));
      statements(world, "first"); // what is created and asked once

      int fixed = besideChunks(world, databases, "one", 1) - 5;
      assertThat(besideChunks(world, databases, "items", 20)).isLessThanOrEqualTo(fixed + 10 * 5);
      assertThat(besideChunks(world, databases, "more-chunks", 100))
          .isLessThanOrEqualTo(fixed + 10 * 5);
      assertThat(besideChunks(world, databases, "more-partitions", 20))
          .isLessThanOrEqualTo(fixed + 20 * 5);
    }
  }

  /** The statements that are no chunk's, which has one for its checkpoint and one for its rows. */
  private static int besideChunks(World world, TestDatabase databases, String job, int chunks) {
    int all = statements(world, job);
    assertThat(counting.count("update TRANCHE_CHECKPOINT set SEQ")).isEqualTo(chunks);
    assertThat(counting.count(rows(databases))).as("one batch a chunk").isEqualTo(chunks);
    return all - 2 * chunks;
  }

  private static String rows(TestDatabase databases) {
    return databases.quoted("item") + " (" + databases.quoted("n") + ")";
  }

  @Test
  void tenThousandPartitionsRunAndTheOneThatFailedIsRestartedAtTheCostOfOneAmongTen()
      throws Exception {
    int amongTen = statementsOfARestart(TestDatabase.Kind.POSTGRESQL, 10);
    assertThat(statementsOfARestart(TestDatabase.Kind.POSTGRESQL, 1_000)).isEqualTo(amongTen);
    assertThat(statementsOfARestart(TestDatabase.Kind.POSTGRESQL, 10_000)).isEqualTo(amongTen);
  }

  @Test
  void aRestartOnMariaDbCostsTheSameAmongAHundredAsAmongTen() throws Exception {
    assertThat(statementsOfARestart(TestDatabase.Kind.MARIADB, 100))
        .isEqualTo(statementsOfARestart(TestDatabase.Kind.MARIADB, 10));
  }

  private static int statementsOfARestart(TestDatabase.Kind kind, int partitions)
      throws Exception {
    try (TestDatabase databases = new TestDatabase(kind);
        World world = counted(databases, partitions)) {
      world.job("items", job(partitions, 4, 100));
      bad = FIRST;
      ExecutionView failed = world.run("items");
      assertThat(failed.status()).isEqualTo("FAILED");
      assertThat(failed.tally().written()).isEqualTo(partitions - 1);
      bad = 0;
      counting.reset();
      ExecutionView restarted =
          world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE);
      final int statements = counting.count();

      assertThat(restarted.status()).isEqualTo("COMPLETED");
      assertThat(restarted.tally().written()).isEqualTo(partitions);
      assertThat(restarted.thisExecution().written()).isEqualTo(1);
      assertThat(world.count("select count(distinct n) from item")).isEqualTo(partitions);
      assertThat(world.count("select count(*) from item")).isEqualTo(partitions);
      assertThat(world.count("select count(*) from BATCH_STEP_EXECUTION"))
          .as("two steps and their lanes, not partitions")
          .isEqualTo(2 + 4 + 1);
      assertThat(world.tranche().show(restarted.execution()).steps().get(0).partitions())
          .hasSize(partitions)
          .allSatisfy(partition -> assertThat(partition.status()).isEqualTo("COMPLETED"));
      return statements;
    }
  }

  /** {@code items} lines of one length each, and nothing that is counted yet. */
  private static World counted(TestDatabase databases, int items) {
    World world = new World(databases).with(Counted.class);
    TestDatabase.Address address = databases.address("default");
    world
        .set("counted.jdbc-url", address.url())
        .set("counted.username", address.username())
        .set("counted.password", address.password())
        .set("counted.maximum-pool-size", 12);
    world.sql().sql("create table item (n bigint not null)").update();
    return world.file(
        "items.csv",
        IntStream.range(0, items)
            .mapToObj(i -> FIRST + i + "\n")
            .collect(Collectors.joining("", "n\n", "")));
  }

  private static String job(int partitions, int lanes, int chunk) {
    return Items.job(partitions, lanes, chunk, "map", "      - bean: check");
  }

  private static int statements(World world, String job) {
    world.tranche();
    bad = 0;
    counting.reset();
    assertThat(world.run(job).status()).isEqualTo("COMPLETED");
    return counting.count();
  }
}
