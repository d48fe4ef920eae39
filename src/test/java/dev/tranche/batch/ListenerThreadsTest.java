package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.TestDatabase;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.annotation.AfterChunk;
import org.springframework.batch.core.annotation.AfterProcess;
import org.springframework.batch.core.annotation.AfterRead;
import org.springframework.batch.core.annotation.BeforeChunk;
import org.springframework.batch.core.annotation.BeforeWrite;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.support.ListItemReader;

/** Which threads call listeners: docs/java.md has it. */
class ListenerThreadsTest {

  /** Told of items. */
  static class OfItems {

    final Set<Thread> reading = ConcurrentHashMap.newKeySet();
    final Set<Thread> processing = ConcurrentHashMap.newKeySet();
    final Set<Thread> writing = ConcurrentHashMap.newKeySet();

    @AfterRead
    public void read(Object item) {
      reading.add(Thread.currentThread());
    }

    @AfterProcess
    public void processed(Object item, Object result) {
      processing.add(Thread.currentThread());
    }

    @BeforeWrite
    public void writing(Chunk<?> items) {
      writing.add(Thread.currentThread());
    }
  }

  /** Told of chunks too. */
  static final class OfChunks extends OfItems {

    final Set<Thread> chunks = ConcurrentHashMap.newKeySet();

    @BeforeChunk
    public void begun(Chunk<Object> chunk) {
      chunks.add(Thread.currentThread());
    }

    @AfterChunk
    public void done(Chunk<Object> chunk) {
      chunks.add(Thread.currentThread());
    }
  }

  private final TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
  private World world;

  @BeforeEach
  void open() {
    world = new World(databases).set("spring.batch.job.enabled", false);
  }

  @AfterEach
  void close() throws Exception {
    world.close();
    databases.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void areTheStepsExceptForProcessingWhereChunksAreListenedTo(boolean futures) throws Exception {
    OfChunks listener = new OfChunks();

    run(futures, listener);

    assertThat(listener.chunks).containsExactly(Thread.currentThread());
    assertThat(listener.reading).containsExactly(Thread.currentThread());
    assertThat(listener.writing).containsExactly(Thread.currentThread());
    assertThat(listener.processing).isNotEmpty().doesNotContain(Thread.currentThread());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void areTheWorkersForReadingWhereNobodyListensToChunks(boolean futures) throws Exception {
    OfItems listener = new OfItems();

    run(futures, listener);

    assertThat(listener.reading).isNotEmpty().doesNotContain(Thread.currentThread());
    assertThat(listener.writing).containsExactly(Thread.currentThread());
    assertThat(listener.processing).isNotEmpty().doesNotContain(Thread.currentThread());
  }

  private void run(boolean futures, Object listener) throws Exception {
    List<Integer> numbers = IntStream.rangeClosed(1, 20).boxed().toList();
    ChunkStepBuilder<Integer> step =
        world.context().getBean(ChunkSteps.class).named("load")
            .reader(new ListItemReader<>(numbers)).repeatable()
            .<Integer>processor(item -> item)
            .writer(items -> {})
            .dataSource(world.context().getBean(DataSource.class))
            .chunkSize(3).workers(2)
            .listener(listener);
    JobExecution execution =
        world
            .operator()
            .start(
                new JobBuilder("threads", world.repository())
                    .start((futures ? step.futures(3) : step.map()).build())
                    .build(),
                new JobParameters());
    assertThat(execution.getStatus()).isEqualTo(BatchStatus.COMPLETED);
  }
}
