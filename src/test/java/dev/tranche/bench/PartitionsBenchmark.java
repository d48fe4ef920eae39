package dev.tranche.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.tranche.RunObserver;
import dev.tranche.Tranche;
import dev.tranche.testing.Postgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.JdbcJobRepositoryFactoryBean;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * What partitions cost by themselves: stock Spring Batch's with a tasklet that does nothing, and
 * Tranche's with one row each, four at a time, on PostgreSQL; then a restart of one that failed.
 *
 * <p>{@code ./mvnw -Pbench test -Dtest=PartitionsBenchmark}; {@code -Dtranche.bench.partitions=…}
 * for Tranche, {@code -Dtranche.bench.stock-partitions=…}.
 */
class PartitionsBenchmark {

  private static final int OURS = Integer.getInteger("tranche.bench.partitions", 10_000);
  private static final int STOCK = Integer.getInteger("tranche.bench.stock-partitions", 1_000);
  private static final int THREADS = 4;

  @TempDir Path directory;

  @Test
  void runsPartitionsOfNextToNothing() throws Exception {
    Files.createDirectory(directory.resolve("jobs"));
    for (int count : new int[] {OURS / 10, OURS}) {
      Files.writeString(
          directory.resolve(count + ".csv"),
          IntStream.range(0, count)
              .mapToObj(i -> 1_000_000 + i + "\n")
              .collect(Collectors.joining("", "n\n", "")));
      Files.writeString(directory.resolve("jobs/job-" + count + ".yml"), job(count));
    }
    try (Postgres postgres = Postgres.database();
        HikariDataSource pool = LineitemBenchmark.pool(postgres);
        ConfigurableApplicationContext context = LineitemBenchmark.tranche(postgres, directory)) {
      JdbcClient client = JdbcClient.create(pool);
      client.sql("create table item (n bigint)").update();
      ServerTime server = new ServerTime(client);
      Tranche tranche = context.getBean(Tranche.class);
      stock(pool, 100);
      tranche.run("job-" + OURS / 10, Map.of(), true, RunObserver.NONE);
      report("stock", STOCK, Timing.of(() -> stock(pool, STOCK), server::nanos));
      for (int count : new int[] {OURS / 10, OURS}) {
        report(
            "tranche",
            count,
            Timing.of(
                () -> tranche.run("job-" + count, Map.of(), true, RunObserver.NONE),
                server::nanos));
      }
      restart(client, tranche);
    }
  }

  private static void restart(JdbcClient client, Tranche tranche) throws Exception {
    client.sql("truncate item").update();
    client.sql("alter table item add constraint unlucky check (n <> 1000017)").update();
    long failed = tranche.run("job-" + OURS, Map.of(), true, RunObserver.NONE).execution();
    client.sql("alter table item drop constraint unlucky").update();
    report(
        "tranche, restart of one among",
        OURS,
        Timing.of(() -> tranche.restart(failed, Set.of(), RunObserver.NONE)));
    long rows = client.sql("select count(*) from item").query(Long.class).single();
    if (rows != OURS) {
      throw new AssertionError(rows + " rows of " + OURS);
    }
  }

  private static void report(String what, int partitions, Timing.Took took) {
    System.out.printf(
        "%s %,d partitions: %.2f s, %.3f ms each; processor %.2f s, server's %.2f s%n",
        what,
        partitions,
        took.clock() / 1e9,
        took.clock() / 1e6 / partitions,
        took.processor() / 1e9,
        took.server() / 1e9);
  }

  private static void stock(HikariDataSource pool, int partitions) throws Exception {
    JdbcTransactionManager transactions = new JdbcTransactionManager(pool);
    JdbcJobRepositoryFactoryBean factory = new JdbcJobRepositoryFactoryBean();
    factory.setDataSource(pool);
    factory.setTransactionManager(transactions);
    factory.afterPropertiesSet();
    JobRepository repository = factory.getObject();
    ThreadPoolTaskExecutor threads = new ThreadPoolTaskExecutor();
    threads.setCorePoolSize(THREADS);
    threads.initialize();
    Step nothing =
        new StepBuilder("nothing", repository)
            .tasklet((contribution, chunk) -> RepeatStatus.FINISHED, transactions)
            .build();
    Step step =
        new StepBuilder("all", repository)
            .partitioner("nothing", count -> contexts(partitions))
            .step(nothing)
            .gridSize(partitions)
            .taskExecutor(threads)
            .build();
    var job = new JobBuilder("stock-" + partitions, repository).start(step).build();
    var instance = repository.createJobInstance(job.getName(), new JobParameters());
    JobExecution execution =
        repository.createJobExecution(instance, new JobParameters(), new ExecutionContext());
    job.execute(execution);
    threads.shutdown();
    if (execution.getStepExecutions().size() != partitions + 1) {
      throw new AssertionError(execution.getAllFailureExceptions().toString());
    }
  }

  private static Map<String, ExecutionContext> contexts(int partitions) {
    Map<String, ExecutionContext> contexts = new HashMap<>();
    for (int i = 0; i < partitions; i++) {
      contexts.put("p" + i, new ExecutionContext());
    }
    return contexts;
  }

  private static String job(int partitions) {
    return """
        name: job-%d
        steps:
          - name: load
            read: { type: csv, files: %d.csv, columns: { n: long } }
            partition: { by: bytes, count: %d, concurrency: %d }
            write: { type: jdbc, table: item, mode: insert }
        """
        .formatted(partitions, partitions, partitions, THREADS);
  }
}
