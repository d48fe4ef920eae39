package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.ExecutionView;
import dev.tranche.PurgeRule;
import dev.tranche.PurgeView;
import dev.tranche.RefusedException;
import dev.tranche.RunObserver;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a purge removes, and what it never does; also of jobs that are the application's own. */
class RetentionTest {

  private static final String LOAD =
      """
      parameters: { n: { type: long } }
      steps:
        - name: load
          read: { type: csv, files: "item-${n}.csv", columns: { n: long } }
          write: { type: jdbc, table: item%s }
      """;

  private static final String REJECTING =
      """
      parameters: { n: { type: long } }
      steps:
        - name: load
          read: { type: csv, files: "item-${n}.csv", columns: { n: long } }
          process:
            - check: { n: { max: %s } }
          on-error: { skip: { limit: 9 } }
          write: { type: jdbc, table: item, connection: target }
      """;

  private static final List<String> TABLES = List.of(
      "BATCH_JOB_INSTANCE",
      "BATCH_JOB_EXECUTION",
      "BATCH_JOB_EXECUTION_PARAMS",
      "BATCH_JOB_EXECUTION_CONTEXT",
      "BATCH_STEP_EXECUTION",
      "BATCH_STEP_EXECUTION_CONTEXT",
      "TRANCHE_STEP",
      "TRANCHE_PARTITION",
      "TRANCHE_RUN");

  @EnableAutoConfiguration
  static class Own {
    @Bean
    Job own(JobRepository repository) {
      return new JobBuilder("own", repository)
          .start(new StepBuilder("hello", repository)
              .tasklet((contribution, context) -> RepeatStatus.FINISHED)
              .build())
          .build();
    }
  }

  @EveryDatabase
  void removesAllOfWhatIsOldButForTheLast(TestDatabase databases) throws Exception {
    try (databases;
        World world = new World(databases).loadsIntoTarget()) {
      world.sql().sql("create table item (n bigint)").update();
      world.job("load", LOAD.formatted(", connection: target"));
      for (int n = 1; n <= 4; n++) {
        world.file("item-" + n + ".csv", n == 2 ? "n\nx\n" : "n\n" + n + "\n");
        run(world, n);
      }
      age(databases, 100);
      Map<String, Long> before = counts(databases);
      assertThat(before.get("BATCH_JOB_INSTANCE")).isEqualTo(4);

      PurgeRule rule = rule(90, 1);
      PurgeView dry = world.tranche().purge(null, rule, true);
      assertThat(dry.jobs())
          .containsExactly(new PurgeView.Purged("load", "COMPLETED", 2, 2));
      assertThat(counts(databases)).isEqualTo(before);
      assertThat(world.tranche().purge(null, rule(101, 1), false).jobs()).isEmpty();
      assertThat(world.tranche().purge("another", rule, false).jobs()).isEmpty();

      assertThat(world.tranche().purge(null, rule, false).jobs()).isEqualTo(dry.jobs());
      assertThat(counts(databases).get("BATCH_JOB_INSTANCE")).isEqualTo(2);
      assertThat(world.tranche().purge("load", rule(90, 0), false).jobs())
          .as("the last good one stays, whatever the rule")
          .containsExactly(new PurgeView.Purged("load", "FAILED", 1, 1));
      assertThat(counts(databases).values()).containsOnly(1L);
      assertThat(world.count("select count(*) from TRANCHE_CHECKPOINT")).isEqualTo(1);
      assertThat(world.count("select count(*) from item")).as("what was loaded").isEqualTo(3);
      ExecutionView left = world.tranche().executions(null, 9).get(0);
      assertThat(left.parameters()).containsEntry("n", "4");
      assertThat(world.tranche().partitions(left.execution())).hasSize(1);
    }
  }

  /** Rejects are data that is nowhere else. */
  @EveryDatabase
  void keepsWhatHasRejectsThatNobodyHasRunAgain(TestDatabase databases) throws Exception {
    try (databases;
        World world = new World(databases).loadsIntoTarget()) {
      world.sql().sql("create table item (n bigint)").update();
      world.job("load", REJECTING.formatted(9));
      for (int n = 1; n <= 4; n++) {
        world.file("item-" + n + ".csv", "n\n1\n" + (n < 3 ? "1" + n + "\n1" + n + "\n" : ""));
        run(world, n);
      }
      age(databases, 100);
      PurgeRule rule = rule(90, 1);

      PurgeView dry = world.tranche().purge(null, rule, true);
      assertThat(dry.jobs()).containsExactly(new PurgeView.Purged("load", "COMPLETED", 1, 1));
      assertThat(dry.kept()).containsExactly(new PurgeView.Kept("load", "COMPLETED", 2, 4));
      assertThat(world.tranche().purge(null, rule, false))
          .isEqualTo(new PurgeView(false, dry.jobs(), dry.kept()));
      assertThat(counts(databases).get("BATCH_JOB_INSTANCE")).isEqualTo(3);
      assertThat(world.count("select count(*) from TRANCHE_REJECT")).isEqualTo(4);

      world.job("load", REJECTING.formatted(11)); // right for those of the first, not of the second
      assertThat(world.tranche().redrive(1, RunObserver.NONE).status()).isEqualTo("COMPLETED");
      PurgeView then = world.tranche().purge(null, rule, false);
      assertThat(then.jobs())
          .as("also the fourth, since the last good one is the redrive now")
          .containsExactly(new PurgeView.Purged("load", "COMPLETED", 2, 2));
      assertThat(then.kept()).containsExactly(new PurgeView.Kept("load", "COMPLETED", 1, 2));

      PurgeView all =
          world.tranche().purge(null, new PurgeRule(rule.byStatus(), true), false);
      assertThat(all.jobs()).containsExactly(new PurgeView.Purged("load", "COMPLETED", 1, 1));
      assertThat(all.kept()).isEmpty();
      assertThat(world.count("select count(*) from TRANCHE_REJECT")).isZero();
    }
  }

  /** As each night goes by. */
  @EveryDatabase
  void givesOpenRejectsUpWhereTheSettingsSaySo(TestDatabase databases) throws Exception {
    try (databases;
        World world =
            new World(databases).loadsIntoTarget().set("tranche.retention.completed.last", 1)) {
      world.sql().sql("create table item (n bigint)").update();
      world.job("load", REJECTING.formatted(9));
      for (int n = 1; n <= 2; n++) {
        world.file("item-" + n + ".csv", "n\n10\n");
        run(world, n);
      }
      age(databases, 100);

      PurgeView kept = world.tranche().purge(null, null, true);
      assertThat(kept.jobs()).isEmpty();
      assertThat(kept.kept()).containsExactly(new PurgeView.Kept("load", "COMPLETED", 1, 1));

      world.shutDown();
      world.set("tranche.retention.open-rejects", true);
      PurgeView given = world.tranche().purge(null, null, true);
      assertThat(given.jobs()).containsExactly(new PurgeView.Purged("load", "COMPLETED", 1, 1));
      assertThat(given.kept()).isEmpty();
    }
  }

  @EveryDatabase
  void removesNothingWhoseRejectsItCannotLookFor(TestDatabase databases) throws Exception {
    try (databases;
        World world = new World(databases)) {
      world.sql().sql("create table item (n bigint)").update();
      world.job("load", REJECTING.formatted(9).replace(", connection: target", ""));
      for (int n = 1; n <= 2; n++) {
        world.file("item-" + n + ".csv", "n\n1\n");
        run(world, n);
      }
      age(databases, 100);
      repository(databases).sql("update TRANCHE_STEP set TARGET = 'gone'").update();

      assertThatThrownBy(() -> world.tranche().purge(null, rule(90, 1), false))
          .isInstanceOf(RefusedException.class)
          .hasMessage(
              "connection 'gone', which holds the rejects of what is to be removed, is not"
                  + " configured here (tranche.connections.gone), so that nobody can tell whether"
                  + " they were run again. Purge where it is, or with --open-rejects"
                  + " (tranche.retention.open-rejects)");
      assertThat(counts(databases).get("BATCH_JOB_INSTANCE")).isEqualTo(2);
    }
  }

  @EveryDatabase
  void takesUpWhatAPurgeThatDiedHasLeft(TestDatabase databases) throws Exception {
    try (databases;
        World world = new World(databases).loadsIntoTarget()) {
      world.sql().sql("create table item (n bigint)").update();
      world.job("load", LOAD.formatted(", connection: target"));
      for (int n = 1; n <= 2; n++) {
        world.file("item-" + n + ".csv", "n\n" + n + "\n");
        run(world, n);
      }
      age(databases, 100);
      // As it is after the first transaction: Spring Batch's rows are gone, no checkpoint is.
      JdbcClient client = repository(databases);
      for (String from : List.of(
          "BATCH_STEP_EXECUTION_CONTEXT where STEP_EXECUTION_ID in (select STEP_EXECUTION_ID from"
              + " BATCH_STEP_EXECUTION where JOB_EXECUTION_ID = 1)",
          "BATCH_STEP_EXECUTION where JOB_EXECUTION_ID = 1",
          "BATCH_JOB_EXECUTION_CONTEXT where JOB_EXECUTION_ID = 1",
          "BATCH_JOB_EXECUTION_PARAMS where JOB_EXECUTION_ID = 1",
          "BATCH_JOB_EXECUTION where JOB_EXECUTION_ID = 1",
          "TRANCHE_RUN where JOB_INSTANCE_ID = 1",
          "BATCH_JOB_INSTANCE where JOB_INSTANCE_ID = 1")) {
        client.sql("delete from " + from).update();
      }
      assertThat(world.count("select count(*) from TRANCHE_CHECKPOINT")).isEqualTo(2);

      assertThat(world.tranche().purge(null, rule(90, 1), false).jobs()).isEmpty();

      assertThat(counts(databases).values()).containsOnly(1L);
      assertThat(world.count("select count(*) from TRANCHE_CHECKPOINT")).isEqualTo(1);
    }
  }

  @Test
  void listsSettlesAndPurgesJobsOfTheApplicationsOwn() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = new World(databases).with(Own.class).set("spring.batch.job.enabled", false)) {
      Job own = world.context().getBean("own", Job.class);
      for (long n = 1; n <= 3; n++) {
        world.operator().start(own, new JobParametersBuilder().addLong("n", n).toJobParameters());
      }
      JobParameters died = new JobParametersBuilder().addLong("n", 4L).toJobParameters();
      JobRepository repository = world.repository();
      JobInstance instance = repository.createJobInstance("own", died);
      JobExecution started =
          repository.createJobExecution(instance, died, new ExecutionContext());
      started.setStatus(BatchStatus.STARTED);
      started.setStartTime(LocalDateTime.now());
      repository.update(started);

      assertThat(world.tranche().executions("own", 9))
          .extracting(ExecutionView::status)
          .containsExactly("STARTED", "COMPLETED", "COMPLETED", "COMPLETED");
      assertThat(world.tranche().show(1).steps()).extracting("name").containsExactly("hello");
      assertThat(world.tranche().recover())
          .as("nobody but its owner knows that it is dead")
          .isEmpty();
      assertThat(world.tranche().recover(started.getId()).outcome())
          .isEqualTo("it was taken for dead, as said; execution 4 is FAILED");
      assertThatThrownBy(() -> world.tranche().recover(1))
          .isInstanceOf(RefusedException.class)
          .hasMessage("execution 1 is COMPLETED: there is nothing to settle");

      age(databases, 100);
      assertThat(world.tranche().purge("own", rule(90, 0), false).jobs())
          .containsExactly(
              new PurgeView.Purged("own", "COMPLETED", 2, 2),
              new PurgeView.Purged("own", "FAILED", 1, 1));
      assertThat(world.operator().start(own, died).getStatus().name()).isEqualTo("COMPLETED");
    }
  }

  @EveryDatabase
  void keepsTheAuditTrailAsTheSettingsSayWhateverIsPurged(TestDatabase databases)
      throws Exception {
    try (databases;
        World world = new World(databases)) {
      world.tranche().purge(null, rule(0, 0), false);
      for (int days : new int[] {1, 364, 366}) {
        repository(databases)
            .sql("insert into TRANCHE_AUDIT (NOTED_AT, USER_NAME, ADDRESS, ACTION, SUBJECT)"
                + " values (?, 'anna', '127.0.0.1', 'stop', ?)")
            .params(LocalDateTime.now(ZoneOffset.UTC).minusDays(days), days + " days ago")
            .update();
      }
      world.tranche().purge(null, rule(0, 0), false);
      assertThat(
              repository(databases)
                  .sql("select SUBJECT from TRANCHE_AUDIT order by AUDIT_ID")
                  .query(String.class)
                  .list())
          .containsExactly("1 days ago", "364 days ago");
    }
  }

  @Test
  void leavesWhatRuns() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = new World(databases)) {
      world.sql().sql("create table item (n bigint)").update();
      world.job("load", LOAD.formatted(""));
      world.file("item-1.csv", "n\nx\n");
      run(world, 1);
      age(databases, 100);
      repository(databases).sql("update TRANCHE_RUN set ACTIVE = true").update();
      assertThat(world.tranche().purge(null, rule(90, 0), false).jobs()).isEmpty();
      repository(databases).sql("update TRANCHE_RUN set ACTIVE = false").update();
      assertThat(world.tranche().purge(null, rule(90, 0), false).jobs()).hasSize(1);
    }
  }

  private static void run(World world, long n) {
    world.tranche().run("load", Map.of("n", String.valueOf(n)), false, RunObserver.NONE);
  }

  private static PurgeRule rule(int days, int last) {
    PurgeRule.Keep keep = new PurgeRule.Keep(days, last);
    return new PurgeRule(
        Map.of("COMPLETED", keep, "FAILED", keep, "STOPPED", keep, "ABANDONED", keep));
  }

  private static void age(TestDatabase databases, int days) {
    repository(databases)
        .sql("update BATCH_JOB_EXECUTION set END_TIME = ?")
        .param(Timestamp.valueOf(LocalDateTime.now().minusDays(days).minusHours(1)))
        .update();
  }

  private static Map<String, Long> counts(TestDatabase databases) {
    Map<String, Long> counts = new HashMap<>();
    for (String table : TABLES) {
      counts.put(
          table,
          repository(databases)
              .sql("select count(*) from " + table
                  + (table.equals("BATCH_STEP_EXECUTION")
                      ? " where STEP_NAME not like '%lane%'"
                      : table.equals("BATCH_STEP_EXECUTION_CONTEXT")
                          ? " where STEP_EXECUTION_ID in (select STEP_EXECUTION_ID from"
                              + " BATCH_STEP_EXECUTION where STEP_NAME not like '%lane%')"
                          : ""))
              .query(Long.class)
              .single());
    }
    return counts;
  }

  private static JdbcClient repository(
      TestDatabase databases) {
    return JdbcClient.create(
        databases.empty("default").dataSource());
  }
}
