package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.ExecutionView;
import dev.tranche.RefusedException;
import dev.tranche.RunObserver;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.annotation.AfterChunk;
import org.springframework.batch.core.annotation.OnSkipInProcess;
import org.springframework.batch.core.configuration.annotation.StepScope;
import org.springframework.batch.core.listener.ItemWriteListener;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.partition.Partitioner;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.batch.infrastructure.item.support.ListItemReader;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Readers, processors, writers and partitioners of the application's own. */
class BeansTest {

  private static final List<Integer> written = new CopyOnWriteArrayList<>();
  private static final List<String> heard = new CopyOnWriteArrayList<>();
  private static final Set<Object> destroyed = ConcurrentHashMap.newKeySet();
  private static volatile int bad;

  private static final String JOB =
      """
      steps:
        - name: load
          read: { type: bean, bean: numbers }
          partition: { by: bean, bean: tens, count: 4, concurrency: 2 }
          process:
            - bean: checker
          chunk: { size: 3, mode: map, workers: 1 }
          on-error:
            skip: { limit: %d }
          write: { type: bean, bean: collector }
      """;

  @EnableAutoConfiguration
  static class Numbers {

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

    @Bean
    @StepScope
    Checker checker(@Value("#{stepExecution.stepName}") String step) {
      return new Checker(step);
    }

    @Bean
    Collector collector() {
      return new Collector();
    }
  }

  static class Checker implements ItemProcessor<Integer, Integer>, StepExecutionListener, DisposableBean {

    private final String step;

    Checker(String step) {
      this.step = step;
    }

    @Override
    public Integer process(Integer item) {
      if (item == bad) {
        throw new IllegalArgumentException("bad luck");
      }
      return item;
    }

    @Override
    public void beforeStep(StepExecution execution) {
      heard.add("before " + step + " of " + execution.getStepName());
    }

    @Override
    public ExitStatus afterStep(StepExecution execution) {
      heard.add("after " + execution.getStepName() + " " + execution.getStatus() + " "
          + execution.getWriteCount());
      return execution.getExitStatus();
    }

    @Override
    public void destroy() {
      destroyed.add(step);
    }
  }

  static class Collector implements ItemWriter<Integer>, ItemWriteListener<Integer> {

    @Override
    public void write(Chunk<? extends Integer> chunk) {
      written.addAll(chunk.getItems());
    }

    @Override
    public void afterWrite(Chunk<? extends Integer> items) {
      heard.add("written " + items.size());
    }

    @AfterChunk
    public void afterChunk(Chunk<Integer> chunk) {
      heard.add("chunk " + chunk.size());
    }

    @OnSkipInProcess
    public void skipped(Integer item, Throwable why) {
      heard.add("skipped " + item + ": " + why.getMessage());
    }
  }

  @BeforeEach
  void forget() {
    written.clear();
    heard.clear();
    destroyed.clear();
    bad = 0;
  }

  @EveryDatabase
  void givesEachPartitionItsOwnBeansOfStepScope(TestDatabase databases) throws Exception {
    try (databases;
        World world = new World(databases).with(Numbers.class).job("numbers", JOB.formatted(0))) {
      ExecutionView execution = world.run("numbers");

      assertThat(execution.status()).as("%s", execution.failures()).isEqualTo("COMPLETED");
      assertThat(written).containsExactlyInAnyOrderElementsOf(upTo(40));
      assertThat(heard)
          .contains("before load:p1 of load:p1", "after load:p4 COMPLETED 10", "written 3", "chunk 3");
      assertThat(destroyed)
          .containsExactlyInAnyOrder("load:p1", "load:p2", "load:p3", "load:p4");
      assertThat(execution.steps().get(0).partitions())
          .extracting("slice")
          .containsExactly("ten0", "ten1", "ten2", "ten3");
      assertThat(world.count("select count(*) from BATCH_STEP_EXECUTION")).isEqualTo(3);
    }
  }

  @EveryDatabase
  void restartsOnlyThePartitionThatFailed(TestDatabase databases) throws Exception {
    try (databases;
        World world = new World(databases).with(Numbers.class).job("numbers", JOB.formatted(0))) {
      bad = 25;
      ExecutionView failed = world.run("numbers");
      assertThat(failed.status()).isEqualTo("FAILED");
      assertThat(failed.failures())
          .singleElement()
          .asString()
          .startsWith("load/p3 failed at item 5 (numbers): IllegalArgumentException: bad luck");
      assertThat(written).hasSize(34);
      assertThat(world.tranche().plan(failed.execution(), Set.of()).decisions())
          .extracting(it -> it.partition() + " " + it.action() + " " + it.from())
          .containsExactly("p1 KEEP ", "p2 KEEP ", "p3 RERUN item 5", "p4 KEEP ");

      bad = 0;
      ExecutionView restarted =
          world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE);
      assertThat(restarted.status()).isEqualTo("COMPLETED");
      assertThat(written).containsExactlyInAnyOrderElementsOf(upTo(40));
      assertThat(restarted.thisExecution().read()).isEqualTo(6);
      assertThat(restarted.tally().read()).isEqualTo(40);
    }
  }

  @EveryDatabase
  void tellsSkipListenersOnceWhatWasRejected(TestDatabase databases) throws Exception {
    try (databases;
        World world = new World(databases).with(Numbers.class).job("numbers", JOB.formatted(3))) {
      bad = 25;
      ExecutionView execution = world.run("numbers");

      assertThat(execution.status()).isEqualTo("COMPLETED");
      assertThat(execution.tally().rejected()).isEqualTo(1);
      assertThat(heard).filteredOn(text -> text.startsWith("skipped"))
          .containsExactly("skipped 25: bad luck");
      assertThat(world.tranche().rejects(execution.execution(), 0, 10))
          .singleElement()
          .satisfies(
              reject -> {
                assertThat(reject.partition()).isEqualTo("p3");
                assertThat(reject.original()).isEqualTo("25");
              });
    }
  }

  @EveryDatabase
  void saysWhichBeansAreMissingBeforeItStarts(TestDatabase databases) throws Exception {
    try (databases;
        World world =
            new World(databases)
                .with(Numbers.class)
                .job(
                    "numbers",
                    JOB.formatted(0)
                        .replace("bean: numbers }", "bean: nubmers }")
                        .replace("bean: collector }", "bean: tens }"))) {
      assertThatThrownBy(() -> world.run("numbers"))
          .isInstanceOf(RefusedException.class)
          .hasMessage(
              "step 'load': there is no bean 'nubmers' that is an ItemReader."
                  + " Did you mean 'numbers'?\n"
                  + "step 'load': there is no bean 'tens' that is an ItemWriter."
                  + " The beans are collector.");
      assertThat(world.tranche().executions(null, 10)).isEmpty();
    }
  }

  private static List<Integer> upTo(int last) {
    return new ArrayList<>(IntStream.rangeClosed(1, last).boxed().toList());
  }
}
