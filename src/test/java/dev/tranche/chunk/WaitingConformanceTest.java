package dev.tranche.chunk;

import static dev.tranche.chunk.Gate.executor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.ChunkFuture.Awaited;
import dev.tranche.chunk.ChunkFuture.Until;
import dev.tranche.definition.ChunkDefinition.Mode;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;

/** Sections L and M: waiting for several futures. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class WaitingConformanceTest {

  private static final Callable<String> FAILING = () -> {
    throw new IllegalStateException("failed");
  };

  /** One worker with a task at a gate, so that whatever else is submitted stays pending. */
  private static final class Busy implements AutoCloseable {

    private final ChunkExecutor executor;
    private final Gate gate = Gate.closed();
    private final ChunkFuture<String> running;

    private Busy(Mode mode) throws InterruptedException {
      executor = executor(mode, 1);
      running = executor.submit(gate::pass);
      gate.awaitTasks();
    }

    @Override
    public void close() {
      gate.close();
      executor.close();
    }
  }

  private static <T> ChunkFuture<T> done(ChunkExecutor executor, Callable<T> task)
      throws InterruptedException {
    ChunkFuture<T> future = executor.submit(task);
    future.exception();
    return future;
  }

  @InBothModes
  @Line({126, 127, 131, 135})
  void waitsForAllOfSeveralExecutors(Mode mode) throws Exception {
    try (ChunkExecutor one = executor(mode, 1);
        ChunkExecutor other = executor(Mode.FUTURES, 1)) {
      ChunkFuture<Integer> a = one.submit(() -> 1);
      ChunkFuture<String> b = other.submit(FAILING);
      Awaited<ChunkFuture<?>> awaited =
          ChunkFuture.await(List.of(a, b, a), Until.ALL_COMPLETED, null);
      assertThat(awaited.done()).containsExactly(a, b);
      assertThat(awaited.notDone()).isEmpty();
    }
  }

  @InBothModes
  @Line({128, 137})
  void returnsAtTheFirstThatIsDone(Mode mode) throws Exception {
    try (Busy busy = new Busy(mode);
        ChunkExecutor other = executor(mode, 1)) {
      ChunkFuture<String> a = done(other, () -> "a");
      ChunkFuture<String> b = done(other, FAILING);
      ChunkFuture<String> cancelled = busy.executor.submit(FAILING);
      cancelled.cancel();
      assertThat(ChunkFuture.await(List.of(busy.running, a, b), Until.FIRST_COMPLETED, null))
          .isEqualTo(new Awaited<>(Set.of(a, b), Set.of(busy.running)));
      assertThat(ChunkFuture.await(List.of(busy.running, cancelled), Until.FIRST_COMPLETED, null))
          .isEqualTo(new Awaited<>(Set.of(cancelled), Set.of(busy.running)));
      ChunkFuture<String> later = other.submit(() -> "later");
      assertThat(ChunkFuture.await(List.of(busy.running, later), Until.FIRST_COMPLETED, null)
              .done())
          .containsExactly(later);
    }
  }

  @InBothModes
  @Line({129, 130})
  void returnsAtTheFirstThatFailed(Mode mode) throws Exception {
    try (Busy busy = new Busy(mode);
        ChunkExecutor other = executor(mode, 1);
        Gate gate = Gate.closed()) {
      ChunkFuture<String> good = done(other, () -> "good");
      ChunkFuture<String> cancelled = busy.executor.submit(FAILING);
      cancelled.cancel();
      List<ChunkFuture<String>> fine = List.of(good, cancelled, busy.running);
      assertThat(ChunkFuture.await(fine, Until.FIRST_EXCEPTION, Duration.ofMillis(1))
              .notDone())
          .containsExactly(busy.running);

      ChunkFuture<String> failed = done(other, FAILING);
      assertThat(ChunkFuture.await(List.of(busy.running, failed), Until.FIRST_EXCEPTION, null)
              .notDone())
          .containsExactly(busy.running);

      busy.gate.open();
      assertThat(ChunkFuture.await(fine, Until.FIRST_EXCEPTION, null).notDone()).isEmpty();
    }
  }

  @InBothModes
  @Line(132)
  void tellsWhatIsNotDoneWhenTimeIsUp(Mode mode) throws Exception {
    try (Busy busy = new Busy(mode);
        ChunkExecutor other = executor(mode, 1)) {
      ChunkFuture<String> good = done(other, () -> "good");
      assertThat(ChunkFuture.await(
              List.of(good, busy.running), Until.ALL_COMPLETED, Duration.ofMillis(1)))
          .isEqualTo(new Awaited<>(Set.of(good), Set.of(busy.running)));
    }
  }

  @InBothModes
  @Line({133, 134})
  void waitsForNothingAtOnceAndNeedsACondition(Mode mode) throws Exception {
    for (Until until : Until.values()) {
      assertThat(ChunkFuture.await(List.of(), until, null))
          .isEqualTo(new Awaited<>(Set.of(), Set.of()));
    }
    assertThatNullPointerException().isThrownBy(() -> ChunkFuture.await(List.of(), null, null));
  }

  @InBothModes
  @Line(136)
  void missesNoneThatBecomesDoneWhileTheWaitBegins(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 2)) {
      for (int time = 0; time < 50; time++) {
        CountDownLatch start = new CountDownLatch(1);
        List<ChunkFuture<?>> futures = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          futures.add(executor.submit(() -> {
            start.await();
            return 1;
          }));
        }
        start.countDown();
        assertThat(ChunkFuture.await(futures, Until.ALL_COMPLETED, null).done()).hasSize(100);
      }
    }
  }

  @InBothModes
  @Line({138, 139, 140})
  void givesEachOnceAndThoseFirstThatAreDone(Mode mode) throws Exception {
    try (Busy busy = new Busy(mode);
        ChunkExecutor other = executor(mode, 1)) {
      ChunkFuture<String> failed = done(other, FAILING);
      ChunkFuture<String> cancelled = busy.executor.submit(FAILING);
      cancelled.cancel();
      ChunkFuture<String> pending = busy.executor.submit(() -> "pending");
      List<ChunkFuture<String>> all =
          List.of(busy.running, pending, failed, pending, cancelled, busy.running);
      Results<ChunkFuture<String>> results = ChunkFuture.asCompleted(all);
      assertThat(Set.of(results.next(), results.next())).isEqualTo(Set.of(failed, cancelled));
      busy.gate.open();
      assertThat(results.next()).isSameAs(busy.running);
      assertThat(results.next()).isSameAs(pending);
      assertThat(results.hasNext()).isFalse();
      assertThatThrownBy(results::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @InBothModes
  @Line({141, 142})
  void throwsWhenTimeIsUpAfterItGaveWhatWasDone(Mode mode) throws Exception {
    try (Busy busy = new Busy(mode);
        ChunkExecutor other = executor(mode, 1)) {
      ChunkFuture<String> good = done(other, () -> "good");
      ChunkFuture<String> pending = busy.executor.submit(() -> "pending");
      Results<ChunkFuture<String>> results =
          ChunkFuture.asCompleted(List.of(busy.running, pending, good), Duration.ZERO);
      assertThat(results.next()).isSameAs(good);
      assertThatThrownBy(results::next)
          .isInstanceOf(CompletionException.class)
          .hasMessage("2 (of 3) futures unfinished")
          .hasCauseInstanceOf(TimeoutException.class);
      assertThat(results.hasNext()).isFalse();
    }
  }

  @InBothModes
  @Line(143)
  void keepsNoFutureThatWasGiven(Mode mode) throws Exception {
    try (Busy busy = new Busy(mode);
        ChunkExecutor other = executor(mode, 1)) {
      List<ChunkFuture<String>> all = new ArrayList<>();
      all.add(done(other, () -> "good"));
      all.add(busy.running);
      Results<ChunkFuture<String>> results = ChunkFuture.asCompleted(all);
      WeakReference<Object> given = new WeakReference<>(results.next());
      all.clear();
      Gate.awaitCollected(List.of(given));
      assertThat(results.hasNext()).isTrue();
    }
  }

  @InBothModes
  @Line(144)
  void leavesNothingBehindWithFuturesWhenItIsClosed(Mode mode) throws Exception {
    try (Busy busy = new Busy(mode)) {
      Results<ChunkFuture<String>> results = ChunkFuture.asCompleted(List.of(busy.running));
      assertThat(callbacks(busy.running)).isTrue();
      results.close();
      assertThat(callbacks(busy.running)).isFalse();
      ChunkFuture.await(List.of(busy.running), Until.ALL_COMPLETED, Duration.ZERO);
      assertThat(callbacks(busy.running)).isFalse();
    }
  }

  private static boolean callbacks(ChunkFuture<?> future) {
    synchronized (future) {
      return future.hasCallbacks();
    }
  }

  @InBothModes
  @Line(145)
  void givesNothingOfNothing(Mode mode) throws Exception {
    assertThat(ChunkFuture.asCompleted(List.of()).hasNext()).isFalse();
    try (ChunkExecutor executor = executor(mode, 2)) {
      Set<Integer> given = new HashSet<>();
      for (ChunkFuture<Integer> future : ChunkFuture.asCompleted(
          IntStream.range(0, 100).mapToObj(i -> executor.submit(() -> i)).toList())) {
        given.add(future.get());
      }
      assertThat(given).hasSize(100);
    }
  }
}
