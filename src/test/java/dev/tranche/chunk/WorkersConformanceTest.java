package dev.tranche.chunk;

import static dev.tranche.chunk.Gate.executor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.definition.ChunkDefinition.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Sections A and G: how workers are made, named, started and initialized. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@ExtendWith(OutputCaptureExtension.class)
class WorkersConformanceTest {

  @Test
  @Line(1)
  void refusesLessThanOneWorker() {
    for (int count : new int[] {0, -1}) {
      assertThatThrownBy(() -> Workers.platform(count))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("workers: " + count + " is not at least 1");
    }
  }

  @Test
  @Line({2, 3})
  void hasAsManyWorkersAsTheWorkAsksFor() {
    int processors = Runtime.getRuntime().availableProcessors();
    assertThat(Workers.forCpu().count()).isEqualTo(processors);
    assertThat(Workers.forIo().count()).isEqualTo(Math.min(32, processors + 4));
  }

  @Test
  @Line(5)
  void hasAllWorkersFromTheStartInMapMode() {
    try (ChunkExecutor ready = executor(Mode.MAP, Workers.platform(3).named("ready"))) {
      assertThat(ready.isShutdown()).isFalse();
      assertThat(Gate.threads("ready")).hasSize(3);
    }
  }

  @Test
  @Line(6)
  void startsAWorkerOnlyIfNoneIsIdle() throws Exception {
    for (int time = 0; time < 300; time++) {
      try (ChunkExecutor executor = executor(Mode.FUTURES, 4)) {
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        for (int task = 0; task < 3; task++) {
          executor.submit(() -> used.add(Thread.currentThread())).get();
        }
        assertThat(used).hasSize(1);
      }
    }
  }

  @Test
  @Line(7)
  void growsNoFurtherThanBusyWorkersMakeItNecessary() throws Exception {
    try (ChunkExecutor executor = executor(Mode.FUTURES, 4);
        Gate gate = Gate.closed()) {
      executor.submit(gate::pass);
      Set<Thread> used = ConcurrentHashMap.newKeySet();
      for (int task = 0; task < 6; task++) {
        executor.submit(() -> used.add(Thread.currentThread())).get();
      }
      assertThat(used).hasSizeLessThan(3);
    }
  }

  @Test
  @Line(8)
  void startsNoMoreWorkersThanItMayHave() throws Exception {
    try (ChunkExecutor executor = executor(Mode.FUTURES, Workers.platform(3).named("full"));
        Gate gate = Gate.closedTo(3)) {
      for (int task = 0; task < 45; task++) {
        executor.submit(gate::pass);
      }
      gate.awaitTasks();
      assertThat(Gate.threads("full")).hasSize(3);
    }
  }

  @Test
  @Line(9)
  void refusesAMissingInitializer() {
    assertThatNullPointerException().isThrownBy(() -> Workers.platform(1).initializedBy(null));
  }

  @Test
  @Line(11)
  void endsTheWorkersThatWereStartedIfAnotherCannotBe() throws Exception {
    OutOfMemoryError failure = new OutOfMemoryError("unable to create native thread");
    List<Thread> started = new ArrayList<>();

    assertThatThrownBy(() -> new MapExecutor(Workers.platform(3), body -> {
          if (started.size() == 2) {
            throw failure;
          }
          started.add(new Thread(body));
          return started.get(started.size() - 1);
        }))
        .isSameAs(failure);

    assertThat(started).hasSize(2);
    for (Thread thread : started) {
      thread.join();
    }
  }

  @InBothModes
  @Line(12)
  void namesItsWorkers(Mode mode) throws Exception {
    assertThat(nameOfAWorker(mode, Workers.platform(1).named("load"))).isEqualTo("load-worker-1");
    assertThat(nameOfAWorker(mode, Workers.platform(1)))
        .matches("tranche-\\d+-worker-1")
        .isNotEqualTo(nameOfAWorker(mode, Workers.platform(1)));
  }

  private static String nameOfAWorker(Mode mode, Workers workers) throws Exception {
    try (ChunkExecutor executor = executor(mode, workers)) {
      return executor.submit(() -> Thread.currentThread().getName()).get();
    }
  }

  @InBothModes
  @Line(76)
  void initializesEachWorkerOnceBeforeItsFirstTask(Mode mode) throws Exception {
    AtomicInteger times = new AtomicInteger();
    ThreadLocal<Integer> mine = new ThreadLocal<>();
    Workers workers = Workers.platform(2).initializedBy(() -> mine.set(times.incrementAndGet()));
    try (ChunkExecutor executor = executor(mode, workers)) {
      CountDownLatch both = new CountDownLatch(2);
      executor.map(
          item -> {
            both.countDown();
            both.await();
            return item;
          },
          List.of(1, 2),
          1);
      assertThat(executor.map(item -> mine.get(), List.of(1, 2, 3, 4), 1)).isSubsetOf(1, 2);
      assertThat(times).hasValue(2);
    }
  }

  @Test
  @Line({78, 86})
  void isBrokenIfAWorkerCannotBeInitialized() throws Exception {
    IllegalStateException fault = new IllegalStateException("no licence");
    try (Gate gate = Gate.closed();
        ChunkExecutor executor = executor(Mode.FUTURES, failing(gate, fault))) {
      List<ChunkFuture<Integer>> pending =
          List.of(executor.submit(() -> 1), executor.submit(() -> 2));
      gate.open();

      for (ChunkFuture<Integer> future : pending) {
        assertThatThrownBy(future::get)
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isInstanceOf(BrokenExecutorException.class)
            .hasMessage("the executor is broken: a worker could not be initialized:"
                + " java.lang.IllegalStateException: no licence")
            .hasCause(fault);
      }
      assertThat(pending.get(0).exception()).isNotSameAs(pending.get(1).exception());
      assertThatThrownBy(() -> executor.submit(() -> 3))
          .isInstanceOf(BrokenExecutorException.class)
          .isInstanceOf(RejectedExecutionException.class);
    }
  }

  private static Workers failing(Gate gate, RuntimeException fault) {
    return Workers.platform(1).initializedBy(() -> {
      try {
        gate.pass();
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
      }
      throw fault;
    });
  }

  @Test
  @Line(79)
  void logsWhyAWorkerCouldNotBeInitialized(CapturedOutput output) throws Exception {
    try (Gate gate = Gate.closed();
        ChunkExecutor executor =
            executor(Mode.FUTURES, failing(gate, new IllegalStateException("no licence")))) {
      ChunkFuture<Integer> pending = executor.submit(() -> 1);
      gate.open();
      pending.exception();
      assertThat(output)
          .contains("A worker could not be initialized, so its executor is broken")
          .contains("java.lang.IllegalStateException: no licence")
          .contains("at dev.tranche.chunk.WorkersConformanceTest");
    }
  }

  @InBothModes
  @Line(80)
  void leavesNoThreadBehindThatCouldNotBeInitialized(Mode mode) throws Exception {
    List<Thread> begun = new ArrayList<>();
    Workers workers = Workers.platform(1).initializedBy(() -> {
      begun.add(Thread.currentThread());
      throw new IllegalStateException("no licence");
    });
    ChunkExecutor executor = executor(mode, workers);
    if (mode == Mode.FUTURES) {
      executor.submit(() -> 1);
    }
    assertThat(executor.awaitTermination(1, TimeUnit.HOURS)).isTrue();
    begun.get(0).join();
  }

  @Test
  @Line(186)
  void doesNotStartWorkersAgainAndAgainThatCannotBeInitialized() throws Exception {
    AtomicInteger times = new AtomicInteger();
    Workers workers = Workers.platform(1).initializedBy(() -> {
      times.incrementAndGet();
      throw new IllegalStateException("no licence");
    });
    ChunkExecutor executor = executor(Mode.MAP, workers);
    assertThat(executor.awaitTermination(1, TimeUnit.HOURS)).isTrue();
    assertThatThrownBy(() -> executor.map(item -> item, List.of(1)))
        .isInstanceOf(BrokenExecutorException.class);
    assertThat(times).hasValue(1);
  }
}
