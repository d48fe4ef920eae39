package dev.tranche.chunk;

import static dev.tranche.chunk.Gate.executor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.ChunkFuture.Snapshot;
import dev.tranche.chunk.ChunkFuture.State;
import dev.tranche.definition.ChunkDefinition.Mode;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;

/** Sections H and J: tasks that are submitted, and what their futures tell. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FutureConformanceTest {

  private static final IllegalStateException FAULT = new IllegalStateException("failed");

  private static final Callable<String> FAILING = () -> {
    throw FAULT;
  };

  @InBothModes
  @Line(81)
  void acceptsATaskAtOnce(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      ChunkFuture<String> future = executor.submit(gate::pass);
      assertThat(future.isDone()).isFalse();
      gate.open();
      assertThat(future.get()).isEqualTo("passed");
      assertThat(executor.submit(() -> {}, "given").get()).isEqualTo("given");
    }
  }

  @InBothModes
  @Line(83)
  void refusesAMissingTask(Mode mode) {
    try (ChunkExecutor executor = executor(mode, 1)) {
      assertThatNullPointerException().isThrownBy(() -> executor.submit((Callable<?>) null));
      assertThatNullPointerException().isThrownBy(() -> executor.execute(null));
    }
  }

  @InBothModes
  @Line(87)
  void forgetsTaskAndWorkerWhenTheTaskIsOver(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      List<WeakReference<?>> references = new ArrayList<>();
      ChunkFuture<Object> kept = executor.submit(noted(new Object(), references));
      ChunkFuture<Object> cancelled;
      kept.get();
      executor.submit(noted(new Object(), references));
      executor.submit(gate::pass);
      gate.awaitTasks();
      cancelled = executor.submit(noted(new Object(), references));
      cancelled.cancel();
      Gate.awaitCollected(references);
      assertThat(kept.isDone() && cancelled.isDone()).isTrue();
    }
  }

  private static Callable<Object> noted(Object captured, List<WeakReference<?>> references) {
    references.add(new WeakReference<>(captured));
    return captured::hashCode;
  }

  /** One that compares like nothing, and says nothing. */
  private static final class Hollow extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @Override
    public boolean equals(Object other) {
      return other == null;
    }

    @Override
    public int hashCode() {
      return 0;
    }

    @Override
    public String toString() {
      return "";
    }
  }

  @InBothModes
  @Line(88)
  void reportsWhateverIsThrown(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1)) {
      Hollow hollow = new Hollow();
      ChunkFuture<Object> future = executor.submit(() -> {
        throw hollow;
      });
      assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class);
      assertThat(future.exception() == hollow).isTrue();
      Error error = new StackOverflowError();
      assertThat(executor
              .submit((Callable<Object>) () -> {
                throw error;
              })
              .exception())
          .isSameAs(error);
    }
  }

  @InBothModes
  @Line(89)
  void acceptsATaskFromWithinATask(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1)) {
      ChunkFuture<ChunkFuture<Integer>> outer = executor.submit(() -> executor.submit(() -> 1));
      assertThat(outer.get().get()).isEqualTo(1);
    }
  }

  @InBothModes
  @Line(89)
  void noticesThatAllWorkersWouldWaitForEachOther(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 2)) {
      CountDownLatch both = new CountDownLatch(2);
      Callable<Integer> nesting = () -> {
        both.countDown();
        both.await();
        return executor.submit(() -> 1).get();
      };
      List<ChunkFuture<Integer>> outer =
          List.of(executor.submit(nesting), executor.submit(nesting));
      List<Throwable> errors = new ArrayList<>();
      for (ChunkFuture<Integer> each : outer) {
        Throwable error = each.exception();
        if (error != null) {
          errors.add(error);
        }
      }
      assertThat(errors).hasSize(1); // whose worker then runs both inner tasks
      assertThat(errors.get(0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "all 2 workers would wait for tasks that only they can run. Wait for them outside of"
                  + " the executor, or use one for the outer and another for the inner tasks");
    }
  }

  @InBothModes
  @Line({107, 109})
  void goesFromPendingToRunningToFinished(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate first = Gate.closed();
        Gate gate = Gate.closed()) {
      executor.submit(first::pass);
      ChunkFuture<String> future = executor.submit(gate::pass);
      assertState(future, State.PENDING, false, false, false);
      first.open();
      gate.awaitTasks();
      assertState(future, State.RUNNING, true, false, false);
      gate.open();
      future.get();
      assertState(future, State.FINISHED, false, true, false);
    }
  }

  private static void assertState(
      ChunkFuture<?> future, State state, boolean running, boolean done, boolean cancelled) {
    assertThat(future.snapshot().state()).isEqualTo(state);
    assertThat(future.isRunning()).isEqualTo(running);
    assertThat(future.isDone()).isEqualTo(done);
    assertThat(future.isCancelled()).isEqualTo(cancelled);
  }

  @InBothModes
  @Line({107, 108, 110})
  void cancelsWhatIsPendingAndLeavesAloneWhatRuns(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      ChunkFuture<String> running = executor.submit(gate::pass);
      gate.awaitTasks();
      AtomicInteger runs = new AtomicInteger();
      ChunkFuture<Integer> pending = executor.submit(runs::incrementAndGet);
      assertThat(pending.cancel()).isTrue();
      assertThat(pending.cancel()).isTrue();
      assertState(pending, State.CANCELLED, false, true, true);
      assertThat(running.cancel()).isFalse();
      assertState(running, State.RUNNING, true, false, false);
      gate.open();
      assertThat(running.get()).isEqualTo("passed");
      assertThat(running.cancel()).isFalse();
      ChunkFuture<String> failed = executor.submit(FAILING);
      failed.exception();
      assertThat(failed.cancel()).isFalse();
      assertThat(runs).hasValue(0);
    }
  }

  @InBothModes
  @Line({111, 120})
  void timesOutWithTheOrdinaryExceptionIfItIsNotDone(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      ChunkFuture<String> running = executor.submit(gate::pass);
      gate.awaitTasks();
      ChunkFuture<Integer> pending = executor.submit(() -> 1);
      for (Duration timeout : List.of(Duration.ZERO, Duration.ofMillis(1))) {
        assertThatThrownBy(() -> running.get(timeout))
            .isInstanceOf(TimeoutException.class)
            .hasMessage("the task is not done yet: running");
        assertThatThrownBy(() -> running.exception(timeout)).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> pending.get(timeout.toNanos(), TimeUnit.NANOSECONDS))
            .isInstanceOf(TimeoutException.class)
            .hasMessage("the task is not done yet: pending");
      }
    }
  }

  @InBothModes
  @Line(112)
  void throwsAtOnceThatItWasCancelled(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      executor.submit(gate::pass);
      gate.awaitTasks();
      ChunkFuture<Integer> future = executor.submit(() -> 1);
      future.cancel();
      assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
      assertThatThrownBy(future::exception).isInstanceOf(CancellationException.class);
      assertThatThrownBy(() -> future.get(Duration.ofHours(1)))
          .isInstanceOf(CancellationException.class);
    }
  }

  @InBothModes
  @Line(113)
  void givesTheErrorWithoutThrowingIt(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1)) {
      assertThat(executor.submit(() -> 1).exception()).isNull();
      assertThat(executor.submit(FAILING).exception()).isSameAs(FAULT);
      assertThat(executor.submit(FAILING).exception(Duration.ofHours(1))).isSameAs(FAULT);
    }
  }

  @InBothModes
  @Line(114)
  void wakesWhoWaitsWhateverTheEnd(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      List<ChunkFuture<String>> futures = List.of(
          executor.submit(gate::pass), executor.submit(FAILING), executor.submit(() -> "never"));
      gate.awaitTasks();
      List<FutureTask<Object>> waiters = new ArrayList<>();
      for (ChunkFuture<String> future : futures) {
        FutureTask<Object> waiter = new FutureTask<>(() -> outcome(future));
        Thread thread = new Thread(waiter);
        thread.start();
        Gate.awaitWaiting(thread);
        waiters.add(waiter);
      }
      futures.get(2).cancel();
      assertThat(waiters.get(2).get()).isInstanceOf(CancellationException.class);
      gate.open();
      assertThat(waiters.get(0).get()).isEqualTo("passed");
      assertThat(waiters.get(1).get()).isInstanceOf(ExecutionException.class);
    }
  }

  private static Object outcome(ChunkFuture<?> future) {
    try {
      return future.get();
    } catch (Exception thrown) {
      return thrown;
    }
  }

  @InBothModes
  @Line({115, 117})
  void runsOnceHoweverOftenItIsTold(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1)) {
      AtomicInteger runs = new AtomicInteger();
      ChunkFuture<Integer> future = executor.submit(runs::incrementAndGet);
      assertThat(future.get()).isEqualTo(1);
      ((Runnable) future).run();
      assertThat(runs).hasValue(1);
      assertThat(future.get()).isEqualTo(1);
    }
  }

  @InBothModes
  @Line({116, 117})
  void staysCancelledAlthoughItIsToldToRun(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      executor.submit(gate::pass);
      gate.awaitTasks();
      AtomicInteger runs = new AtomicInteger();
      ChunkFuture<Integer> future = executor.submit(runs::incrementAndGet);
      future.cancel();
      ((Runnable) future).run();
      assertThat(runs).hasValue(0);
      assertThat(future.isCancelled()).isTrue();
    }
  }

  @InBothModes
  @Line(118)
  void tellsWhatBelongsTogetherAtAnyMoment(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 2)) {
      for (int time = 0; time < 2000; time++) {
        ChunkFuture<String> future = executor.submit(() -> "value");
        Snapshot<String> seen = future.snapshot();
        while (seen.state() != State.FINISHED) {
          assertThat(seen.value()).isNull();
          seen = future.snapshot();
        }
        assertThat(seen).isEqualTo(new Snapshot<>(State.FINISHED, "value", null));
        assertThat(future.isDone()).isTrue();
      }
    }
  }

  @InBothModes
  @Line(119)
  void showsItsStateAndTheTypeOfItsOutcome(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      ChunkFuture<String> future = executor.submit(gate::pass);
      gate.awaitTasks();
      ChunkFuture<String> failing = executor.submit(FAILING);
      ChunkFuture<String> cancelled = executor.submit(FAILING);
      cancelled.cancel();
      assertThat(future).hasToString("ChunkFuture[running]");
      assertThat(failing).hasToString("ChunkFuture[pending]");
      assertThat(cancelled).hasToString("ChunkFuture[cancelled]");
      gate.open();
      failing.exception();
      assertThat(future).hasToString("ChunkFuture[finished, returned String]");
      assertThat(failing).hasToString("ChunkFuture[finished, threw IllegalStateException]");
    }
  }
}
