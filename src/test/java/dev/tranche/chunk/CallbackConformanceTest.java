package dev.tranche.chunk;

import static dev.tranche.chunk.Gate.executor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.definition.ChunkDefinition.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Sections K and Q: callbacks, and futures for those who compose. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@ExtendWith(OutputCaptureExtension.class)
class CallbackConformanceTest {

  private static final IllegalStateException FAULT = new IllegalStateException("failed");

  private static final Callable<String> FAILING = () -> {
    throw FAULT;
  };

  @InBothModes
  @Line({121, 122})
  void callsBackInTheOrderAddedWhateverTheEnd(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      List<ChunkFuture<String>> futures = List.of(
          executor.submit(gate::pass), executor.submit(FAILING), executor.submit(() -> "never"));
      gate.awaitTasks();
      List<String> calls = new ArrayList<>();
      CountDownLatch last = new CountDownLatch(3);
      for (int i = 0; i < 3; i++) {
        int number = i;
        for (String name : List.of("a", "b", "c")) {
          futures.get(i).whenDone(done -> calls.add(number + name + (done == futures.get(number))));
        }
        futures.get(i).whenDone(done -> last.countDown());
      }
      futures.get(2).cancel();
      gate.open();
      last.await();
      assertThat(calls)
          .containsExactly(
              "2atrue", "2btrue", "2ctrue", "0atrue", "0btrue", "0ctrue", "1atrue", "1btrue",
              "1ctrue");
    }
  }

  @InBothModes
  @Line(123)
  void callsBackAtOnceInTheAddingThreadIfItIsDone(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      ChunkFuture<String> good = executor.submit(() -> "good");
      good.get();
      ChunkFuture<String> failed = executor.submit(FAILING);
      failed.exception();
      executor.submit(gate::pass);
      gate.awaitTasks();
      ChunkFuture<String> cancelled = executor.submit(FAILING);
      cancelled.cancel();
      List<Thread> threads = new ArrayList<>();
      for (ChunkFuture<String> future : List.of(good, failed, cancelled)) {
        future.whenDone(done -> threads.add(Thread.currentThread()));
      }
      assertThat(threads).hasSize(3).containsOnly(Thread.currentThread());
    }
  }

  @InBothModes
  @Line({124, 181})
  void logsACallbackThatThrowsAndGoesOn(Mode mode, CapturedOutput output) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      ChunkFuture<String> future = executor.submit(gate::pass);
      CountDownLatch later = new CountDownLatch(1);
      future
          .whenDone(done -> {
            throw new AssertionError("the callback's own");
          })
          .whenDone(done -> later.countDown());
      gate.open();
      later.await();
      future.whenDone(done -> {
        throw new IllegalStateException("the late callback's own");
      });
      assertThat(output)
          .contains("A callback of ChunkFuture[finished, returned String] failed")
          .contains("java.lang.AssertionError: the callback's own")
          .contains("java.lang.IllegalStateException: the late callback's own");
      assertThat(executor.submit(() -> "runs on").get()).isEqualTo("runs on");
    }
  }

  @Test
  @Line(125)
  void letsGoWhoWaitsBeforeItCallsBackInFuturesMode() throws Exception {
    assertThat(MapConformanceTest.orderOfCallbackAndWaiter(Mode.FUTURES))
        .containsExactly("waiter", "callback");
  }

  /** Otherwise a callback that waits for a task would wait for ever, although workers are left. */
  @InBothModes
  @Line(89)
  void letsACallbackWaitForATaskThatItSubmits(Mode mode) throws Exception {
    for (boolean whole : new boolean[] {false, true}) {
      ChunkExecutor executor = executor(mode, 2);
      try (Gate gate = Gate.closed()) {
        CompletableFuture<String> inner = new CompletableFuture<>();
        ChunkFuture<?> outer =
            whole
                ? executor.mapAsync(item -> gate.pass(), List.of(1))
                : executor.submit(gate::pass);
        outer.whenDone(done -> complete(inner, executor));
        gate.open();
        assertThat(inner.get(1, TimeUnit.MINUTES)).isEqualTo("inner");
      } finally {
        executor.terminate(); // close() would wait for a callback that waits for ever
      }
    }
  }

  private static void complete(CompletableFuture<String> inner, ChunkExecutor executor) {
    try {
      inner.complete(executor.submit(() -> "inner").get());
    } catch (Exception failed) {
      inner.completeExceptionally(failed);
    }
  }

  @InBothModes
  @Line(174)
  void isAwaitedByThoseWhoCompose(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1)) {
      Thread here = Thread.currentThread();
      assertThat(executor
              .submit(() -> Thread.currentThread() != here)
              .toCompletableFuture()
              .thenApply(elsewhere -> elsewhere ? "elsewhere" : "here")
              .get())
          .isEqualTo("elsewhere");
      CompletableFuture<String> failed = executor.submit(FAILING).toCompletableFuture();
      assertThatThrownBy(failed::join).isInstanceOf(CompletionException.class).hasCause(FAULT);
      assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class).hasCause(FAULT);
      assertThat(CompletableFuture.supplyAsync(() -> 1, executor).get()).isEqualTo(1);
    }
  }

  @InBothModes
  @Line(177)
  void isCancelledThroughTheFutureOfThoseWhoCompose(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      executor.submit(gate::pass);
      gate.awaitTasks();
      ChunkFuture<String> pending = executor.submit(() -> "never");
      CompletableFuture<String> bridge = pending.toCompletableFuture();
      assertThat(bridge.cancel(false)).isTrue();
      assertThat(bridge.isCancelled()).isTrue();
      assertThat(pending.isCancelled()).isTrue();

      ChunkFuture<String> other = executor.submit(() -> "never");
      CompletableFuture<String> told = other.toCompletableFuture();
      other.cancel();
      assertThat(told.isCancelled()).isTrue();
    }
  }

  @InBothModes
  @Line(178)
  void keepsItsValueAlthoughItIsCancelledThroughIt(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1)) {
      ChunkFuture<String> future = executor.submit(() -> "value");
      future.get();
      CompletableFuture<String> bridge = future.toCompletableFuture();
      assertThat(bridge.cancel(true)).isFalse();
      assertThat(future.get()).isEqualTo("value");
      assertThat(bridge.get()).isEqualTo("value");
    }
  }

  @InBothModes
  @Line(179)
  void goesOnAlthoughNobodyWaitsAnyMore(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      ChunkFuture<String> running = executor.submit(gate::pass);
      gate.awaitTasks();
      CompletableFuture<String> bridge =
          running.toCompletableFuture().orTimeout(1, TimeUnit.MILLISECONDS);
      assertThatThrownBy(bridge::get).hasCauseInstanceOf(TimeoutException.class);
      assertThat(running.isRunning()).isTrue();
      gate.open();
      assertThat(running.get()).isEqualTo("passed");
    }
  }

  @InBothModes
  @Line(112)
  void tellsCancellationAsCancellation(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      executor.submit(gate::pass);
      gate.awaitTasks();
      ChunkFuture<String> pending = executor.submit(() -> "never");
      executor.shutdown(false, true);
      assertThatThrownBy(() -> pending.toCompletableFuture().join())
          .isInstanceOf(CancellationException.class);
    }
  }
}
