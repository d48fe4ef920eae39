package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.configuration.annotation.StepScope;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.partition.Partitioner;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.database.JdbcBatchItemWriter;
import org.springframework.batch.infrastructure.item.database.builder.JdbcBatchItemWriterBuilder;
import org.springframework.batch.infrastructure.item.support.AbstractItemCountingItemStreamItemReader;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/** Steps of Java configuration in Spring Batch's own jobs. */
class ChunkStepTest {

  private static final Columns N = new Columns(List.of(new Column("n", ColumnType.LONG)));
  private static volatile long bad;

  @EnableAutoConfiguration
  static class Jobs {

    /** Forty numbers in one step. */
    @Bean
    Job alone(JobRepository repository, ChunkSteps steps, Numbers numbers, DataSource dataSource,
        @Value("${test.flight:0}") int inFlight) {
      return new JobBuilder("alone", repository)
          .start(step("load", steps, inFlight).reader(numbers).processor(checked())
              .processor(row()).insertInto("item").build())
          .build();
    }

    /** Four partitions of ten numbers. */
    @Bean
    Job parts(JobRepository repository, ChunkSteps steps, Numbers numbers, Partitioner tens,
        @Value("${test.flight:0}") int inFlight) {
      ChunkStep worker =
          step("load", steps, inFlight).reader(numbers).processor(checked()).processor(row())
              .insertInto("item").build();
      return new JobBuilder("parts", repository)
          .start(new StepBuilder("parts", repository)
              .partitioner("load", tens).step(worker).gridSize(4)
              .taskExecutor(new SimpleAsyncTaskExecutor()).build())
          .build();
    }

    /** As {@code parts}, with Spring Batch's own writer in the checkpoint's transaction. */
    @Bean
    Job joined(JobRepository repository, ChunkSteps steps, Numbers numbers, Partitioner tens,
        DataSource dataSource, @Value("${test.flight:0}") int inFlight) {
      JdbcBatchItemWriter<Long> writer =
          new JdbcBatchItemWriterBuilder<Long>().dataSource(dataSource)
              .sql("insert into item (n) values (?)")
              .itemPreparedStatementSetter((n, statement) -> {
                if (n == -bad) {
                  throw new IllegalStateException("bad luck");
                }
                statement.setLong(1, n);
              }).build();
      ChunkStep worker =
          step("load", steps, inFlight).reader(numbers)
              .writer(writer).dataSource(dataSource).build();
      return new JobBuilder("joined", repository)
          .start(new StepBuilder("parts", repository)
              .partitioner("load", tens).step(worker).gridSize(4)
              .taskExecutor(new SimpleAsyncTaskExecutor()).build())
          .build();
    }

    @Bean
    Partitioner tens() {
      return gridSize -> {
        Map<String, ExecutionContext> partitions = new LinkedHashMap<>();
        for (int i = 0; i < gridSize; i++) {
          ExecutionContext context = new ExecutionContext();
          context.putInt("first", 10 * i + 1);
          context.putInt("count", 10);
          partitions.put("ten" + i, context);
        }
        return partitions;
      };
    }

    @Bean
    @StepScope
    Numbers numbers(
        @Value("#{stepExecutionContext['first'] ?: 1}") int first,
        @Value("#{stepExecutionContext['count'] ?: 40}") int count) {
      return new Numbers(first, count);
    }

    private static ChunkStepBuilder<Object> step(String name, ChunkSteps steps, int inFlight) {
      ChunkStepBuilder<Object> step = steps.named(name).chunkSize(3).workers(2).repeatable();
      return inFlight == 0 ? step.map() : step.futures(inFlight).orderByCompletion();
    }

    private static ItemProcessor<Long, Long> checked() {
      return item -> {
        if (item == bad) {
          throw new IllegalArgumentException("bad luck");
        }
        return item;
      };
    }

    private static ItemProcessor<Long, Row> row() {
      return item -> new Row(N, new Object[] {item});
    }
  }

  static class Numbers extends AbstractItemCountingItemStreamItemReader<Long> {

    private final int first;
    private long next;

    Numbers() {
      this(1, 0); // for the proxy
    }

    Numbers(int first, int count) {
      this.first = first;
      setName("numbers");
      setMaxItemCount(count);
    }

    @Override
    protected void doOpen() {
      next = first;
    }

    @Override
    protected Long doRead() {
      return next++;
    }

    @Override
    protected void doClose() {}
  }

  @BeforeEach
  void forget() {
    bad = 0;
  }

  @EveryDatabase
  void goesOnAfterAFailureInMidStepAloneInAStockJob(TestDatabase databases) throws Exception {
    for (int inFlight : new int[] {0, 4}) {
      try (World world = world(databases, inFlight)) {
        bad = 25;
        JobExecution failed = start(world, "alone");
        assertThat(failed.getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(failed.getAllFailureExceptions())
            .singleElement()
            .extracting(Throwable::getMessage)
            .asString()
            .startsWith("load failed at item 25 (load): IllegalArgumentException: bad luck. ")
            .endsWith(" items are safe; a restart goes on at item 25");
        long safe = world.count("select count(*) from item");
        assertThat(safe).isBetween(1L, 39L);
        assertThat(step(failed, "load").getReadCount()).isEqualTo(safe);

        bad = 0;
        JobExecution restarted = start(world, "alone");
        assertThat(restarted.getStatus()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(step(restarted, "load").getReadCount()).isEqualTo(40 - safe);
        assertEachOnce(world);
      }
    }
    databases.close();
  }

  @EveryDatabase
  void runsOnlyWhatIsMissingAsTheWorkerOfAStockPartitionStep(TestDatabase databases)
      throws Exception {
    for (int inFlight : new int[] {0, 4}) {
      try (World world = world(databases, inFlight)) {
        bad = 25;
        JobExecution failed = start(world, "parts");
        assertThat(failed.getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(step(failed, "load:ten2").getExitStatus().getExitDescription())
            .startsWith("load:ten2 failed at item 5 (load:ten2): IllegalArgumentException");
        assertThat(world.count("select count(*) from TRANCHE_PARTITION")).isZero();
        assertThat(world.count("select count(*) from TRANCHE_RUN")).isZero();
        long safe = world.count("select count(*) from item");

        bad = 0;
        JobExecution restarted = start(world, "parts");
        assertThat(restarted.getStatus()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(restarted.getStepExecutions())
            .extracting(StepExecution::getStepName)
            .containsExactlyInAnyOrder("parts", "load:ten2");
        assertThat(step(restarted, "load:ten2").getReadCount()).isEqualTo(40 - safe);
        assertEachOnce(world);
        assertThat(world.count("select count(distinct layout) from TRANCHE_CHECKPOINT") % 4)
            .isZero();
      }
    }
    databases.close();
  }

  @EveryDatabase
  void lendsItsTransactionToASpringWriter(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases, 4)) {
      bad = -25;
      assertThat(start(world, "joined").getStatus()).isEqualTo(BatchStatus.FAILED);
      bad = 0;
      assertThat(start(world, "joined").getStatus()).isEqualTo(BatchStatus.COMPLETED);
      assertEachOnce(world);
    }
  }

  private static World world(TestDatabase databases, int inFlight) {
    World world =
        new World(databases)
            .with(Jobs.class)
            .set("spring.batch.job.enabled", false)
            .set("test.flight", inFlight);
    world.sql().sql("drop table if exists item").update();
    world.sql().sql("create table item (n bigint not null)").update();
    return world;
  }

  private static void assertEachOnce(World world) {
    assertThat(world.count("select count(*) from item")).isEqualTo(40);
    assertThat(world.count("select count(distinct n) from item")).isEqualTo(40);
  }

  private static JobExecution start(World world, String job) throws Exception {
    JobParameters parameters =
        new JobParametersBuilder()
            .addString("flight", world.context().getEnvironment().getProperty("test.flight"))
            .toJobParameters();
    return world.operator().start(world.context().getBean(job, Job.class), parameters);
  }

  private static StepExecution step(JobExecution execution, String name) {
    return execution.getStepExecutions().stream()
        .filter(step -> step.getStepName().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
