package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.batch.Troubled.Trouble;
import dev.tranche.testing.TestDatabase;
import java.time.Duration;
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
 * <p>Compared are: what is told of each item, in order; of reading, in order; of chunks and writes,
 * in order; of skips, in order; the step's listeners; the streams; the counts. Free is the order
 * between the processing of items, since they are on different workers, and between reading and
 * writing in futures mode.
 */
class ListenerContractTest {

  private static final String[] READ_CALLS = {"beforeRead", "afterRead", "onReadError"};
  private static final String[] WRITE_CALLS = {
    "beforeWrite", "afterWrite", "onWriteError", "afterChunk", "onChunkError"
  };
  private static final String[] SKIP_CALLS = {"onSkipInRead", "onSkipInProcess", "onSkipInWrite"};

  private static final String[] STEP_THREAD_CALLS = all(
      READ_CALLS, WRITE_CALLS, SKIP_CALLS, new String[] {"beforeStep", "afterStep", "beforeChunk"});

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

    /** All that Spring Batch counts of items. */
    List<Long> counts() {
      return List.of(
          execution.getReadCount(),
          execution.getFilterCount(),
          execution.getWriteCount(),
          execution.getReadSkipCount(),
          execution.getProcessSkipCount(),
          execution.getWriteSkipCount());
    }

    List<Long> transactions() {
      return List.of(execution.getCommitCount(), execution.getRollbackCount());
    }

    List<String> ofStream(String whose) {
      return streams.heard.stream().filter(line -> line.endsWith(whose)).toList();
    }
  }

  private final TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
  private World world;
  private int chunk = 3;

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
    for (Trouble trouble : List.of(Trouble.NONE, Trouble.FILTERED, Trouble.ALL_FILTERED)) {
      Run stock = stock(trouble, Rule.FAIL);
      Run ours = ours(mode, trouble, Rule.FAIL);

      assertSameOfItems(ours, stock);
      assertThat(ours.ofItem(2)).hasSize(3);
      assertSame(ours, stock, READ_CALLS);
      assertSameChunks(mode, ours, stock);
      assertThat(ours.counts()).isEqualTo(stock.counts());
      assertThat(ours.transactions()).isEqualTo(stock.transactions());
      assertInputsBeforeProcessing(ours);
      assertProcessedBeforeWritten(ours);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsOfSkippedItemsAsSpringBatchDoes(Mode mode) throws Exception {
    for (Trouble trouble :
        List.of(Trouble.READ, Trouble.ALL_READ, Trouble.PROCESS, Trouble.ALL_PROCESS)) {
      Run stock = stock(trouble, Rule.SKIP);
      Run ours = ours(mode, trouble, Rule.SKIP);

      assertSameOfItems(ours, stock);
      assertSame(ours, stock, READ_CALLS);
      assertSame(ours, stock, SKIP_CALLS);
      assertThat(ours.told().of(SKIP_CALLS)).isNotEmpty();
      assertSameChunks(mode, ours, stock);
      assertThat(ours.counts()).isEqualTo(stock.counts());
      assertInputsBeforeProcessing(ours);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsOfItemsSkippedInAWriteAsSpringBatchDoes(Mode mode) throws Exception {
    for (Trouble trouble : List.of(Trouble.WRITE, Trouble.ALL_WRITE)) {
      Run stock = stock(trouble, Rule.SKIP);
      Run ours = ours(mode, trouble, Rule.SKIP);

      assertSame(ours, stock, SKIP_CALLS);
      assertSame(ours, stock, all(WRITE_CALLS, SKIP_CALLS));
      assertSameChunks(mode, ours, stock);
      assertThat(ours.told().of("onWriteError")).containsExactly("onWriteError [v1, v2, v3] bad");
      assertThat(ours.counts()).isEqualTo(stock.counts());
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsOfTriesAsOneAsSpringBatchDoes(Mode mode) throws Exception {
    for (Trouble trouble : List.of(Trouble.PROCESS_ONCE, Trouble.WRITE_ONCE)) {
      Run stock = stock(trouble, Rule.RETRY);
      Run ours = ours(mode, trouble, Rule.RETRY);

      assertSameOfItems(ours, stock);
      assertSameChunks(mode, ours, stock);
      assertThat(ours.counts()).isEqualTo(stock.counts());
    }
  }

  @ParameterizedTest
  @EnumSource
  void opensUpdatesAndClosesStreamsAsSpringBatchDoes(Mode mode) throws Exception {
    for (Trouble trouble : List.of(Trouble.NONE, Trouble.ALL_FILTERED, Trouble.READ)) {
      Run stock = stock(trouble, Rule.SKIP);
      Run ours = ours(mode, trouble, Rule.SKIP);

      for (String whose : List.of("reader", "processor", "writer")) {
        assertThat(ours.ofStream(whose)).isEqualTo(stock.ofStream(whose)).hasSize(5);
      }
    }
  }

  // -- deviations, each for a reason that docs/java.md has --

  /** A rollback could still take a skip back: stock tells at the fault. */
  @ParameterizedTest
  @EnumSource
  void tellsOfASkipAfterItsCommit(Mode mode) throws Exception {
    for (Trouble trouble : List.of(Trouble.READ, Trouble.PROCESS)) {
      assertThat(skipComesAfterItsChunk(ours(mode, trouble, Rule.SKIP))).isTrue();
      assertThat(skipComesAfterItsChunk(stock(trouble, Rule.SKIP))).isFalse();
    }
  }

  /** Stock repeats a write in the same transaction, and counts a chunk's parts as one commit. */
  @ParameterizedTest
  @EnumSource
  void countsEachTransaction(Mode mode) throws Exception {
    assertThat(stock(Trouble.WRITE_ONCE, Rule.RETRY).transactions()).containsExactly(3L, 0L);
    assertThat(ours(mode, Trouble.WRITE_ONCE, Rule.RETRY).transactions()).containsExactly(3L, 1L);
    assertThat(stock(Trouble.WRITE, Rule.SKIP).transactions()).containsExactly(3L, 2L);
    assertThat(ours(mode, Trouble.WRITE, Rule.SKIP).transactions()).containsExactly(5L, 2L);
    assertThat(stock(Trouble.ALL_READ, Rule.SKIP).transactions()).containsExactly(2L, 0L);
    assertThat(ours(mode, Trouble.ALL_READ, Rule.SKIP).transactions()).containsExactly(3L, 0L);
  }

  /** Results are kept until they are written: stock processes the items of a bad chunk again. */
  @ParameterizedTest
  @EnumSource
  void processesNothingAgain(Mode mode) throws Exception {
    assertThat(ours(mode, Trouble.WRITE, Rule.SKIP).told().of("afterProcess")).hasSize(7);
    assertThat(stock(Trouble.WRITE, Rule.SKIP).told().of("afterProcess")).hasSize(10);
  }

  /** More than three items are halved, so that a chunk of a thousand is not a thousand commits. */
  @ParameterizedTest
  @EnumSource
  void halvesALargeChunkThatCannotBeWritten(Mode mode) throws Exception {
    chunk = 7;
    Run stock = stock(Trouble.WRITE, Rule.SKIP);
    Run ours = ours(mode, Trouble.WRITE, Rule.SKIP);

    assertThat(stock.told().of("beforeChunk", "afterChunk")).hasSize(14);
    assertThat(ours.told().of(all(WRITE_CALLS, SKIP_CALLS, new String[] {"beforeChunk"})))
        .containsExactly(
            "beforeChunk [1, 2, 3, 4, 5, 6, 7]",
            "beforeWrite [v1, v2, v3, v4, v5, v6, v7]",
            "onWriteError [v1, v2, v3, v4, v5, v6, v7] bad",
            "onChunkError [v1, v2, v3, v4, v5, v6, v7] bad",
            "beforeChunk [1, 2, 3]",
            "beforeWrite [v1, v2, v3]",
            "beforeChunk [1]",
            "beforeWrite [v1]",
            "afterWrite [v1]",
            "afterChunk [v1]",
            "beforeChunk [2]",
            "beforeWrite [v2]",
            "onSkipInWrite v2 bad",
            "onChunkError [v2] bad",
            "beforeChunk [3]",
            "beforeWrite [v3]",
            "afterWrite [v3]",
            "afterChunk [v3]",
            "beforeChunk [4, 5, 6, 7]",
            "beforeWrite [v4, v5, v6, v7]",
            "afterWrite [v4, v5, v6, v7]",
            "afterChunk [v4, v5, v6, v7]");
    assertThat(ours.counts()).isEqualTo(stock.counts());
  }

  /** A restart goes on at the fault: what comes before it is committed, stock rolls it back. */
  @ParameterizedTest
  @EnumSource
  void failsWithTheItemsBeforeTheFaultCommitted(Mode mode) throws Exception {
    for (Trouble trouble : List.of(Trouble.READ, Trouble.PROCESS, Trouble.WRITE)) {
      Run stock = stock(trouble, Rule.FAIL);
      Run ours = ours(mode, trouble, Rule.FAIL);

      assertThat(ours.execution().getStatus()).isEqualTo(BatchStatus.FAILED);
      assertSame(ours, stock, "onReadError", "onProcessError", "onWriteError", "onChunkError");
      assertThat(ours.told().of(SKIP_CALLS)).isEmpty();
      assertThat(ours.told().of("afterChunk")).containsExactly("afterChunk [v1]");
      assertThat(stock.told().of("afterChunk")).isEmpty();
      assertThat(ours.execution().getWriteCount()).isEqualTo(1);
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
      assertThat(ours.ofItem(item)).isEqualTo(stock.ofItem(item));
    }
  }

  /** Futures mode reads ahead, so that a chunk begins before the one before it is written. */
  private static void assertSameChunks(Mode mode, Run ours, Run stock) {
    assertSame(ours, stock, WRITE_CALLS);
    if (mode == Mode.MAP) {
      assertSame(ours, stock, all(WRITE_CALLS, new String[] {"beforeChunk"}));
    }
    assertThat(ours.told().of("beforeChunk"))
        .containsExactlyInAnyOrderElementsOf(stock.told().of("beforeChunk"));
  }

  private static void assertInputsBeforeProcessing(Run run) {
    List<String> heard = run.told().heard;
    for (String begun : run.told().of("beforeChunk")) {
      for (String item : listed(begun)) {
        assertThat(heard.indexOf(begun))
            .isBetween(heard.indexOf("afterRead " + item), heard.indexOf("beforeProcess " + item));
      }
    }
  }

  private static void assertProcessedBeforeWritten(Run run) {
    List<String> heard = run.told().heard;
    for (String write : run.told().of("beforeWrite")) {
      for (String value : listed(write)) {
        String processed = "afterProcess " + value.substring(1) + " " + value;
        assertThat(heard.indexOf(processed)).isBetween(0, heard.indexOf(write));
      }
    }
  }

  /** What a line has in brackets. */
  private static List<String> listed(String line) {
    String items = line.replaceAll(".*\\[|].*", "");
    return items.isEmpty() ? List.of() : List.of(items.split(", "));
  }

  private static boolean skipComesAfterItsChunk(Run run) {
    List<String> heard = run.told().heard;
    String skip = run.told().of(SKIP_CALLS).get(0);
    return heard.indexOf(skip) > heard.indexOf("afterChunk [v1, v3]");
  }

  private static String[] all(String[]... some) {
    return Stream.of(some).flatMap(Stream::of).toArray(String[]::new);
  }

  // -- runs --

  private Run stock(Trouble trouble, Rule rule) throws Exception {
    Recorder.Typed told = new Recorder.Typed();
    Recorder.Annotated annotated = new Recorder.Annotated();
    Recorder streams = new Recorder();
    ChunkOrientedStepBuilder<Integer, String> step =
        new StepBuilder("load", world.repository())
            .<Integer, String>chunk(chunk)
            .transactionManager(world.context().getBean(PlatformTransactionManager.class))
            .reader(new Troubled.Reader(trouble, streams))
            .processor(new Troubled.Processor(trouble, streams))
            .writer(new Troubled.Writer(trouble, streams))
            .listener((StepListener) told)
            .listener((StepExecutionListener) told)
            .skipListener(told)
            .listener(annotated);
    if (rule == Rule.SKIP) {
      step.faultTolerant().skip(Exception.class).skipLimit(3);
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
            .processor(new Troubled.Processor(trouble, streams))
            .writer(new Troubled.Writer(trouble, streams))
            .dataSource(world.context().getBean(DataSource.class))
            .chunkSize(chunk).workers(3)
            .listener(told).listener(annotated);
    step = mode == Mode.MAP ? step.map() : step.futures(3);
    if (rule == Rule.SKIP) {
      step.skipLimit(3);
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
