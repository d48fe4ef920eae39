package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.testing.TestDatabase;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.support.ListItemReader;

/** Stages, and processors whose results come later, of steps in Java. */
class ChunkStepStagesTest {

  private final TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
  private final Set<String> fetchers = ConcurrentHashMap.newKeySet();
  private final Set<String> parsers = ConcurrentHashMap.newKeySet();
  private final List<String> written = new CopyOnWriteArrayList<>();
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
  void passItemsThroughWorkersOfTheirOwn(boolean futures) throws Exception {
    StepExecution execution = run(staged(numbers().stage(4), futures).skipLimit(1));

    assertThat(execution.getStatus()).isEqualTo(BatchStatus.COMPLETED);
    assertThat(written)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 40)
                .filter(number -> number != 13 && number % 10 != 0)
                .mapToObj(number -> "parsed " + number)
                .toList());
    assertThat(execution.getFilterCount()).isEqualTo(4);
    assertThat(execution.getProcessSkipCount()).isEqualTo(1);
    assertThat(fetchers).hasSizeBetween(1, 4).allMatch(name -> name.contains("load-stage-1"));
    assertThat(parsers).hasSizeBetween(1, 2).allMatch(name -> name.contains("load-stage-2"));
  }

  /** Workers that are named for the step are those of the processors before the first stage. */
  @Test
  void beginWithTheStepsOwnWorkers() throws Exception {
    StepExecution execution = run(staged(numbers(), false).workers(1).skipLimit(1));

    assertThat(execution.getStatus()).isEqualTo(BatchStatus.COMPLETED);
    assertThat(fetchers).hasSize(1);
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void mayHaveVirtualThreads() throws Exception {
    StepExecution execution = run(staged(numbers().virtualStage(8), true).skipLimit(1));

    assertThat(execution.getStatus()).isEqualTo(BatchStatus.COMPLETED);
    assertThat(fetchers).isNotEmpty().allMatch(name -> name.endsWith("virtual"));
    assertThat(parsers).isNotEmpty().noneMatch(name -> name.endsWith("virtual"));
  }

  @Test
  void needSomethingToDo() {
    assertThatThrownBy(() -> numbers().stage(2).writer(items -> {}).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "step 'load': stage 1 has nothing to do. Name a processor(...) behind it, or remove it");
    assertThatThrownBy(() -> numbers().stage(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("step 'load': stage is 0; it must be at least 1");
  }

  private ChunkStepBuilder<Integer> numbers() {
    return world.context().getBean(ChunkSteps.class).named("load")
        .reader(new ListItemReader<>(IntStream.rangeClosed(1, 40).boxed().toList()))
        .repeatable();
  }

  private ChunkStepBuilder<String> staged(ChunkStepBuilder<Integer> numbers, boolean futures) {
    ChunkStepBuilder<String> step =
        numbers
            .<Integer>asyncProcessor(
                number -> {
                  note(fetchers);
                  return number == 13
                      ? CompletableFuture.failedFuture(new IllegalStateException("unlucky"))
                      : CompletableFuture.supplyAsync(() -> number % 10 == 0 ? null : number);
                })
            .stage(2)
            .<String>processor(
                number -> {
                  note(parsers);
                  return "parsed " + number;
                })
            .writer(items -> written.addAll(items.getItems()))
            .dataSource(world.context().getBean(DataSource.class))
            .chunkSize(8);
    return futures ? step.futures(3) : step.map();
  }

  /** Virtual threads are told by their class, which Java 17 does not know. */
  private static void note(Set<String> threads) {
    Thread thread = Thread.currentThread();
    boolean virtual = thread.getClass().getSimpleName().contains("Virtual");
    threads.add(thread.getName() + (virtual ? " virtual" : ""));
  }

  private StepExecution run(ChunkStepBuilder<String> step) throws Exception {
    return world
        .operator()
        .start(
            new JobBuilder("staged", world.repository()).start(step.build()).build(),
            new JobParameters())
        .getStepExecutions()
        .iterator()
        .next();
  }
}
