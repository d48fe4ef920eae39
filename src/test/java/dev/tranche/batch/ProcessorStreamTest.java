package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.batch.core.configuration.annotation.StepScope;
import org.springframework.batch.core.partition.Partitioner;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemStream;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.batch.infrastructure.item.support.ListItemReader;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Processors that are streams: their state is that of their partition, and committed with it. */
class ProcessorStreamTest {

  private static final List<String> heard = new CopyOnWriteArrayList<>();
  private static volatile int bad;
  private static volatile Object kept;

  /** Counted down by an item behind the bad one. */
  private static volatile CountDownLatch ahead = new CountDownLatch(0);

  private static final String JOB =
      """
      steps:
        - name: load
          read: { type: bean, bean: numbers, repeatable: true }
          partition: { by: bean, bean: tens, count: 2, concurrency: 2 }
          process:
            - bean: counter
          chunk: { size: 3, mode: %s, workers: 1 }
          write: { type: bean, bean: nowhere }
      """;

  @EnableAutoConfiguration
  static class Counting {

    /** {@code gridSize} partitions of ten numbers each. */
    @Bean
    Partitioner tens() {
      return gridSize -> {
        Map<String, ExecutionContext> partitions = new LinkedHashMap<>();
        for (int i = 0; i < gridSize; i++) {
          ExecutionContext context = new ExecutionContext();
          context.putInt("from", 10 * i + 1);
          partitions.put("ten" + i, context);
        }
        return partitions;
      };
    }

    @Bean
    @StepScope
    ListItemReader<Integer> numbers(@Value("#{stepExecutionContext['from']}") int from) {
      return new ListItemReader<>(IntStream.range(from, from + 10).boxed().toList());
    }

    @Bean(destroyMethod = "") // close is its stream's
    @StepScope
    Counter counter(@Value("#{stepExecution.stepName}") String step) {
      return new Counter(step);
    }

    @Bean(destroyMethod = "")
    @StepScope
    Pairs pairs() {
      return new Pairs();
    }

    @Bean
    ItemWriter<Integer> nowhere() {
      return items -> {};
    }
  }

  /** Counts what it processed, over all attempts at its partition. */
  static class Counter implements ItemProcessor<Integer, Integer>, ItemStream {

    private final String step;
    private final AtomicInteger count = new AtomicInteger();

    Counter(String step) {
      this.step = step;
    }

    @Override
    public void open(ExecutionContext context) {
      count.set(context.getInt("count", 0));
      heard.add(step + " from " + context.getInt("from") + " opened at " + count);
    }

    @Override
    public Integer process(Integer item) throws InterruptedException {
      if (item == bad) {
        ahead.await(300, TimeUnit.MILLISECONDS); // in vain, if nothing is processed ahead
        throw new IllegalArgumentException("bad luck");
      }
      count.incrementAndGet();
      if (item > bad) {
        ahead.countDown();
      }
      return item;
    }

    @Override
    public void update(ExecutionContext context) {
      context.putInt("count", count.get());
      if (kept != null) {
        context.put("kept", kept);
      }
    }

    @Override
    public void close() {
      heard.add(step + " closed at " + count);
    }
  }

  /** Has something to open and to close. The second chunk waits for the third. */
  static class Pairs implements ItemProcessor<Integer, Integer>, ItemStream {

    private final CountDownLatch third = new CountDownLatch(1);

    @Override
    public void open(ExecutionContext context) {
      heard.add("opened");
    }

    @Override
    public Integer process(Integer item) throws InterruptedException {
      if (item == 7) {
        third.countDown();
      }
      if (item == 4 && !third.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody is at the third chunk");
      }
      return item;
    }

    @Override
    public void close() {
      heard.add("closed");
    }
  }

  @BeforeEach
  void forget() {
    heard.clear();
    bad = 0;
    kept = null;
    ahead = new CountDownLatch(0);
  }

  @EveryDatabase
  void goOnFromTheStateCommittedWithTheirPartition(TestDatabase databases) throws Exception {
    for (String mode : List.of("map", "futures")) {
      forget();
      try (World world = new World(databases).with(Counting.class)
          .job("count-" + mode, JOB.formatted(mode))) {
        bad = 16; // the last of its chunk
        ExecutionView failed = world.run("count-" + mode);
        assertThat(failed.status()).isEqualTo("FAILED");
        assertThat(heard)
            .containsExactlyInAnyOrder(
                "load:p1 from 1 opened at 0",
                "load:p1 closed at 10",
                "load:p2 from 11 opened at 0",
                "load:p2 closed at 5");

        bad = 0;
        heard.clear();
        ExecutionView restarted =
            world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE);
        assertThat(restarted.status()).isEqualTo("COMPLETED");
        assertThat(heard)
            .containsExactly("load:p2 from 11 opened at 3", "load:p2 closed at 10");
      }
    }
    databases.close();
  }

  /** Not of items behind the fault that other workers were at, nor of chunks ahead. */
  @EveryDatabase
  void knowNoItemThatIsProcessedAgain(TestDatabase databases) throws Exception {
    for (String mode : List.of("map", "futures")) {
      forget();
      String job =
          JOB.formatted(mode)
              .replace("count: 2", "count: 1")
              .replace("workers: 1", mode.equals("map") ? "workers: 3" : "workers: 3, in-flight: 3");
      try (World world =
          new World(databases).with(Counting.class).job("count-" + mode, job)) {
        ahead = new CountDownLatch(1);
        bad = 8; // in the middle of its chunk
        ExecutionView failed = world.run("count-" + mode);
        assertThat(failed.failures().toString())
            .contains("load/p1 failed at item 8 (numbers): IllegalArgumentException: bad luck. 6 items are"
                    + " safe; a restart goes on at item 7");

        bad = 0;
        heard.clear();
        world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE);
        assertThat(heard)
            .containsExactly("load:p1 from 1 opened at 6", "load:p1 closed at 10");
      }
    }
    databases.close();
  }

  @EveryDatabase
  void haveChunksProcessedAheadIfTheyKeepNothing(TestDatabase databases) throws Exception {
    try (databases;
        World world = new World(databases).with(Counting.class)
            .job(
                "open",
                JOB.formatted("futures, in-flight: 2")
                    .replace("workers: 1", "workers: 2")
                    .replace("count: 2", "count: 1")
                    .replace("bean: counter", "bean: pairs"))) {
      assertThat(world.run("open").status()).isEqualTo("COMPLETED");
      assertThat(heard).containsExactly("opened", "closed");
    }
  }

  @EveryDatabase
  void failWithAStateThatCannotBeKept(TestDatabase databases) throws Exception {
    try (databases;
        World world = new World(databases).with(Counting.class)
            .job("count", JOB.formatted("map"))) {
      kept = new Object[0];

      ExecutionView failed = world.run("count");

      assertThat(failed.status()).isEqualTo("FAILED");
      assertThat(failed.failures().toString())
          .contains(
              "load/p1 cannot be written: a processor keeps 'kept', a"
                  + " [Ljava.lang.Object;, as its state. Only strings, numbers, booleans, dates and"
                  + " maps of those can be kept across a restart. 0 items are safe; a restart goes"
                  + " on at the beginning");
    }
  }
}
