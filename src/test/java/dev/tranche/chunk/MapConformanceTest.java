package dev.tranche.chunk;

import static dev.tranche.chunk.Gate.executor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.definition.ChunkDefinition.Mode;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sections B and D: maps that give all results at once, waited for or not. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class MapConformanceTest {

  private static final Duration LONG = Duration.ofHours(1);

  private static final List<Integer> NUMBERS = IntStream.range(0, 100).boxed().toList();

  @InBothModes
  @Line(14)
  void waitsForTheValueOfOneTask(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 2)) {
      assertThat(executor.submit(() -> 6 * 7).get()).isEqualTo(42);
    }
  }

  @InBothModes
  @Line(15)
  void givesResultsInInputOrderWhateverEndsFirst(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 2)) {
      CountDownLatch later = new CountDownLatch(3);
      List<Integer> squares = executor.map(
          item -> {
            if (item == 0) {
              later.await();
            } else {
              later.countDown();
            }
            return item * item;
          },
          List.of(0, 1, 2, 3),
          1);
      assertThat(squares).containsExactly(0, 1, 4, 9);
    }
  }

  @InBothModes
  @Line({16, 17})
  void givesTheSameResultsWithBatchesOfAnySize(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 3)) {
      List<Integer> expected = NUMBERS.stream().map(item -> item + 1).toList();
      assertThat(executor.map(item -> item + 1, NUMBERS)).isEqualTo(expected);
      for (int batch : new int[] {1, 7, 20, 99, 100, 101}) {
        assertThat(executor.map(item -> item + 1, NUMBERS, batch)).isEqualTo(expected);
        assertThat(executor.map(item -> item, List.of(), batch)).isEmpty();
      }
      assertThat(executor.map(item -> item, List.of())).isEmpty();
    }
  }

  @InBothModes
  @Line(18)
  void cutsAListIntoFourBatchesForEachWorker(Mode mode) {
    try (ChunkExecutor executor = executor(mode, 3)) {
      assertThat(executor.share(1200)).isEqualTo(100);
      assertThat(executor.share(1201)).isEqualTo(101);
      assertThat(executor.share(1)).isEqualTo(1);
    }
  }

  @InBothModes
  @Line(19)
  void readsAllItemsBeforeTheFirstIsTaken(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 2)) {
      AtomicInteger read = new AtomicInteger();
      Iterable<Integer> items =
          () -> NUMBERS.stream().map(item -> read.addAndGet(1)).iterator();
      assertThat(executor.map(item -> read.get(), items)).containsOnly(100);
    }
  }

  @InBothModes
  @Line(20)
  void refusesAMissingInputAtTheCall(Mode mode) {
    try (ChunkExecutor executor = executor(mode, 1)) {
      assertThatNullPointerException().isThrownBy(() -> executor.map(item -> item, null));
      assertThatNullPointerException().isThrownBy(() -> executor.mapAsync(item -> item, null));
    }
  }

  @InBothModes
  @Line({21, 22, 23})
  void throwsWhatTheInputThrewAndCanBeCalledAgain(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 2)) {
      IllegalStateException fault = new IllegalStateException("cannot be read");
      for (int good : new int[] {0, 0, 7, 7}) {
        assertThatThrownBy(() -> executor.map(item -> item, failingAfter(good, fault)))
            .isSameAs(fault)
            .hasNoCause();
      }
      assertThat(executor.map(item -> item, NUMBERS)).isEqualTo(NUMBERS);
    }
  }

  static Iterable<Integer> failingAfter(int good, RuntimeException fault) {
    return () -> new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public Integer next() {
        if (next == good) {
          throw fault;
        }
        return next++;
      }
    };
  }

  @InBothModes
  @Line(24)
  void throwsTheErrorThatCameFirst(Mode mode) {
    try (ChunkExecutor executor = executor(mode, 2)) {
      CountDownLatch second = new CountDownLatch(1);
      assertThatThrownBy(() -> executor.map(
              item -> {
                if (item == 0) {
                  second.await();
                  throw new IllegalStateException("late");
                } else if (item == 1) {
                  throw new IllegalStateException("early");
                }
                second.countDown(); // the worker that failed went on to this one
                return item;
              },
              List.of(0, 1, 2),
              1))
          .hasMessage("early");
    }
  }

  @InBothModes
  @Line({25, 185})
  void takesAllOtherItemsBeforeItThrows(Mode mode) {
    try (ChunkExecutor executor = executor(mode, 2)) {
      for (int batch : new int[] {1, 10, 100}) {
        AtomicInteger taken = new AtomicInteger();
        assertThatThrownBy(() -> executor.map(
                item -> {
                  taken.incrementAndGet();
                  throw new IllegalStateException("all of them");
                },
                NUMBERS,
                batch))
            .hasMessage("all of them");
        assertThat(taken).hasValue(100);
      }
    }
  }

  @InBothModes
  @Line(26)
  void endsAfterAMapWithLargeErrors(Mode mode) throws Exception {
    ChunkExecutor executor = executor(mode, 2);
    String large = "x".repeat(1 << 20);
    ItemStep<Integer, Integer> step = item -> {
      throw new IllegalStateException(large);
    };
    assertThatThrownBy(() -> executor.map(step, NUMBERS.subList(0, 10), 1)).hasMessage(large);
    executor.shutdown(true, false);
    assertThat(executor.isTerminated()).isTrue();
  }

  @InBothModes
  @Line(31)
  void keepsNeitherItemsNorResults(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 2)) {
      List<WeakReference<Object>> seen = new ArrayList<>();
      List<Object> items = new ArrayList<>(List.of(new Object(), new Object()));
      List<Object> results = executor.map(item -> new Object(), items);
      items.forEach(item -> seen.add(new WeakReference<>(item)));
      results.forEach(result -> seen.add(new WeakReference<>(result)));
      items.clear();
      results = List.of();
      Gate.awaitCollected(seen);
      assertThat(results).isEmpty();
    }
  }

  @InBothModes
  @Line({32, 33})
  void throwsTheVeryErrorWithTheStackOfItsWorker(Mode mode) {
    try (ChunkExecutor executor = executor(mode, 1)) {
      for (Throwable fault :
          List.of(new IllegalStateException("unchecked"), new AssertionError("error"))) {
        assertThatThrownBy(() -> executor.map(item -> sneak(fault), List.of(1))).isSameAs(fault);
      }
      IOException checked = new IOException("checked");
      assertThatThrownBy(() -> executor.map(item -> sneak(checked), List.of(1)))
          .isInstanceOf(CompletionException.class)
          .cause()
          .isSameAs(checked);
      assertThatThrownBy(() -> executor.map(item -> failAt(item), List.of(1)))
          .satisfies(
              fault -> assertThat(fault.getStackTrace()[0].getMethodName()).isEqualTo("failAt"));
    }
  }

  private static Object failAt(int item) {
    throw new IllegalStateException("item " + item);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> Object sneak(Throwable fault) throws E {
    throw (E) fault;
  }

  @InBothModes
  @Line({44, 45, 49})
  void returnsAtOnceAndIsDoneWhenAllBatchesAre(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 2);
        Gate gate = Gate.closed()) {
      CountDownLatch others = new CountDownLatch(3);
      ChunkFuture<List<Integer>> call = executor.mapAsync(
          item -> {
            if (item == 2) {
              gate.pass();
            }
            others.countDown();
            return item;
          },
          List.of(0, 1, 2, 3),
          1);
      gate.awaitTasks();
      others.await();
      assertThat(call.isDone()).isFalse();
      assertThat(call.isRunning()).isTrue();
      gate.open();
      assertThat(call.get()).containsExactly(0, 1, 2, 3);
      assertThat(call.isDone()).isTrue();
    }
  }

  @InBothModes
  @Line({46, 48})
  void stopsWaitingWhenTimeIsUpAndTheTaskGoesOn(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      ChunkFuture<List<String>> call = executor.mapAsync(item -> gate.pass(), List.of(1));
      assertThatThrownBy(() -> call.get(Duration.ofMillis(1))).isInstanceOf(TimeoutException.class);
      assertThat(call.await(Duration.ofMillis(1))).isFalse();
      gate.open();
      assertThat(call.await(LONG)).isTrue();
      assertThat(call.get()).containsExactly("passed");
    }
  }

  @InBothModes
  @Line({47, 48})
  void throwsTheErrorEachTimeItIsAskedFor(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1)) {
      IllegalStateException fault = new IllegalStateException("failed");
      ChunkFuture<List<Object>> call = executor.mapAsync(item -> sneak(fault), List.of(1));
      for (int time = 0; time < 2; time++) {
        assertThatThrownBy(call::get)
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isSameAs(fault);
      }
      assertThat(call.await(LONG)).isTrue();
    }
  }

  @InBothModes
  @Line(50)
  void tellsSuccessOnlyWhenItIsDone(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      ChunkFuture<List<String>> good = executor.mapAsync(item -> gate.pass(), List.of(1));
      ChunkFuture<List<Object>> bad = executor.mapAsync(item -> failAt(item), List.of(1));
      gate.awaitTasks();
      assertThatThrownBy(good::isSuccessful)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the task is not done yet: running");
      gate.open();
      good.await(LONG);
      bad.await(LONG);
      assertThat(good.isSuccessful()).isTrue();
      assertThat(bad.isSuccessful()).isFalse();
    }
  }

  @InBothModes
  @Line(51)
  void callsBackOnceForACallWithAllResultsOrTheError(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 2)) {
      List<ChunkFuture.Snapshot<List<Integer>>> seen = new ArrayList<>();
      for (int failing : new int[] {-1, 50}) {
        CountDownLatch called = new CountDownLatch(1);
        executor
            .<Integer, Integer>mapAsync(item -> 1 / (item - failing), NUMBERS, 5)
            .whenDone(call -> seen.add(call.snapshot()))
            .whenDone(call -> called.countDown());
        called.await();
      }
      assertThat(seen).hasSize(2);
      assertThat(seen.get(0).value()).hasSize(100);
      assertThat(seen.get(0).error()).isNull();
      assertThat(seen.get(1).value()).isNull();
      assertThat(seen.get(1).error()).isInstanceOf(ArithmeticException.class);
    }
  }

  @Test
  @Line(52)
  void callsBackBeforeItLetsGoWhoWaitsInMapMode() throws Exception {
    for (int time = 0; time < 50; time++) {
      assertThat(orderOfCallbackAndWaiter(Mode.MAP)).containsExactly("callback", "waiter");
    }
  }

  /** Who comes first: in futures mode the callback waits until the waiter has been. */
  static List<String> orderOfCallbackAndWaiter(Mode mode) throws Exception {
    List<String> order = new ArrayList<>();
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      ChunkFuture<String> future = executor.submit(gate::pass);
      Thread waiter = new Thread(() -> {
        try {
          future.get();
          order.add("waiter");
        } catch (Exception unexpected) {
          order.add(unexpected.toString());
        }
      });
      CountDownLatch called = new CountDownLatch(1);
      future.whenDone(done -> {
        if (mode == Mode.FUTURES) {
          uninterrupted(waiter::join);
        }
        order.add("callback");
        called.countDown();
      });
      waiter.start();
      Gate.awaitWaiting(waiter);
      gate.open();
      called.await();
      waiter.join();
    }
    return order;
  }

  private interface Wait {
    void forIt() throws InterruptedException;
  }

  private static void uninterrupted(Wait wait) {
    try {
      wait.forIt();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  @InBothModes
  @Line(53)
  void aSlowCallbackDelaysNoOtherResult(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 2);
        Gate gate = Gate.closed()) {
      CountDownLatch added = new CountDownLatch(1);
      Runnable task = () -> uninterrupted(added::await);
      executor.submit(task).whenDone(done -> uninterrupted(gate::pass));
      added.countDown();
      gate.awaitTasks();
      assertThat(executor.submit(() -> 2).get()).isEqualTo(2);
      assertThat(executor.submit(() -> 3).get()).isEqualTo(3);
    }
  }
}
