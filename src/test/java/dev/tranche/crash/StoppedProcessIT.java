package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A process that is paused (SIGSTOP) in the middle of chunks, with rows locked in a database, and
 * wakes up when another one has taken over, or while it does.
 */
class StoppedProcessIT {

  private static final long ROWS = 21_816;

  /**
   * A product, and what the test asks of it.
   *
   * @param there the number of tables to be loaded
   * @param slow makes a chunk spend most of its time in the middle of its transaction
   * @param holding the number of transactions with changed rows whose process does not say a word
   * @param pause for as long as it takes to get another answer to that
   */
  private record Product(
      TestDatabase.Kind kind, String there, List<String> slow, String holding, String pause) {

    @Override
    public String toString() {
      return kind.name();
    }
  }

  private static final Product POSTGRESQL = new Product(
      TestDatabase.Kind.POSTGRESQL,
      "select count(to_regclass('earthquake'))",
      List.of("""
              create function slow() returns trigger language plpgsql as
                'begin perform pg_sleep(0.01); return null; end'
              """, """
              create trigger slow before insert on earthquake
                for each statement execute function slow()
              """),
      """
          select count(*) from pg_locks l join pg_stat_activity a on a.pid = l.pid
           where l.relation = to_regclass('tranche_checkpoint') and l.mode = 'RowExclusiveLock'
             and a.state = 'idle in transaction' and a.datname = current_database()
          """,
      "select pg_sleep(0)");

  private static final Product MARIADB = new Product(
      TestDatabase.Kind.MARIADB,
      "select count(*) from information_schema.TABLES"
          + " where TABLE_SCHEMA = database() and TABLE_NAME = 'earthquake'",
      List.of("create trigger slow before insert on earthquake for each row do sleep(0.0005)"),
      """
          select count(*) from information_schema.INNODB_TRX t
            join information_schema.PROCESSLIST p on p.ID = t.TRX_MYSQL_THREAD_ID
           where p.DB = database() and p.COMMAND = 'Sleep' and t.TRX_ROWS_MODIFIED > 0
          """,
      "select sleep(0.12)");

  private static Stream<Arguments> wakes() {
    return Stream.of(POSTGRESQL, MARIADB)
        .flatMap(product -> Stream.of(Wakes.values()).map(wakes -> Arguments.of(product, wakes)))
        .filter(each -> each.get()[0] == POSTGRESQL || each.get()[1] == Wakes.WHEN_ALL_IS_DONE);
  }

  private enum Wakes {
    WHEN_ALL_IS_DONE,
    WHILE_ITS_SUCCESSOR_WORKS
  }

  @TempDir
  Path directory;

  @ParameterizedTest
  @MethodSource("wakes")
  void commitsNothingWhenItWakesUpAndEndsItself(Product product, Wakes wakes) throws Exception {
    try (TestDatabase databases = new TestDatabase(product.kind())) {
      JdbcClient sql = JdbcClient.create(databases.empty("default").dataSource());
      Installation installation = Installation.in(directory)
          .on(databases.address("default"))
          .chunks(50, wakes == Wakes.WHEN_ALL_IS_DONE ? "map" : "futures", 4)
          .set("tranche.lease", "2s")
          .set("tranche.takeover", "1s");
      try (Child zombie = installation.start("run", "load-earthquakes")) {
        pauseInTheMiddleOfAChunk(zombie, product, sql);
        String execution = count(sql, "select max(job_execution_id) from BATCH_JOB_EXECUTION") + "";

        try (Child successor = installation.start("restart", execution)) {
          if (wakes == Wakes.WHILE_ITS_SUCCESSOR_WORKS) {
            long before = count(sql, "select count(*) from earthquake");
            await(() ->
                count(sql, "select count(*) from earthquake") > before || !successor.isAlive());
            signal(zombie, "CONT");
          }
          Child.Result restarted = successor.await();
          assertThat(restarted.exit()).as(restarted.toString()).isZero();
          assertThat(restarted.err()).contains("which a stopped process left with locks");
        }
        assertCompleteAndEachOnce(sql);
        signal(zombie, "CONT");
        Child.Result woken = zombie.await();

        assertThat(woken.exit()).as(woken.toString()).isEqualTo(3);
        assertThat(woken.err())
            .contains("execution " + execution + " was taken away from this process");
        assertCompleteAndEachOnce(sql);
      }
    }
  }

  private static void pauseInTheMiddleOfAChunk(Child child, Product product, JdbcClient sql)
      throws Exception {
    await(() -> count(sql, product.there()) == 1);
    product.slow().forEach(statement -> sql.sql(statement).update());
    await(() -> count(sql, "select count(*) from earthquake") > 1000);
    while (child.isAlive()) {
      signal(child, "STOP");
      long asked = System.nanoTime();
      while (System.nanoTime() - asked < Duration.ofMillis(500).toNanos()) {
        sql.sql(product.pause()).query().singleRow();
        if (count(sql, product.holding()) > 0) {
          return;
        }
      }
      signal(child, "CONT");
    }
    throw new AssertionError("never caught in the middle of a chunk: " + child.await());
  }

  private static void signal(Child child, String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, String.valueOf(child.pid()))
        .start()
        .waitFor();
  }

  private static void assertCompleteAndEachOnce(JdbcClient sql) {
    assertThat(count(sql, "select count(*) from earthquake")).isEqualTo(ROWS);
    assertThat(count(sql, "select count(distinct id) from earthquake")).isEqualTo(ROWS);
    assertThat(count(sql, "select sum(items_written) from TRANCHE_CHECKPOINT")).isEqualTo(ROWS);
    assertThat(sql.sql("select status from BATCH_JOB_EXECUTION order by job_execution_id")
            .query(String.class)
            .list())
        .containsExactly("FAILED", "COMPLETED");
    assertThat(count(sql, "select count(*) from BATCH_STEP_EXECUTION where end_time is null"))
        .isZero();
    assertThat(count(sql, "select count(*) from TRANCHE_PARTITION where status <> 'COMPLETED'"))
        .isZero();
  }

  private static long count(JdbcClient sql, String query) {
    return sql.sql(query).query(Long.class).single();
  }

  private static void await(BooleanSupplier seen) {
    long began = System.nanoTime();
    while (!seen.getAsBoolean()) {
      if (System.nanoTime() - began > Duration.ofMinutes(1).toNanos()) {
        throw new AssertionError("not seen within a minute");
      }
      Thread.onSpinWait();
    }
  }
}
