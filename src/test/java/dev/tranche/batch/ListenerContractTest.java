package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.batch.Troubled.Trouble;
import dev.tranche.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.listener.StepListener;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.ChunkOrientedStepBuilder;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The same listeners at Spring Batch's own ChunkOrientedStep, without an executor, and at ours with
 * three workers: seven items in chunks of three, of which item 2 makes trouble.
 *
 * <p>Compared are: what an item's listeners hear of each item, in order; what write, chunk and skip
 * listeners hear, in order; the step's listeners; the counts. Free is the order between items,
 * since they are on different workers, and between reading and processing of different chunks.
 */
class ListenerContractTest {

  private static final String[] CHUNK_CALLS = {
    "beforeWrite", "afterWrite", "onWriteError", "afterChunk", "onChunkError"
  };
  private static final String[] SKIP_CALLS = {"onSkipInRead", "onSkipInProcess", "onSkipInWrite"};

  private static final String[] STEP_THREAD_CALLS =
      Stream.of(CHUNK_CALLS, SKIP_CALLS, new String[] {"beforeStep", "afterStep"})
          .flatMap(Stream::of)
          .toArray(String[]::new);

  /** Ours, each way of putting chunks through. */
  enum Mode {
    MAP,
    FUTURES
  }

  private enum Rule {
    FAIL,
    SKIP,
    RETRY
  }

  private record Run(StepExecution execution, Recorder told, Recorder annotated, Recorder streams) {

    List<String> ofItem(int item) {
      return told.heard.stream()
          .filter(line -> line.matches("(afterRead|\\w+Process\\w*) " + item + "( .*)?"))
          .toList();
    }

    List<Long> counts() {
      return List.of(
          execution.getReadCount(),
          execution.getFilterCount(),
          execution.getWriteCount(),
          execution.getSkipCount(),
          execution.getCommitCount(),
          execution.getRollbackCount());
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
  @EnumSource
  void tellsOfGoodAndFilteredItemsAsSpringBatchDoes(Mode mode) throws Exception {
    for (Trouble trouble : List.of(Trouble.NONE, Trouble.FILTERED)) {
      Run stock = stock(trouble, Rule.FAIL);
      Run ours = ours(mode, trouble, Rule.FAIL);

      assertSameOfItems(ours, stock);
      assertSame(ours, stock, CHUNK_CALLS);
      assertThat(ours.counts()).isEqualTo(stock.counts());
      assertProcessedBeforeWritten(ours);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsOfSkippedItemsAsSpringBatchDoes(Mode mode) throws Exception {
    for (Trouble trouble : List.of(Trouble.READ, Trouble.PROCESS)) {
      Run stock = stock(trouble, Rule.SKIP);
      Run ours = ours(mode, trouble, Rule.SKIP);

      assertSame(ours, stock, "onReadError");
      assertSame(ours, stock, SKIP_CALLS);
      assertThat(ours.told().of(SKIP_CALLS)).hasSize(1);
      assertSame(ours, stock, CHUNK_CALLS);
      assertThat(ours.execution().getSkipCount()).isEqualTo(stock.execution().getSkipCount());
    }
  }

  /** A deviation: skips are told after the commit that makes them true, stock tells at the fault. */
  @ParameterizedTest
  @EnumSource
  void tellsOfASkipAfterItsCommit(Mode mode) throws Exception {
    for (Trouble trouble : List.of(Trouble.READ, Trouble.PROCESS)) {
      assertThat(skipComesAfterItsChunk(ours(mode, trouble, Rule.SKIP))).isTrue();
      assertThat(skipComesAfterItsChunk(stock(trouble, Rule.SKIP))).isFalse();
    }
  }

  /** A deviation: each try of an item is told, stock tells of them as one. */
  @ParameterizedTest
  @EnumSource
  void tellsOfEachTryOfAnItem(Mode mode) throws Exception {
    Run stock = stock(Trouble.PROCESS_ONCE, Rule.RETRY);
    Run ours = ours(mode, Trouble.PROCESS_ONCE, Rule.RETRY);

    assertThat(stock.ofItem(2)).containsExactly("afterRead 2", "beforeProcess 2", "afterProcess 2 v2");
    assertThat(ours.ofItem(2))
        .containsExactly(
            "afterRead 2",
            "beforeProcess 2",
            "onProcessError 2 bad",
            "beforeProcess 2",
            "afterProcess 2 v2");
    assertSame(ours, stock, CHUNK_CALLS);
    assertThat(ours.counts()).isEqualTo(stock.counts());
  }

  /** A deviation: a write is tried again as a new transaction, stock repeats it in the same one. */
  @ParameterizedTest
  @EnumSource
  void tellsOfEachTransactionOfAWrite(Mode mode) throws Exception {
    Run stock = stock(Trouble.WRITE_ONCE, Rule.RETRY);
    Run ours = ours(mode, Trouble.WRITE_ONCE, Rule.RETRY);

    List<String> expected =
        new ArrayList<>(
            List.of(
                "beforeWrite [v1, v2, v3]",
                "onWriteError [v1, v2, v3] bad",
                "onChunkError [v1, v2, v3] bad"));
    expected.addAll(stock.told().of(CHUNK_CALLS));
    assertThat(ours.told().of(CHUNK_CALLS)).isEqualTo(expected);
    assertSameOfItems(ours, stock);
    assertThat(stock.execution().getRollbackCount()).isZero();
    assertThat(ours.execution().getRollbackCount()).isEqualTo(1);
  }

  /** A deviation: a chunk that cannot be written is halved, stock writes its items one by one. */
  @ParameterizedTest
  @EnumSource
  void skipsTheSameItemInAWriteAndProcessesNoneAgain(Mode mode) throws Exception {
    Run stock = stock(Trouble.WRITE, Rule.SKIP);
    Run ours = ours(mode, Trouble.WRITE, Rule.SKIP);

    assertSame(ours, stock, SKIP_CALLS);
    assertThat(ours.told().of(SKIP_CALLS)).containsExactly("onSkipInWrite v2 bad");
    assertThat(ours.execution().getWriteCount()).isEqualTo(stock.execution().getWriteCount());
    assertThat(ours.told().of("onWriteError"))
        .containsExactly(
            "onWriteError [v1, v2, v3] bad", "onWriteError [v2, v3] bad", "onWriteError [v2] bad");
    assertThat(stock.told().of("onWriteError")).containsExactly("onWriteError [v1, v2, v3] bad");
    assertThat(ours.told().of("afterProcess")).hasSize(7);
    assertThat(stock.told().of("afterProcess")).hasSize(10);
  }

  /** A deviation: what comes before the fault is committed, stock rolls the chunk back. */
  @ParameterizedTest
  @EnumSource
  void failsWithTheItemsBeforeTheFaultCommitted(Mode mode) throws Exception {
    for (Trouble trouble : List.of(Trouble.READ, Trouble.PROCESS, Trouble.WRITE)) {
      Run stock = stock(trouble, Rule.FAIL);
      Run ours = ours(mode, trouble, Rule.FAIL);

      assertThat(ours.execution().getStatus()).isEqualTo(BatchStatus.FAILED);
      assertSame(ours, stock, "onReadError", "onProcessError");
      assertThat(ours.told().of(SKIP_CALLS)).isEmpty();
      assertThat(ours.told().of("afterChunk")).containsExactly("afterChunk [v1]");
      assertThat(stock.told().of("afterChunk")).isEmpty();
      assertThat(ours.execution().getWriteCount()).isEqualTo(1);
    }
  }

  /** A deviation: no call for the end of the input, since reading is told where items are decoded. */
  @ParameterizedTest
  @EnumSource
  void announcesOnlyItemsThatAreThere(Mode mode) throws Exception {
    assertThat(ours(mode, Trouble.NONE, Rule.FAIL).told().of("beforeRead")).hasSize(7);
    assertThat(stock(Trouble.NONE, Rule.FAIL).told().of("beforeRead")).hasSize(8);
  }

  @ParameterizedTest
  @EnumSource
  void opensUpdatesAndClosesReaderAndWriterAsSpringBatchDoes(Mode mode) throws Exception {
    Run stock = stock(Trouble.NONE, Rule.FAIL);
    Run ours = ours(mode, Trouble.NONE, Rule.FAIL);

    assertThat(ours.streams().heard).containsExactlyInAnyOrderElementsOf(stock.streams().heard);
    for (String whose : List.of("reader", "writer")) {
      List<String> calls =
          ours.streams().heard.stream().filter(line -> line.endsWith(whose)).toList();
      assertThat(calls)
          .containsExactly(
              "open " + whose,
              "update " + whose,
              "update " + whose,
              "update " + whose,
              "close " + whose);
    }
  }

  // -- what must hold of every run --

  /** Of a failed step, workers may still tell what they were at: only its own thread's calls count. */
  private static void assertWellTold(Run run) {
    boolean failed = run.execution().getStatus() == BatchStatus.FAILED;
    List<String> heard = failed ? run.told().of(STEP_THREAD_CALLS) : run.told().heard;
    List<String> annotated =
        failed ? run.annotated().of(STEP_THREAD_CALLS) : run.annotated().heard;
    assertThat(heard.get(0)).isEqualTo("beforeStep load");
    assertThat(heard.get(heard.size() - 1)).isEqualTo("afterStep " + run.execution().getStatus());
    assertThat(run.told().of("beforeStep", "afterStep")).hasSize(2);
    assertThat(annotated).containsExactlyInAnyOrderElementsOf(heard);
  }

  private static void assertSame(Run ours, Run stock, String... calls) {
    assertThat(ours.told().of(calls)).isEqualTo(stock.told().of(calls));
  }

  private static void assertSameOfItems(Run ours, Run stock) {
    for (int item : IntStream.rangeClosed(1, 7).toArray()) {
      assertThat(ours.ofItem(item)).isEqualTo(stock.ofItem(item)).hasSize(3);
    }
  }

  private static void assertProcessedBeforeWritten(Run run) {
    List<String> heard = run.told().heard;
    for (String write : run.told().of("beforeWrite")) {
      for (String value : write.replaceAll("beforeWrite \\[|]", "").split(", ")) {
        String processed = "afterProcess " + value.substring(1) + " " + value;
        assertThat(heard.indexOf(processed)).isBetween(0, heard.indexOf(write));
      }
    }
  }

  private static boolean skipComesAfterItsChunk(Run run) {
    List<String> heard = run.told().heard;
    String skip = run.told().of(SKIP_CALLS).get(0);
    return heard.indexOf(skip) > heard.indexOf("afterChunk [v1, v3]");
  }

  // -- runs --

  private Run stock(Trouble trouble, Rule rule) throws Exception {
    Recorder.Typed told = new Recorder.Typed();
    Recorder.Annotated annotated = new Recorder.Annotated();
    Recorder streams = new Recorder();
    ChunkOrientedStepBuilder<Integer, String> step =
        new StepBuilder("load", world.repository())
            .<Integer, String>chunk(3)
            .transactionManager(world.context().getBean(PlatformTransactionManager.class))
            .reader(new Troubled.Reader(trouble, streams))
            .processor(new Troubled.Values(trouble)::of)
            .writer(new Troubled.Writer(trouble, streams))
            .listener((StepListener) told)
            .listener((StepExecutionListener) told)
            .skipListener(told)
            .listener(annotated);
    if (rule == Rule.SKIP) {
      step.faultTolerant().skip(Exception.class).skipLimit(1);
    } else if (rule == Rule.RETRY) {
      step.faultTolerant().retry(IllegalArgumentException.class).retryLimit(1);
    }
    return new Run(run("stock", step.build()), told, annotated, streams);
  }

  private Run ours(Mode mode, Trouble trouble, Rule rule) throws Exception {
    Recorder.Typed told = new Recorder.Typed();
    Recorder.Annotated annotated = new Recorder.Annotated();
    Recorder streams = new Recorder();
    ChunkStepBuilder<String> step =
        world.context().getBean(ChunkSteps.class).named("load")
            .reader(new Troubled.Reader(trouble, streams)).repeatable()
            .<String>processor(new Troubled.Values(trouble)::of)
            .writer(new Troubled.Writer(trouble, streams))
            .dataSource(world.context().getBean(DataSource.class))
            .chunkSize(3).workers(3)
            .listener(told).listener(annotated);
    step = mode == Mode.MAP ? step.map() : step.futures(3);
    if (rule == Rule.SKIP) {
      step.skipLimit(1);
    } else if (rule == Rule.RETRY) {
      step.retry(2, Duration.ofMillis(1), IllegalArgumentException.class);
    }
    Run run = new Run(run("ours", step.build()), told, annotated, streams);
    assertWellTold(run);
    return run;
  }

  private StepExecution run(String kind, Step step) throws Exception {
    String job = kind + System.identityHashCode(step);
    JobExecution execution =
        world
            .operator()
            .start(
                new JobBuilder(job, world.repository()).start(step).build(), new JobParameters());
    return execution.getStepExecutions().iterator().next();
  }
}
