package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.row.ColumnType;
import dev.tranche.row.Row;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.configuration.annotation.StepScope;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.batch.infrastructure.item.support.ListItemReader;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** Partitions of Spring Batch's own partitioned steps, over restarts; and the builder's words. */
class CsvSlicesTest {

  private static final AtomicInteger asked = new AtomicInteger();
  private static volatile long bad;

  @EnableAutoConfiguration
  static class Jobs {

    @Bean
    CsvSlices items(ChunkSteps steps) {
      return steps.csv("items/*.csv").column("n", ColumnType.LONG).build();
    }

    @Bean
    Job files(JobRepository repository, ChunkSteps steps, CsvSlices items) {
      ChunkStep load =
          steps.named("load").reader(items.reader()).processor(checked())
              .chunkSize(4).insertInto("item").build();
      return new JobBuilder("files", repository)
          .start(new StepBuilder("all", repository)
              .partitioner("load", items.byFile()).step(load).build())
          .build();
    }

    @Bean
    @StepScope
    ItemStreamReader<Row> rows(CsvSlices items) {
      return items.reader();
    }

    /** Slices, read by a step of Spring Batch's own. */
    @Bean
    Job stock(JobRepository repository, CsvSlices items, ItemStreamReader<Row> rows,
        PlatformTransactionManager transactions, JdbcTemplate jdbc) {
      return new JobBuilder("stock", repository)
          .start(new StepBuilder("all", repository)
              .partitioner("load", items.byBytes()).gridSize(2)
              .step(new StepBuilder("load", repository)
                  .<Row, Row>chunk(4).reader(rows).stream(rows).processor(checked())
                  .writer(chunk ->
                      chunk.forEach(row -> jdbc.update("insert into item values (?)", row.get("n"))))
                  .transactionManager(transactions).build())
              .build())
          .build();
    }

    /** A partitioner of the application's own, which gives something else each time. */
    @Bean
    Job frozen(JobRepository repository, ChunkSteps steps) {
      ChunkStep load =
          steps.named("load").reader(new ListItemReader<>(List.of(1L)))
              .processor(item -> {
                if (bad == 1) {
                  throw new IllegalArgumentException("bad luck");
                }
                return item;
              }).writer(chunk -> {}).build();
      return new JobBuilder("frozen", repository)
          .start(new StepBuilder("all", repository)
              .partitioner("load", steps.frozen(gridSize ->
                  Map.of("call" + asked.incrementAndGet(), new ExecutionContext(Map.of("a", 1)))))
              .step(load).build())
          .build();
    }

    private static ItemProcessor<Row, Row> checked() {
      return row -> {
        if (Long.valueOf(bad).equals(row.get("n"))) {
          throw new IllegalArgumentException("bad luck");
        }
        return row;
      };
    }
  }

  @EveryDatabase
  void runTheSamePartitionsAtARestartWhateverIsThereByThen(TestDatabase databases)
      throws Exception {
    try (databases;
        World world = world(databases)) {
      bad = 15;
      assertThat(start(world, "files").getStatus()).isEqualTo(BatchStatus.FAILED);
      bad = 0;
      world.file("items/0.csv", "n\n99\n"); // sorts first, so that all would move by one
      JobExecution restarted = start(world, "files");

      assertThat(restarted.getStatus()).isEqualTo(BatchStatus.COMPLETED);
      assertThat(restarted.getStepExecutions())
          .extracting(StepExecution::getStepName)
          .containsExactlyInAnyOrder("all", "load:p2");
      assertThat(world.count("select count(*) from item")).isEqualTo(20);
      assertThat(world.count("select count(distinct n) from item where n <= 20")).isEqualTo(20);
    }
  }

  @EveryDatabase
  void goOnAtTheirPlaceInAStockStep(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases)) {
      bad = 15;
      assertThat(start(world, "stock").getStatus()).isEqualTo(BatchStatus.FAILED);
      bad = 0;
      assertThat(start(world, "stock").getStatus()).isEqualTo(BatchStatus.COMPLETED);
      assertThat(world.count("select count(*) from item")).isEqualTo(20);
      assertThat(world.count("select count(distinct n) from item")).isEqualTo(20);
    }
  }

  @Test
  void refuseAFileThatWasChanged() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases)) {
      bad = 15;
      start(world, "files");
      world.file("items/b.csv", "n\n11\n12\n13\n14\n16\n");

      assertThat(start(world, "files").getStepExecutions())
          .filteredOn(step -> step.getStepName().equals("load:p2"))
          .flatExtracting(StepExecution::getFailureExceptions)
          .extracting("message")
          .containsExactly(
              "refused: file 'items/b.csv' was changed after it was cut into partitions, so that"
                  + " what is done and what is missing would not fit together. Put it back, or"
                  + " start a new instance of the job. (A job file can go on with a repaired file)");
      assertThat(world.count("select count(*) from item")).isEqualTo(14);
    }
  }

  @Test
  void askAPartitionerOnceForAnInstance() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases)) {
      asked.set(0);
      bad = 1;
      assertThat(start(world, "frozen").getStatus()).isEqualTo(BatchStatus.FAILED);
      bad = 0;
      assertThat(start(world, "frozen").getStatus()).isEqualTo(BatchStatus.COMPLETED);
      assertThat(asked).hasValue(1);
    }
  }

  @Test
  void sayWhatIsWrongWithAStep() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases)) {
      ChunkSteps steps = world.context().getBean(ChunkSteps.class);
      ListItemReader<Long> reader = new ListItemReader<>(List.of(1L));
      assertThatThrownBy(() -> steps.named("load").build())
          .hasMessage("step 'load': it has no reader. Name one with reader(...)");
      assertThatThrownBy(() -> steps.named("load").reader(reader).build())
          .hasMessage(
              "step 'load': it writes nothing. Name either a writer(...), or a table with"
                  + " insertInto(...) or upsertInto(...)");
      assertThatThrownBy(() -> steps.named("load").chunkSize(0))
          .hasMessage("step 'load': chunkSize is 0; it must be at least 1");
      assertThatThrownBy(
              () -> steps.named("load").reader(reader).insertInto("t").orderByCompletion().build())
          .hasMessage(
              "step 'load': orderByCompletion has no effect with one chunk after another. Use"
                  + " futures(...)");
      assertThatThrownBy(() -> steps.named("load").connection("warehouse"))
          .hasMessage("step 'load': there is no connection 'warehouse'. Known: default");
      assertThatThrownBy(() -> steps.named("load").timeout(Duration.ZERO))
          .hasMessage("step 'load': timeout is PT0S; at least 1 ms");
    }
  }

  private static World world(TestDatabase databases) {
    bad = 0;
    World world = new World(databases).with(Jobs.class).set("spring.batch.job.enabled", false);
    world.sql().sql("create table item (n bigint not null)").update();
    return world
        .file("items/a.csv", Items.csv(10))
        .file("items/b.csv", "n\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n");
  }

  private static JobExecution start(World world, String job) throws Exception {
    return world.operator().start(world.context().getBean(job, Job.class), new JobParameters());
  }
}
