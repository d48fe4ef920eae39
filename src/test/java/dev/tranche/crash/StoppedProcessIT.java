package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.Postgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A process that is paused (SIGSTOP) in the middle of chunks, with rows locked in PostgreSQL, and
 * wakes up when another one has taken over, or while it does.
 */
class StoppedProcessIT {

  private static final long ROWS = 21_816;

  /** Chunks whose checkpoint is locked, while their process does not say a word. */
  private static final String HOLDING =
      """
      select count(*) from pg_locks l join pg_stat_activity a on a.pid = l.pid
       where l.relation = to_regclass('tranche_checkpoint') and l.mode = 'RowExclusiveLock'
         and a.state = 'idle in transaction' and a.datname = current_database()
      """;

  /** Most of a chunk's time is spent in the middle of its transaction. */
  private static final String SLOW =
      """
      create function slow() returns trigger language plpgsql as
        'begin perform pg_sleep(0.01); return null; end';
      create trigger slow before insert on earthquake for each statement execute function slow()
      """;

  private enum Wakes {
    WHEN_ALL_IS_DONE,
    WHILE_ITS_SUCCESSOR_WORKS
  }

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void commitsNothingWhenItWakesUpAndEndsItself(Wakes wakes) throws Exception {
    try (Postgres postgres = Postgres.database()) {
      JdbcClient sql = JdbcClient.create(postgres.dataSource());
      Installation installation = Installation.in(directory)
          .on(postgres)
          .chunks(50, wakes == Wakes.WHEN_ALL_IS_DONE ? "map" : "futures", 4)
          .set("tranche.lease", "2s")
          .set("tranche.takeover", "1s");
      try (Child zombie = installation.start("run", "load-earthquakes")) {
        pauseInTheMiddleOfAChunk(zombie, sql);
        String execution = count(sql, "select max(job_execution_id) from batch_job_execution") + "";

        try (Child successor = installation.start("restart", execution)) {
          if (wakes == Wakes.WHILE_ITS_SUCCESSOR_WORKS) {
            long before = count(sql, "select count(*) from earthquake");
            await(
                () -> count(sql, "select count(*) from earthquake") > before
                    || !successor.isAlive());
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

  private static void pauseInTheMiddleOfAChunk(Child child, JdbcClient sql) throws Exception {
    await(() -> count(sql, "select count(to_regclass('earthquake'))") == 1);
    sql.sql(SLOW).update();
    await(() -> count(sql, "select count(*) from earthquake") > 1000);
    while (child.isAlive()) {
      signal(child, "STOP");
      long asked = System.nanoTime();
      while (System.nanoTime() - asked < Duration.ofMillis(500).toNanos()) {
        if (count(sql, HOLDING) > 0) {
          return;
        }
      }
      signal(child, "CONT");
    }
    throw new AssertionError("never caught in the middle of a chunk: " + child.await());
  }

  private static void signal(Child child, String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, String.valueOf(child.pid())).start().waitFor();
  }

  private static void assertCompleteAndEachOnce(JdbcClient sql) {
    assertThat(count(sql, "select count(*) from earthquake")).isEqualTo(ROWS);
    assertThat(count(sql, "select count(distinct id) from earthquake")).isEqualTo(ROWS);
    assertThat(count(sql, "select sum(items_written) from tranche_checkpoint")).isEqualTo(ROWS);
    assertThat(
            sql.sql("select status from batch_job_execution order by job_execution_id")
                .query(String.class)
                .list())
        .containsExactly("FAILED", "COMPLETED");
    assertThat(count(sql, "select count(*) from batch_step_execution where end_time is null"))
        .isZero();
    assertThat(count(sql, "select count(*) from tranche_partition where status <> 'COMPLETED'"))
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
