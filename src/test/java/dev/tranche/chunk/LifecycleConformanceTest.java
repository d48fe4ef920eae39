package dev.tranche.chunk;

import static dev.tranche.chunk.Gate.executor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.definition.ChunkDefinition.Mode;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Sections E and N: how executors end. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@ExtendWith(OutputCaptureExtension.class)
class LifecycleConformanceTest {

  @InBothModes
  @Line({54, 147, 159})
  void finishesWhatItAcceptedAfterAShutdown(Mode mode) throws Exception {
    ChunkExecutor executor = executor(mode, Workers.platform(2).named("ending-" + mode));
    try (Gate gate = Gate.closedTo(2)) {
      List<ChunkFuture<String>> accepted =
          IntStream.range(0, 10).mapToObj(i -> executor.submit(gate::pass)).toList();
      gate.awaitTasks();
      List<Thread> workers = Gate.threads("ending-" + mode);
      executor.shutdown();
      assertThat(executor.isShutdown()).isTrue();
      assertThat(executor.isTerminated()).isFalse();
      assertThatThrownBy(() -> executor.submit(() -> 1))
          .isInstanceOf(RejectedExecutionException.class);
      gate.open();
      for (ChunkFuture<String> future : accepted) {
        assertThat(future.get()).isEqualTo("passed");
      }
      for (Thread worker : workers) {
        worker.join();
      }
      assertThat(workers).hasSize(2);
    }
  }

  @InBothModes
  @Line({55, 56})
  void awaitsTheEndOfAllWorkers(Mode mode) throws Exception {
    ChunkExecutor executor = executor(mode, 2);
    try (Gate gate = Gate.closed()) {
      executor.submit(gate::pass);
      gate.awaitTasks();
      assertThat(executor.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
      executor.shutdown();
      assertThat(executor.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
      gate.open();
      assertThat(executor.awaitTermination(1, TimeUnit.HOURS)).isTrue();
      assertThat(executor.isTerminated()).isTrue();
    }
  }

  @InBothModes
  @Line({57, 182})
  void terminatesAtOnceWhateverWaits(Mode mode) throws Exception {
    ChunkExecutor executor = executor(mode, 1);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    Callable<Integer> slow = () -> {
      begun.countDown();
      never.await();
      return ended.incrementAndGet();
    };
    List<ChunkFuture<Integer>> all =
        IntStream.range(0, 10_000).mapToObj(i -> executor.submit(slow)).toList();
    begun.await();
    executor.terminate();
    assertThat(all).allMatch(ChunkFuture::isCancelled);
    assertThatThrownBy(() -> all.get(0).get()).isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> all.get(9_999).get()).isInstanceOf(CancellationException.class);
    assertThat(executor.awaitTermination(1, TimeUnit.HOURS)).isTrue();
    assertThat(ended).hasValue(0);
  }

  @InBothModes
  @Line(58)
  void startsNoWorkerAfterItWasTerminated(Mode mode) throws Exception {
    for (int time = 0; time < 50; time++) {
      Set<Thread> made = ConcurrentHashMap.newKeySet();
      Workers workers = Workers.platform(2).initializedBy(() -> made.add(Thread.currentThread()));
      ChunkExecutor executor = executor(mode, workers);
      Thread submitting = new Thread(() -> submitUntilRejected(executor));
      submitting.start();
      executor.terminate();
      submitting.join();
      assertThat(executor.awaitTermination(1, TimeUnit.HOURS)).isTrue();
      int count = made.size();
      assertThat(executor.isIdle()).isTrue();
      for (Thread worker : made) {
        worker.join();
      }
      assertThat(made).hasSize(count);
    }
  }

  private static void submitUntilRejected(ChunkExecutor executor) {
    try {
      while (true) {
        executor.submit(() -> 1);
      }
    } catch (RejectedExecutionException expected) {
      assertThat(executor.isShutdown()).isTrue();
    }
  }

  @InBothModes
  @Line({59, 150})
  void canBeEndedAgainAndAgain(Mode mode) throws Exception {
    ChunkExecutor executor = executor(mode, 1);
    executor.submit(() -> 1).get();
    executor.shutdown();
    executor.shutdown(true, false);
    executor.shutdown(true, true);
    executor.terminate();
    executor.terminate();
    executor.close();
    executor.close();
    assertThat(executor.isTerminated()).isTrue();
  }

  @Test
  @Line({60, 189})
  void stopsWhatIsUnderWayWhenItIsClosedInMapMode() throws Exception {
    ChunkFuture<String> running;
    ChunkFuture<Integer> pending;
    try (Gate gate = Gate.closed();
        ChunkExecutor executor = executor(Mode.MAP, 1)) {
      running = executor.submit(gate::pass);
      pending = executor.submit(() -> 1);
      gate.awaitTasks();
    }
    assertThat(running.isCancelled()).isTrue();
    assertThat(pending.isCancelled()).isTrue();
  }

  @Test
  @Line({151, 189})
  void waitsForWhatItAcceptedWhenItIsClosedInFuturesMode() throws Exception {
    List<ChunkFuture<Integer>> accepted = new ArrayList<>();
    try (ChunkExecutor executor = executor(Mode.FUTURES, 1)) {
      for (int i = 0; i < 100; i++) {
        int number = i;
        accepted.add(executor.submit(() -> number));
      }
    }
    assertThat(accepted).allMatch(ChunkFuture::isSuccessful);
  }

  @Test
  @Line({61, 62})
  void refusesWorkAfterItsEndInMapMode() {
    ChunkExecutor executor = executor(Mode.MAP, 1);
    executor.close();
    try (executor) {
      assertRejected(() -> executor.submit(() -> 1), "the executor is not running");
      assertRejected(() -> executor.map(i -> i, List.of(1)), "the executor is not running");
      assertRejected(() -> executor.map(i -> i, List.of()), "the executor is not running");
      assertRejected(() -> executor.mapLazily(i -> i, List.of(1)), "the executor is not running");
    }
  }

  @Test
  @Line(84)
  void refusesWorkAfterAShutdownInFuturesMode() {
    ChunkExecutor executor = executor(Mode.FUTURES, 1);
    executor.shutdown();
    String message = "cannot schedule new futures after shutdown";
    assertRejected(() -> executor.submit(() -> 1), message);
    assertRejected(() -> executor.execute(() -> {}), message);
    assertRejected(() -> executor.mapUnordered(i -> i, List.of(1)), message);
  }

  private interface Call {
    void make() throws Exception;
  }

  private static void assertRejected(Call call, String message) {
    assertThatThrownBy(call::make)
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessage(message);
  }

  @Test
  @Line(63)
  void warnsOfAMapExecutorThatWasDropped(CapturedOutput output) {
    drop(Mode.MAP, "left-lying", new CountDownLatch(0));
    while (!output
        .getAll()
        .contains("The executor 'left-lying' was dropped while it was running")) {
      System.gc();
    }
    awaitNoThreads("left-lying");
  }

  @InBothModes
  @Line(152)
  void finishesAndFreesItsWorkersWhenItWasDropped(Mode mode) throws Exception {
    CountDownLatch done = new CountDownLatch(20);
    drop(mode, "dropped-" + mode, done);
    done.await();
    awaitNoThreads("dropped-" + mode);
  }

  private static void drop(Mode mode, String name, CountDownLatch done) {
    ChunkExecutor executor = executor(mode, Workers.platform(2).named(name));
    for (int i = 0; i < 20; i++) {
      executor.submit(done::countDown);
    }
  }

  private static void awaitNoThreads(String name) {
    while (!Gate.threads(name).isEmpty()) {
      System.gc();
    }
    assertThat(Gate.threads(name)).isEmpty();
  }

  @InBothModes
  @Line(64)
  void cannotBeSerialized(Mode mode) {
    try (ChunkExecutor executor = executor(mode, 1)) {
      assertThatThrownBy(
              () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(executor))
          .isInstanceOf(NotSerializableException.class);
    }
  }

  /** A program that leaves an executor behind, with a worker that does not stop. */
  static final class Program {

    private static ChunkExecutor left;

    private Program() {}

    public static void main(String[] arguments) throws Exception {
      left = executor(Mode.valueOf(arguments[0]), 1);
      Gate gate = Gate.closed();
      left.submit(gate::pass);
      gate.awaitTasks();
      System.out.println("main ends");
    }
  }

  @InBothModes
  @Line({65, 153})
  void keepsNoProcessFromEnding(Mode mode) throws Exception {
    Process process = new ProcessBuilder(
            System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Program.class.getName(),
            mode.name())
        .redirectErrorStream(true)
        .start();
    try {
      assertThat(new String(process.getInputStream().readAllBytes())).contains("main ends");
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @InBothModes
  @Line(146)
  void returnsFromAShutdownThatWaitsWhenAllIsDone(Mode mode) throws Exception {
    ChunkExecutor executor = executor(mode, 5);
    List<ChunkFuture<Integer>> accepted =
        IntStream.range(0, 50).mapToObj(i -> executor.submit(() -> i)).toList();
    executor.shutdown(true, false);
    assertThat(executor.isTerminated()).isTrue();
    for (int i = 0; i < 50; i++) {
      assertThat(accepted.get(i).isDone()).isTrue();
      assertThat(accepted.get(i).get()).isEqualTo(i);
    }
  }

  @InBothModes
  @Line({148, 149})
  void cancelsWhatIsPendingAndWaitsForWhatRuns(Mode mode) throws Exception {
    ChunkExecutor executor = executor(mode, 1);
    try (Gate gate = Gate.closed()) {
      ChunkFuture<Integer> finished = executor.submit(() -> 1);
      ChunkFuture<String> running = executor.submit(gate::pass);
      ChunkFuture<Integer> pending = executor.submit(() -> 2);
      gate.awaitTasks();
      pending.whenDone(cancelled -> gate.open());
      executor.shutdown(true, true);
      assertThat(finished.get()).isEqualTo(1);
      assertThat(running.isDone()).isTrue();
      assertThat(running.get()).isEqualTo("passed");
      assertThat(pending.isCancelled()).isTrue();
      assertThat(executor.isTerminated()).isTrue();
    }
  }

  @InBothModes
  @Line(154)
  void endsAlthoughATaskWasCancelledJustBefore(Mode mode) throws Exception {
    for (int time = 0; time < 200; time++) {
      ChunkExecutor executor = executor(mode, 1);
      executor.submit(() -> 1);
      executor.submit(() -> 2).cancel();
      executor.shutdown(true, false);
      assertThat(executor.isTerminated()).isTrue();
    }
  }

  @InBothModes
  @Line(155)
  void doesAllThatItAcceptedWhileItWasShutDown(Mode mode) throws Exception {
    for (int time = 0; time < 50; time++) {
      ChunkExecutor executor = executor(mode, 2);
      List<ChunkFuture<Integer>> accepted = new ArrayList<>();
      Thread submitting = new Thread(() -> {
        try {
          while (true) {
            accepted.add(executor.submit(() -> 1));
          }
        } catch (RejectedExecutionException end) {
          assertThat(executor.isShutdown()).isTrue();
        }
      });
      submitting.start();
      executor.submit(() -> 0).get();
      executor.shutdown(true, false);
      submitting.join();
      assertThat(accepted).allMatch(ChunkFuture::isDone);
    }
  }

  @InBothModes
  @Line(158)
  void endsAfterATaskThatFailed(Mode mode) throws Exception {
    ChunkExecutor executor = executor(mode, 1);
    ChunkFuture<Object> failing = executor.submit(() -> {
      throw new IllegalStateException("failed");
    });
    executor.shutdown(false, false);
    assertThat(failing.exception()).hasMessage("failed");
    assertThat(executor.awaitTermination(1, TimeUnit.HOURS)).isTrue();
  }

  @InBothModes
  @Line(188)
  void stopsARunningTaskThatHeedsInterruptsIfToldSo(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      ChunkFuture<String> heeding = executor.submit(gate::pass);
      gate.awaitTasks();
      assertThat(heeding.cancel(true)).isTrue();
      assertThatThrownBy(heeding::get).isInstanceOf(CancellationException.class);
      ChunkFuture<Boolean> next = executor.submit(() -> Thread.currentThread().isInterrupted());
      assertThat(next.get()).as("the worker's next task is not interrupted").isFalse();

      CountDownLatch spins = new CountDownLatch(1);
      ChunkFuture<String> finishing = executor.submit(() -> {
        spins.countDown();
        while (!Thread.currentThread().isInterrupted()) {
          Thread.onSpinWait();
        }
        return "came to its end";
      });
      spins.await();
      assertThat(finishing.cancel(true)).isTrue();
      assertThat(finishing.get()).isEqualTo("came to its end");
    }
  }
}
