package dev.tranche.bench;

import dev.tranche.RunObserver;
import dev.tranche.Tranche;
import dev.tranche.testing.Background;
import dev.tranche.testing.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A long history in PostgreSQL, made by SQL: executions of ten jobs with five step executions each,
 * one a minute, the last of them now. Every fiftieth FAILED.
 */
final class History implements AutoCloseable {

  static final int STEPS = 5;

  private static final String[] ROWS = {
    """
    insert into BATCH_JOB_INSTANCE
    select n, 0, 'job-' || n % 10, md5(n::text) from generate_series(1, :n) n
    """,
    """
    insert into BATCH_JOB_EXECUTION
    select n, 2, n, t, t, t + interval '5 s', case when n % 50 = 0 then 'FAILED' else 'COMPLETED' end,
           case when n % 50 = 0 then 'FAILED' else 'COMPLETED' end, '', t
      from (select n, localtimestamp - (:n - n) * interval '1 min' - interval '1 h' as t
              from generate_series(1, :n) n) x
    """,
    """
    insert into BATCH_JOB_EXECUTION_PARAMS
    select n, p, 'java.lang.String', p || n, 'Y'
      from generate_series(1, :n) n, unnest(array['day', 'region']) p
    """,
    """
    insert into BATCH_JOB_EXECUTION_CONTEXT select n, '{"@class":"java.util.HashMap"}', null
      from generate_series(1, :n) n
    """,
    """
    insert into BATCH_STEP_EXECUTION
    select (n - 1) * 5 + s, 3, case when s = 1 then 'load' else 'load:lane-' || s - 1 end, n, now(), now(),
           now(), 'COMPLETED', 10, 1000, 0, 1000, 0, 0, 0, 0, 'COMPLETED', '', now()
      from generate_series(1, :n) n, generate_series(1, 5) s
    """,
    """
    insert into BATCH_STEP_EXECUTION_CONTEXT select s, '{"@class":"java.util.HashMap"}', null
      from generate_series(1, :n * 5) s
    """,
    """
    insert into TRANCHE_STEP (JOB_INSTANCE_ID, STEP_NAME, LAYOUT, PHASE, PARTITIONS, PLACEHOLDERS, FILES,
           TARGET, DEFINITION)
    select n, 'load', 'layout-' || n, 'DONE', 2, '{"version":1,"values":{}}', '[]', 'default', 'none' from generate_series(1, :n) n
    """,
    """
    insert into TRANCHE_RUN select n, n, 'gone', 1, false, false, 0, 0 from generate_series(1, :n) n
    """,
    """
    insert into TRANCHE_FIRE
    select 'job-' || n % 10, n * 60000::bigint, false, 'RAN', null, n * 60000::bigint, 'gone', n
      from generate_series(1, :n) n
    """,
    "select setval('batch_job_instance_seq', :n)",
    "select setval('batch_job_execution_seq', :n)",
    "select setval('batch_step_execution_seq', :n * 5)"
  };

  private final Postgres postgres = Postgres.database();
  private final ConfigurableApplicationContext context;
  private final JdbcClient client = JdbcClient.create(postgres.dataSource());
  private static volatile CountDownLatch begun = new CountDownLatch(1);
  private static volatile Callable<Boolean> work = () -> false;

  @EnableAutoConfiguration
  static class Application {

    /** A step that commits for as long as the test has work for it. */
    @Bean
    Tasklet work() {
      return (contribution, chunk) -> {
        begun.countDown();
        return work.call() ? RepeatStatus.CONTINUABLE : RepeatStatus.FINISHED;
      };
    }
  }

  /** @param executions how many there are */
  History(Path directory, int executions) throws IOException {
    Files.createDirectories(directory.resolve("jobs"));
    Files.writeString(
        directory.resolve("jobs/busy.yml"), "name: busy\nsteps: [{ name: work, tasklet: work }]\n");
    Files.writeString(
        directory.resolve("jobs/brief.yml"),
        "name: brief\nparameters: { n: {} }\nsteps: [{ name: one, sql: select 1 }]\n");
    context = new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.NONE)
        .properties(Map.of(
            "spring.datasource.url", postgres.url(),
            "spring.datasource.username", postgres.username(),
            "spring.datasource.password", postgres.password(),
            "spring.batch.job.enabled", "false",
            "spring.batch.jdbc.initialize-schema", "always",
            "spring.batch.jdbc.isolation-level-for-create", "READ_COMMITTED",
            "tranche.initialize-schema", "always",
            "tranche.base-directory", directory.toString(),
            "logging.level.root", "WARN"))
        .run();
    tranche().schedules().fires(null, 1); // which makes all tables
    for (String sql : ROWS) {
      if (sql.startsWith("select")) {
        client.sql(sql).param("n", executions).query(Long.class).single();
      } else {
        client.sql(sql).param("n", executions).update();
      }
    }
    client.sql("analyze").update();
  }

  Tranche tranche() {
    return context.getBean(Tranche.class);
  }

  JdbcClient sql() {
    return client;
  }

  long count(String table) {
    return client.sql("select count(*) from " + table).query(Long.class).single();
  }

  /**
   * Begins a job that runs until {@code more} says that it is enough, asked once for each of its
   * commits; returns once it was asked first.
   */
  CompletableFuture<String> busy(Callable<Boolean> more) throws InterruptedException {
    CountDownLatch first = new CountDownLatch(1);
    work = more;
    begun = first;
    CompletableFuture<String> job = Background.supply(
        () -> tranche().run("busy", Map.of(), true, RunObserver.NONE).status());
    if (!first.await(2, TimeUnit.MINUTES)) {
      throw new AssertionError("the job did not begin");
    }
    return job;
  }

  @Override
  public void close() {
    context.close();
    postgres.close();
  }
}
