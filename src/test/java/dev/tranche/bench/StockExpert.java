package dev.tranche.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.FlowBuilder;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.flow.Flow;
import org.springframework.batch.core.job.flow.support.SimpleFlow;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.JdbcJobRepositoryFactoryBean;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.batch.infrastructure.item.database.JdbcBatchItemWriter;
import org.springframework.batch.infrastructure.item.database.builder.JdbcBatchItemWriterBuilder;
import org.springframework.batch.infrastructure.item.file.FlatFileItemReader;
import org.springframework.batch.infrastructure.item.file.builder.FlatFileItemReaderBuilder;
import org.springframework.batch.infrastructure.item.file.transform.FieldSet;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.task.TaskExecutor;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * The load as an expert writes it in stock Spring Batch: partitions at the same time, a hand-written
 * mapper, a prepared statement setter, rewritten batches, chunks of 1000, repository and table in
 * one database.
 */
final class StockExpert {

  record Item(
      long orderKey,
      long partKey,
      long suppKey,
      long lineNumber,
      BigDecimal quantity,
      BigDecimal extendedPrice,
      BigDecimal discount,
      BigDecimal tax,
      String returnFlag,
      String lineStatus,
      LocalDate shipDate,
      LocalDate commitDate,
      LocalDate receiptDate,
      String shipInstruct,
      String shipMode,
      String comment) {}

  private final HikariDataSource dataSource;
  private final JdbcTransactionManager transactions;
  private final JobRepository repository;

  StockExpert(HikariDataSource dataSource) throws Exception {
    this.dataSource = dataSource;
    this.transactions = new JdbcTransactionManager(dataSource);
    JdbcJobRepositoryFactoryBean factory = new JdbcJobRepositoryFactoryBean();
    factory.setDataSource(dataSource);
    factory.setTransactionManager(transactions);
    factory.afterPropertiesSet();
    this.repository = factory.getObject();
  }

  /**
   * As most users write it: one step that reads file after file, beans made of the names of columns
   * by the framework, and named parameters taken from the beans.
   */
  void loadBeans(List<Path> files, long run) throws Exception {
    Step[] steps = new Step[files.size()];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = beanStep("file-" + i, files.get(i));
    }
    execute(steps, run);
  }

  private Step beanStep(String name, Path file) throws Exception {
    String[] names =
        Stream.of(Lineitem.COLUMNS).map(column -> column.substring("l_".length())).toArray(String[]::new);
    FlatFileItemReader<StockBean> reader = new FlatFileItemReaderBuilder<StockBean>()
        .name("lineitem")
        .resource(new FileSystemResource(file))
        .linesToSkip(1)
        .delimited()
        .names(names)
        .targetType(StockBean.class)
        .customEditors(Map.of(LocalDate.class, new StockBean.DateEditor()))
        .build();
    JdbcBatchItemWriter<StockBean> writer = new JdbcBatchItemWriterBuilder<StockBean>()
        .dataSource(dataSource)
        .sql("insert into lineitem (" + String.join(", ", Lineitem.COLUMNS) + ") values (:"
            + String.join(", :", names) + ")")
        .beanMapped()
        .build();
    writer.afterPropertiesSet();
    return chunks(name, 1000, reader, writer);
  }

  /** A partition for each file, all of them at the same time. */
  void load(List<Path> files, int chunk, long run) throws Exception {
    ThreadPoolTaskExecutor threads = new ThreadPoolTaskExecutor();
    threads.setCorePoolSize(files.size());
    threads.initialize();
    try {
      execute(new Step[] {partitioned(files, chunk, threads)}, run);
    } finally {
      threads.shutdown();
    }
  }

  private Step partitioned(List<Path> files, int chunk, TaskExecutor threads) {
    return new StepBuilder("load", repository)
        .partitioner("part", count -> contexts(files))
        .step(new FileStep(chunk))
        .gridSize(files.size())
        .taskExecutor(threads)
        .build();
  }

  private static Map<String, ExecutionContext> contexts(List<Path> files) {
    Map<String, ExecutionContext> contexts = new HashMap<>();
    for (Path file : files) {
      contexts.put("p" + contexts.size(), new ExecutionContext(Map.of("file", file.toString())));
    }
    return contexts;
  }

  /** What a step scope would give: a reader for the partition's own file. */
  private final class FileStep implements Step {

    private final int chunk;

    FileStep(int chunk) {
      this.chunk = chunk;
    }

    @Override
    public String getName() {
      return "part";
    }

    @Override
    public void execute(StepExecution execution) throws JobInterruptedException {
      new StepBuilder("part", repository)
          .<Item, Item>chunk(chunk)
          .transactionManager(transactions)
          .reader(reader(Path.of(execution.getExecutionContext().getString("file"))))
          .writer(writer())
          .build()
          .execute(execution);
    }
  }

  /** A step of chunks that takes items from one place to another. */
  <T> Step chunks(String name, int size, ItemStreamReader<T> reader, ItemWriter<T> writer) {
    return new StepBuilder(name, repository)
        .<T, T>chunk(size)
        .transactionManager(transactions)
        .reader(reader)
        .writer(writer)
        .build();
  }

  /** Steps at the same time, as a split of flows. */
  void parallel(List<Step> steps, long run) throws Exception {
    ThreadPoolTaskExecutor threads = new ThreadPoolTaskExecutor();
    threads.setCorePoolSize(steps.size());
    threads.initialize();
    Flow[] flows =
        steps.stream()
            .map(step -> new FlowBuilder<SimpleFlow>(step.getName()).start(step).build())
            .toArray(Flow[]::new);
    Flow split = new FlowBuilder<SimpleFlow>("all").split(threads).add(flows).build();
    try {
      execute(new JobBuilder("stock", repository).start(split).end().build(), run);
    } finally {
      threads.shutdown();
    }
  }

  void execute(Step[] steps, long run) throws Exception {
    var sequence = new JobBuilder("stock", repository).start(steps[0]);
    for (int i = 1; i < steps.length; i++) {
      sequence = sequence.next(steps[i]);
    }
    execute(sequence.build(), run);
  }

  private void execute(Job job, long run) throws Exception {
    var parameters = new JobParametersBuilder().addLong("run", run).toJobParameters();
    var instance = repository.createJobInstance("stock", parameters);
    JobExecution execution =
        repository.createJobExecution(
            instance,
            parameters,
            new ExecutionContext());
    job.execute(execution);
    if (execution.getStatus() != BatchStatus.COMPLETED) {
      throw new AssertionError(execution.getAllFailureExceptions().toString());
    }
  }

  private static FlatFileItemReader<Item> reader(Path file) {
    return new FlatFileItemReaderBuilder<Item>()
        .name("lineitem")
        .resource(new FileSystemResource(file))
        .linesToSkip(1)
        .delimited()
        .names(Lineitem.COLUMNS)
        .fieldSetMapper(StockExpert::map)
        .build();
  }

  private static Item map(FieldSet fields) {
    return new Item(
        fields.readLong(0),
        fields.readLong(1),
        fields.readLong(2),
        fields.readLong(3),
        fields.readBigDecimal(4),
        fields.readBigDecimal(5),
        fields.readBigDecimal(6),
        fields.readBigDecimal(7),
        fields.readString(8),
        fields.readString(9),
        LocalDate.parse(fields.readString(10)),
        LocalDate.parse(fields.readString(11)),
        LocalDate.parse(fields.readString(12)),
        fields.readString(13),
        fields.readString(14),
        fields.readString(15));
  }

  private JdbcBatchItemWriter<Item> writer() {
    return writer("lineitem");
  }

  JdbcBatchItemWriter<Item> writer(String table) {
    JdbcBatchItemWriter<Item> writer =
        new JdbcBatchItemWriterBuilder<Item>()
            .dataSource(dataSource)
            .sql(
                "insert into " + table + " ("
                    + String.join(", ", Lineitem.COLUMNS)
                    + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .itemPreparedStatementSetter(StockExpert::set)
            .build();
    writer.afterPropertiesSet();
    return writer;
  }

  private static void set(Item item, PreparedStatement statement) throws SQLException {
    statement.setLong(1, item.orderKey());
    statement.setLong(2, item.partKey());
    statement.setLong(3, item.suppKey());
    statement.setLong(4, item.lineNumber());
    statement.setBigDecimal(5, item.quantity());
    statement.setBigDecimal(6, item.extendedPrice());
    statement.setBigDecimal(7, item.discount());
    statement.setBigDecimal(8, item.tax());
    statement.setString(9, item.returnFlag());
    statement.setString(10, item.lineStatus());
    statement.setObject(11, item.shipDate());
    statement.setObject(12, item.commitDate());
    statement.setObject(13, item.receiptDate());
    statement.setString(14, item.shipInstruct());
    statement.setString(15, item.shipMode());
    statement.setString(16, item.comment());
  }
}
