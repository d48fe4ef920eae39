package dev.tranche.chunk;

import static dev.tranche.chunk.Gate.executor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.definition.ChunkDefinition.Mode;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;

/** Sections C and I: maps whose input is read as results are taken. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LazyMapConformanceTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final List<Integer> NUMBERS = IntStream.range(0, 40).boxed().toList();

  private static <T> List<T> all(Iterator<T> results) {
    List<T> all = new ArrayList<>();
    results.forEachRemaining(all::add);
    return all;
  }

  @InBothModes
  @Line({34, 90})
  void givesResultsInInputOrderAndThenEndsAgainAndAgain(Mode mode) {
    try (ChunkExecutor executor = executor(mode, 2)) {
      CountDownLatch second = new CountDownLatch(1);
      Results<Integer> results = executor.mapLazily(
          item -> {
            if (item == 0) {
              second.await();
            } else {
              second.countDown();
            }
            return item;
          },
          List.of(0, 1, 2));
      assertThat(all(results)).containsExactly(0, 1, 2);
      for (int time = 0; time < 2; time++) {
        assertThat(results.hasNext()).isFalse();
        assertThatThrownBy(results::next).isInstanceOf(NoSuchElementException.class);
      }
    }
  }

  @InBothModes
  @Line(35)
  void givesEachResultOnceAsItIsThereIfOrderDoesNotMatter(Mode mode) {
    try (ChunkExecutor executor = executor(mode, 2);
        Gate gate = Gate.closed()) {
      Results<Integer> results = executor.mapUnordered(
          item -> {
            if (item == 0) {
              gate.pass();
            }
            return item;
          },
          NUMBERS);
      List<Integer> seen = new ArrayList<>();
      while (seen.size() < 39) {
        seen.add(results.next());
      }
      gate.open();
      assertThat(results.next()).isEqualTo(0);
      assertThat(results.hasNext()).isFalse();
      assertThat(seen).containsExactlyInAnyOrderElementsOf(NUMBERS.subList(1, 40));
    }
    try (ChunkExecutor alone = executor(mode, 1)) {
      assertThat(all(alone.mapUnordered(item -> item, NUMBERS))).isEqualTo(NUMBERS);
    }
  }

  @InBothModes
  @Line({36, 96})
  void givesNothingForNothing(Mode mode) {
    try (ChunkExecutor executor = executor(mode, 1)) {
      assertThat(executor.mapLazily(item -> item, List.of()).hasNext()).isFalse();
      assertThat(executor.mapUnordered(item -> item, List.of()).hasNext()).isFalse();
      assertThat(executor.mapLazily(item -> item, List.of(), ReadAhead.of(3)).hasNext())
          .isFalse();
    }
  }

  @InBothModes
  @Line({37, 95, 183})
  void refusesABatchOrAReadAheadOfLessThanOne(Mode mode) {
    try (ChunkExecutor executor = executor(mode, 1)) {
      for (int size : new int[] {0, -1}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> ReadAhead.of(size))
            .withMessage("read-ahead: " + size + " is not at least 1");
        assertThatIllegalArgumentException()
            .isThrownBy(() -> ReadAhead.of(1).inBatchesOf(size))
            .withMessage("batch: " + size + " is not at least 1");
        assertThatIllegalArgumentException()
            .isThrownBy(() -> executor.mapAsync(item -> item, NUMBERS, size))
            .withMessage("batch: " + size + " is not at least 1");
      }
    }
  }

  @InBothModes
  @Line(38)
  void canBeAskedAgainIfAResultIsNotThereInTime(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      for (Results<String> results : List.of(
          executor.mapLazily(item -> gate.pass(), List.of(1, 2)),
          executor.mapUnordered(item -> gate.pass(), List.of(1, 2)))) {
        assertThatThrownBy(() -> results.next(Duration.ofMillis(1)))
            .isInstanceOf(TimeoutException.class);
      }
      Results<String> results = executor.mapLazily(item -> gate.pass(), List.of(1, 2));
      gate.open();
      assertThat(results.next(LONG)).isEqualTo("passed");
      assertThat(results.next(LONG)).isEqualTo("passed");
      assertThat(results.hasNext()).isFalse();
    }
  }

  @InBothModes
  @Line({39, 99, 100, 184})
  void throwsAnErrorInItsPlaceAndGoesOnBehindIt(Mode mode) {
    try (ChunkExecutor executor = executor(mode, 2)) {
      for (int batch : new int[] {1, 2, 5}) {
        Results<Integer> results = executor.mapLazily(
            item -> 12 / (item - 2), List.of(0, 1, 2, 3, 4), ReadAhead.of(5).inBatchesOf(batch));
        assertThat(results.next()).isEqualTo(-6);
        assertThat(results.next()).isEqualTo(-12);
        assertThatThrownBy(results::next).isInstanceOf(ArithmeticException.class);
        assertThat(results.next()).isEqualTo(12);
        assertThat(results.next()).isEqualTo(6);
        assertThat(results.hasNext()).isFalse();
      }
    }
  }

  @InBothModes
  @Line({40, 41, 42})
  void throwsWhatTheInputThrewBehindTheResultsBeforeIt(Mode mode) {
    try (ChunkExecutor executor = executor(mode, 2)) {
      IllegalStateException fault = new IllegalStateException("cannot be read");
      int[][] batchAndGiven = {{1, 7}, {2, 6}, {4, 4}};
      for (int[] each : batchAndGiven) {
        ReadAhead ahead = ReadAhead.of(4).inBatchesOf(each[0]);
        Iterable<Integer> seven = MapConformanceTest.failingAfter(7, fault);
        for (Results<Integer> results : List.of(
            executor.<Integer, Integer>mapLazily(item -> item, seven, ahead),
            executor.<Integer, Integer>mapUnordered(item -> item, seven, ahead))) {
          Set<Integer> given = ConcurrentHashMap.newKeySet();
          for (int i = 0; i < each[1]; i++) {
            assertThat(given.add(results.next())).isTrue();
          }
          assertThat(given).isSubsetOf(NUMBERS.subList(0, 7));
          assertThatThrownBy(results::next).isSameAs(fault);
          assertThat(results.hasNext()).isFalse();
        }
      }
    }
  }

  @InBothModes
  @Line({43, 92, 93})
  void readsAnEndlessInputNoFurtherAheadThanItMay(Mode mode) {
    try (ChunkExecutor executor = executor(mode, 2)) {
      AtomicInteger read = new AtomicInteger();
      Iterable<Integer> endless = () -> Stream.generate(read::incrementAndGet).iterator();
      assertReads(5, executor.mapLazily(item -> item, endless, ReadAhead.of(5)), read);
      read.set(0);
      assertReads(5, executor.mapUnordered(item -> item, endless, ReadAhead.of(5)), read);
    }
  }

  private static void assertReads(int ahead, Results<Integer> results, AtomicInteger read) {
    assertThat(read).hasValue(ahead);
    for (int taken = 1; taken <= 1000; taken++) {
      results.next();
      assertThat(read).hasValue(ahead + taken);
    }
    results.close();
  }

  @InBothModes
  @Line(91)
  void readsAndSubmitsAllOfTheInputAtTheCallIfToldSo(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 2)) {
      CountDownLatch all = new CountDownLatch(40);
      Iterator<Integer> input = NUMBERS.iterator();
      Results<Integer> results = executor.mapLazily(
          item -> {
            all.countDown();
            return item;
          },
          () -> input,
          ReadAhead.all());
      assertThat(input.hasNext()).isFalse();
      all.await(); // although nobody has asked for a result
      assertThat(all(results)).isEqualTo(NUMBERS);
    }
  }

  @InBothModes
  @Line({94, 97, 98})
  void givesTheSameResultsForAnyReadAheadAndBatch(Mode mode) {
    try (ChunkExecutor executor = executor(mode, 3)) {
      for (int items : new int[] {1, 2, 39, 40, 41, 1000}) {
        for (int batch : new int[] {1, 6, 40, 50}) {
          ReadAhead ahead = ReadAhead.of(items).inBatchesOf(batch);
          assertThat(all(executor.mapLazily(item -> item, NUMBERS, ahead))).isEqualTo(NUMBERS);
          assertThat(all(executor.mapUnordered(item -> item, NUMBERS, ahead)))
              .containsExactlyInAnyOrderElementsOf(NUMBERS);
        }
      }
    }
  }

  @InBothModes
  @Line({101, 102, 104})
  void cancelsTheRestWhenTheTimeSinceTheCallIsOver(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      List<Integer> begun = new ArrayList<>();
      Results<Integer> results = executor.mapLazily(
          item -> {
            begun.add(item);
            if (item == 2) {
              gate.pass();
            }
            return item;
          },
          NUMBERS,
          ReadAhead.of(5).within(Duration.ZERO));
      gate.awaitTasks(); // so the first two are there, and given although time is up
      assertThat(results.next()).isEqualTo(0);
      assertThat(results.next()).isEqualTo(1);
      assertThatThrownBy(results::next)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(TimeoutException.class);
      for (int time = 0; time < 2; time++) {
        assertThat(results.hasNext()).isFalse();
        assertThatThrownBy(results::next).isInstanceOf(NoSuchElementException.class);
      }
      gate.open();
      executor.submit(() -> begun.add(99)).get();
      assertThat(begun).containsExactly(0, 1, 2, 99);
    }
  }

  @InBothModes
  @Line(104)
  void neverBeginsWhatWasWaitedForWhenTimeWasUp(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      executor.submit(gate::pass);
      gate.awaitTasks();
      List<Integer> begun = new ArrayList<>();
      Results<Boolean> results =
          executor.mapLazily(begun::add, NUMBERS, ReadAhead.of(5).within(Duration.ofMillis(1)));
      assertThatThrownBy(results::next).hasCauseInstanceOf(TimeoutException.class);
      gate.open();
      executor.submit(() -> begun.add(99)).get();
      assertThat(begun).containsExactly(99);
    }
  }

  @InBothModes
  @Line(103)
  void goesOnBehindATimeoutThatTheTaskThrew(Mode mode) {
    try (ChunkExecutor executor = executor(mode, 1)) {
      TimeoutException own = new TimeoutException("the task's own");
      Results<Integer> results = executor.mapLazily(
          item -> {
            if (item == 0) {
              throw own;
            }
            return item;
          },
          List.of(0, 1),
          ReadAhead.of(2).within(LONG));
      assertThatThrownBy(results::next).isInstanceOf(CompletionException.class).hasCause(own);
      assertThat(results.next()).isEqualTo(1);
    }
  }

  @InBothModes
  @Line(105)
  void cancelsTheRestWhenItIsClosed(Mode mode) throws Exception {
    try (ChunkExecutor executor = executor(mode, 1);
        Gate gate = Gate.closed()) {
      executor.submit(gate::pass);
      gate.awaitTasks();
      List<Integer> begun = new ArrayList<>();
      Results<Boolean> results = executor.mapLazily(begun::add, NUMBERS, ReadAhead.of(5));
      results.close();
      results.close();
      assertThat(results.hasNext()).isFalse();
      gate.open();
      executor.submit(() -> begun.add(99)).get();
      assertThat(begun).containsExactly(99);
    }
  }

  @InBothModes
  @Line(106)
  void keepsNoResultThatWasHandedOut(Mode mode) {
    try (ChunkExecutor executor = executor(mode, 1)) {
      for (int batch : new int[] {1, 3}) {
        Results<Object> results = executor.mapLazily(
            item -> new Object(), List.of(1, 2, 3), ReadAhead.of(3).inBatchesOf(batch));
        Gate.awaitCollected(List.of(new WeakReference<>(results.next())));
        assertThat(all(results)).hasSize(2);
      }
    }
  }
}
