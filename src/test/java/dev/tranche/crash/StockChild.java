package dev.tranche.crash;

import com.zaxxer.hikari.HikariDataSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.configuration.JobRegistry;
import org.springframework.batch.core.configuration.support.JdbcDefaultBatchConfiguration;
import org.springframework.batch.core.configuration.support.MapJobRegistry;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.partition.support.TaskExecutorPartitionHandler;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.ChunkOrientedStepBuilder;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.batch.integration.chunk.ChunkTaskExecutorItemWriter;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A process that loads numbers by nothing but Spring Batch: {@code KIND REPOSITORY TARGET ROWS}. What
 * an earlier one left is recovered and restarted, as Spring Batch's documentation has it.
 */
final class StockChild {

  private static final int CHUNK = 1_000;
  private static final int PARTITIONS = 4;

  private StockChild() {}

  public static void main(String[] arguments) throws Exception {
    System.setProperty("stock.repository", arguments[1]);
    try (var context = new AnnotationConfigApplicationContext(Batch.class)) {
      JobRepository repository = context.getBean(JobRepository.class);
      JobOperator operator = context.getBean(JobOperator.class);
      Job job =
          new Jobs(
                  repository,
                  context.getBean(PlatformTransactionManager.class),
                  context.getBean(DataSource.class),
                  arguments[2].equals(arguments[1]) ? null : pool(arguments[2]),
                  Integer.parseInt(arguments[3]))
              .job(arguments[0]);
      context.getBean(JobRegistry.class).register(job);
      System.out.println(run(repository, operator, job).getStatus());
    }
    System.exit(0);
  }

  private static JobExecution run(JobRepository repository, JobOperator operator, Job job)
      throws Exception {
    JobInstance instance = repository.getJobInstance(job.getName(), new JobParameters());
    if (instance == null) {
      return operator.start(job, new JobParameters());
    }
    JobExecution last = repository.getLastJobExecution(instance);
    if (last != null && last.isRunning()) {
      operator.recover(last);
      last = repository.getJobExecution(last.getId());
    }
    return operator.restart(last);
  }

  static HikariDataSource pool(String url) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(url);
    pool.setMaximumPoolSize(20);
    return pool;
  }

  /** What Spring Batch needs, over the repository's database. */
  @Configuration
  static class Batch extends JdbcDefaultBatchConfiguration {

    @Bean
    DataSource dataSource() {
      return pool(System.getProperty("stock.repository"));
    }

    @Bean
    PlatformTransactionManager transactionManager(DataSource dataSource) {
      return new JdbcTransactionManager(dataSource);
    }

    @Bean
    JobRegistry jobRegistry() {
      return new MapJobRegistry();
    }
  }

  /** @param target null: the repository's database */
  private record Jobs(
      JobRepository repository,
      PlatformTransactionManager manager,
      DataSource source,
      @Nullable DataSource target,
      int rows) {

    private Job job(String kind) {
      Step step =
          switch (kind) {
            case "concurrent" ->
                chunks("load", new Numbers(0, rows), writer()).taskExecutor(pool(4)).build();
            case "local-chunking" -> localChunking();
            case "partitioned" -> partitioned();
            default -> throw new IllegalArgumentException(kind);
          };
      return new JobBuilder(kind, repository).start(step).build();
    }

    private ChunkOrientedStepBuilder<Integer, Integer> chunks(
        String name, ItemStreamReader<Integer> reader, ItemWriter<Integer> writer) {
      return new StepBuilder(name, repository)
          .<Integer, Integer>chunk(CHUNK)
          .transactionManager(manager)
          .reader(reader)
          .processor(item -> item)
          .writer(writer);
    }

    /** Each chunk in a transaction of its own, on a thread of the pool. */
    private Step localChunking() {
      TransactionTemplate transaction = new TransactionTemplate(manager);
      ItemWriter<Integer> rows = writer();
      ChunkTaskExecutorItemWriter<Integer> writer =
          new ChunkTaskExecutorItemWriter<>(
              (chunk, contribution) ->
                  transaction.executeWithoutResult(
                      status -> {
                        try {
                          rows.write(chunk);
                          contribution.incrementWriteCount(chunk.size());
                        } catch (Exception failure) {
                          throw new IllegalStateException(failure);
                        }
                      }),
              pool(4));
      return chunks("load", new Numbers(0, this.rows), writer).listener(writer).build();
    }

    private Step partitioned() {
      Step worker = chunks("part", new OfPartition(), writer()).build();
      TaskExecutorPartitionHandler handler = new TaskExecutorPartitionHandler();
      handler.setGridSize(PARTITIONS);
      handler.setTaskExecutor(new SimpleAsyncTaskExecutor("partition-"));
      handler.setStep(worker);
      return new StepBuilder("load", repository)
          .partitioner("part", this::partitions)
          .partitionHandler(handler)
          .build();
    }

    private Map<String, ExecutionContext> partitions(int grid) {
      Map<String, ExecutionContext> partitions = new HashMap<>();
      for (int number = 0; number < grid; number++) {
        ExecutionContext context = new ExecutionContext();
        context.putInt("from", rows / grid * number);
        context.putInt("to", number == grid - 1 ? rows : rows / grid * (number + 1));
        partitions.put("p" + number, context);
      }
      return partitions;
    }

    private ItemWriter<Integer> writer() {
      JdbcTemplate rows = new JdbcTemplate(target == null ? source : target);
      return chunk ->
          rows.batchUpdate(
              "insert into stock (n) values (?)",
              List.copyOf(chunk.getItems()),
              CHUNK,
              (statement, number) -> statement.setInt(1, number));
    }
  }

  private static ThreadPoolTaskExecutor pool(int size) {
    ThreadPoolTaskExecutor pool = new ThreadPoolTaskExecutor();
    pool.setCorePoolSize(size);
    pool.afterPropertiesSet();
    return pool;
  }

  /** Counts, and goes on from where it was: a reader as good as a reader can be. */
  private static final class Numbers implements ItemStreamReader<Integer> {

    private final int to;
    private int next;

    Numbers(int from, int to) {
      this.next = from;
      this.to = to;
    }

    @Override
    public @Nullable Integer read() {
      return next < to ? next++ : null;
    }

    @Override
    public void open(ExecutionContext context) {
      next = context.getInt("next", next);
    }

    @Override
    public void update(ExecutionContext context) {
      context.putInt("next", next);
    }
  }

  /** The numbers of the partition that the thread runs. */
  private static final class OfPartition implements ItemStreamReader<Integer> {

    private final ThreadLocal<Numbers> numbers = new ThreadLocal<>();

    @Override
    public @Nullable Integer read() {
      return numbers.get().read();
    }

    @Override
    public void open(ExecutionContext context) {
      Numbers mine = new Numbers(context.getInt("from"), context.getInt("to"));
      mine.open(context);
      numbers.set(mine);
    }

    @Override
    public void update(ExecutionContext context) {
      numbers.get().update(context);
    }
  }
}
