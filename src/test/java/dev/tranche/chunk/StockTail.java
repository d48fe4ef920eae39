package dev.tranche.chunk;

import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.ResourcelessJobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.ChunkOrientedStepBuilder;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemReader;
import org.springframework.batch.infrastructure.support.transaction.ResourcelessTransactionManager;
import org.springframework.batch.integration.async.AsyncItemProcessor;
import org.springframework.batch.integration.async.AsyncItemWriter;
import org.springframework.batch.integration.chunk.ChunkTaskExecutorItemWriter;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** The heavy tail on 32 threads of steps as Spring Batch has them, without a database. */
final class StockTail {

  // -- given --
  private final HeavyTail tail;
  private final int chunk;

  // -- so far --
  private final AtomicLong sum = new AtomicLong();

  StockTail(HeavyTail tail, int chunk) {
    this.tail = tail;
    this.chunk = chunk;
  }

  private interface Made {
    Step by(JobRepository repository, ThreadPoolTaskExecutor pool) throws Exception;
  }

  private void run(Made made) throws Exception {
    sum.set(0);
    ThreadPoolTaskExecutor pool = new ThreadPoolTaskExecutor();
    pool.setCorePoolSize(HeavyTail.WORKERS);
    pool.afterPropertiesSet();
    try {
      JobRepository repository = new ResourcelessJobRepository();
      JobParameters parameters = new JobParameters();
      JobExecution execution = repository.createJobExecution(
          repository.createJobInstance("tail", parameters), parameters, new ExecutionContext());
      new JobBuilder("tail", repository)
          .start(made.by(repository, pool))
          .build()
          .execute(execution);
      if (execution.getStatus() != BatchStatus.COMPLETED) {
        throw new AssertionError(execution.getAllFailureExceptions().toString());
      }
      HeavyTailBenchmark.expectAll(tail, sum.get());
    } finally {
      pool.shutdown();
    }
  }

  private ItemReader<Integer> numbers() {
    AtomicInteger next = new AtomicInteger();
    return () -> next.get() < tail.count() ? next.incrementAndGet() : null;
  }

  private <O> ChunkOrientedStepBuilder<Integer, O> step(JobRepository repository) {
    return new StepBuilder("tail", repository)
        .<Integer, O>chunk(chunk)
        .transactionManager(new ResourcelessTransactionManager())
        .reader(numbers());
  }

  void asyncItemProcessor() throws Exception {
    run((repository, pool) -> {
      AsyncItemProcessor<Integer, Integer> processor = new AsyncItemProcessor<>(tail::take);
      processor.setTaskExecutor(pool);
      return this.<Future<Integer>>step(repository)
          .processor(processor)
          .writer(new AsyncItemWriter<Integer>(
              numbers -> numbers.forEach(number -> sum.addAndGet(number))))
          .build();
    });
  }

  void concurrentStep() throws Exception {
    run((repository, pool) -> this.<Integer>step(repository)
        .processor(tail::take)
        .writer(numbers -> numbers.forEach(number -> sum.addAndGet(number)))
        .taskExecutor(pool)
        .build());
  }

  void localChunking() throws Exception {
    run((repository, pool) -> {
      ChunkTaskExecutorItemWriter<Integer> writer = new ChunkTaskExecutorItemWriter<>(
          (numbers, contribution) -> {
            for (Integer number : numbers) {
              sum.addAndGet(taken(number));
            }
          },
          pool);
      return this.<Integer>step(repository).writer(writer).listener(writer).build();
    });
  }

  private int taken(Integer number) {
    try {
      return tail.take(number);
    } catch (InterruptedException stop) {
      throw new IllegalStateException(stop);
    }
  }
}
