package dev.tranche.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.chunk.PartitionFixture.Way;
import dev.tranche.store.Reject;
import dev.tranche.store.Tally;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A chunk that passes two stages is what it would be if one worker did both. */
class StagesTest {

  private static final int TWICE = 1000;

  private static @Nullable Integer fetch(Integer item) {
    if (item % 7 == 0) {
      return null;
    }
    if (item % 11 == 0) {
      throw new ItemError("not found", null);
    }
    return item + TWICE;
  }

  private static @Nullable Integer parse(Integer item) {
    if (item % 5 == 0) {
      return null;
    }
    if (item % 13 == 0) {
      throw new ItemError("not a page", null);
    }
    return item - TWICE;
  }

  private static PartitionFixture partition() {
    PartitionFixture partition = PartitionFixture.withItems(300).skipping(300);
    partition.source.unreadable.addAll(Set.of(17, 18, 290));
    partition.target.refused.addAll(Set.of(1, 19, 299));
    return partition;
  }

  @EveryMode
  void writeRejectAndCountWhatASingleStageDoes(Way way) {
    try (PartitionFixture one = partition();
        PartitionFixture two = partition()) {
      one.step = item -> {
        Integer fetched = fetch(item);
        return fetched == null ? null : parse(fetched);
      };
      two.step = StagesTest::fetch;
      two.second = StagesTest::parse;

      assertThat(one.run(Way.MAP, 10)).isInstanceOf(Ending.Completed.class);
      assertThat(two.run(way, 10)).isInstanceOf(Ending.Completed.class);

      assertThat(two.target.items()).isEqualTo(one.target.items()).hasSizeGreaterThan(100);
      assertThat(rejects(two)).isEqualTo(rejects(one)).hasSizeGreaterThan(30);
      assertThat(two.target.checkpoint.tally()).isEqualTo(one.target.checkpoint.tally());
      assertThat(two.target.checkpoint.digest()).isEqualTo(one.target.checkpoint.digest());
      if (way != Way.FUTURES_BY_COMPLETION) {
        assertThat(two.target.written).isEqualTo(one.target.written);
      }
    }
  }

  private static List<String> rejects(PartitionFixture partition) {
    return partition.target.rejects.stream().map(StagesTest::text).sorted().toList();
  }

  private static String text(Reject reject) {
    return reject.ordinal() + " " + reject.phase() + " " + reject.original() + " "
        + reject.message();
  }

  @EveryMode
  void haveWorkersOfTheirOwn(Way way) {
    try (var partition = PartitionFixture.withItems(40)) {
      Set<String> first = ConcurrentHashMap.newKeySet();
      Set<String> second = ConcurrentHashMap.newKeySet();
      partition.step = item -> {
        first.add(Thread.currentThread().getName());
        return item;
      };
      partition.second = item -> {
        second.add(Thread.currentThread().getName());
        return item;
      };

      partition.run(way, 5);

      partition.assertAllWrittenOnce();
      assertThat(partition.wasIdle()).isTrue();
      assertThat(first).isSubsetOf("tranche-test-worker-1", "tranche-test-worker-2");
      assertThat(second).isSubsetOf("tranche-test-second-worker-1", "tranche-test-second-worker-2");
    }
  }

  @Test
  void overlapInFuturesModeSinceLaterChunksAreInTheStagesBefore() {
    try (var partition = PartitionFixture.withItems(20)) {
      CountDownLatch fetchedAhead = new CountDownLatch(10);
      partition.step = item -> {
        if (item > 10) {
          fetchedAhead.countDown();
        }
        return item;
      };
      partition.second = item -> {
        fetchedAhead.await(); // items 11 to 20, while the first ten are here
        return item;
      };

      partition.run(Way.FUTURES_IN_INPUT_ORDER, 10);

      partition.assertAllWrittenOnce();
    }
  }

  @EveryMode
  void repeatOnlyTheStageThatFailed(Way way) {
    try (var partition = PartitionFixture.withItems(30).retrying(3, "java.io.IOException")) {
      AtomicInteger fetched = new AtomicInteger();
      AtomicInteger parsed = new AtomicInteger();
      Set<Integer> failed = ConcurrentHashMap.newKeySet();
      partition.step = item -> {
        fetched.incrementAndGet();
        return item;
      };
      partition.second = item -> {
        parsed.incrementAndGet();
        if (failed.add(item)) {
          throw new IOException("once");
        }
        return item;
      };

      partition.run(way, 5);

      partition.assertAllWrittenOnce();
      assertThat(fetched).hasValue(30);
      assertThat(parsed).hasValue(60);
    }
  }

  @EveryMode
  void neverWriteWhatIsThroughTheFirstStageOnly(Way way) {
    try (var partition = PartitionFixture.withItems(40)) {
      partition.step = item -> item + TWICE;
      partition.second = item -> {
        if (item == TWICE + 12) {
          throw new IllegalStateException("a bug");
        }
        return item - TWICE;
      };

      assertThat(partition.run(way, 5)).isInstanceOf(Ending.Failed.class);
      assertThat(partition.target.items()).isSubsetOf(partition.all()).doesNotContain(12);

      partition.second = item -> item - TWICE;
      assertThat(partition.run(way, 5)).isInstanceOf(Ending.Completed.class);
      partition.assertAllWrittenOnce();
    }
  }

  /** As when a bean interrupts its own worker: what is left of its stretch is not reached. */
  @EveryMode
  void neverWriteWhatTheSecondStageDidNotReach(Way way) {
    try (var partition = PartitionFixture.withItems(40)) {
      partition.workers = 1;
      partition.step = item -> item + TWICE;
      partition.second = item -> {
        if (item == TWICE + 21) {
          Thread.currentThread().interrupt();
        }
        return item - TWICE;
      };

      assertThat(partition.run(way, 20)).isInstanceOf(Ending.Stopped.class);
      assertThat(partition.target.items()).isSubsetOf(partition.all()).contains(21);

      partition.second = item -> item - TWICE;
      assertThat(partition.run(way, 20)).isInstanceOf(Ending.Completed.class);
      partition.assertAllWrittenOnce();
    }
  }

  /** The worker of a chunk that is stopped goes on to its end, in the stages behind as well. */
  @EveryMode
  void areAllPassedByAChunkThatHadBegunWhenAStopWasAsked(Way way) {
    try (var partition = PartitionFixture.withItems(40)) {
      partition.step = item -> {
        if (item == 1) {
          partition.stop.request();
        }
        return item + TWICE;
      };
      partition.second = item -> item - TWICE;

      assertThat(partition.run(way, 5)).isInstanceOf(Ending.Stopped.class);
      assertThat(partition.target.items()).isSubsetOf(partition.all()).contains(1, 2);

      partition.stop = new StopSignal();
      assertThat(partition.run(way, 5)).isInstanceOf(Ending.Completed.class);
      partition.assertAllWrittenOnce();
    }
  }

  @EveryMode
  void areEachHeldToTheTimeout(Way way) {
    try (var partition = PartitionFixture.withItems(20)) {
      CountDownLatch never = new CountDownLatch(1);
      AtomicInteger interrupted = new AtomicInteger();
      partition.timeout = Duration.ofMillis(500);
      partition.step = item -> item + TWICE;
      partition.second = item -> {
        if (item == TWICE + 3) {
          try {
            never.await();
          } catch (InterruptedException timedOut) {
            interrupted.incrementAndGet();
            throw timedOut;
          }
        }
        return item - TWICE;
      };

      assertThat(partition.run(way, 5))
          .isInstanceOfSatisfying(
              Ending.Failed.class,
              failed -> assertThat(failed.failure().message())
                  .startsWith("load/p1 was not processed within its timeout of 500ms"));
      assertThat(interrupted).hasValue(1);
      assertThat(partition.target.items()).isSubsetOf(partition.all()).doesNotContain(3);
    }
  }

  @EveryMode
  void areNotEnteredByAChunkThatTimedOutBefore(Way way) {
    try (var partition = PartitionFixture.withItems(5)) {
      CountDownLatch never = new CountDownLatch(1);
      Set<Integer> parsed = ConcurrentHashMap.newKeySet();
      partition.timeout = Duration.ofMillis(500);
      partition.step = item -> {
        if (item == 3) {
          never.await();
        }
        return item;
      };
      partition.second = item -> {
        parsed.add(item);
        return item;
      };

      assertThat(partition.run(way, 5)).isInstanceOf(Ending.Failed.class);
      assertThat(parsed).isEmpty();
      assertThat(partition.target.items()).isEmpty();
    }
  }

  /** Before and after an item, also where they are on other threads. */
  @EveryMode
  void tellObserversOfEachItemAsASingleStageDoes(Way way) {
    try (var partition = PartitionFixture.withItems(30).skipping(30)) {
      List<String> heard = new CopyOnWriteArrayList<>();
      partition.observer = new ChunkObserver() {
        @Override
        public void beforeProcess(Object item) {
          heard.add("before " + item);
        }

        @Override
        public void afterProcess(Object item, @Nullable Object result) {
          heard.add("after " + item + ": " + result);
        }

        @Override
        public void onProcessError(Object item, Throwable error) {
          heard.add("error " + item);
        }

        @Override
        public void onSkip(Phase phase, @Nullable Object item, Throwable error) {
          heard.add("skip " + phase + " " + item);
        }
      };
      partition.step = item -> item == 3 ? null : item + TWICE;
      partition.second = item -> {
        if (item == TWICE + 4) {
          throw new ItemError("not a page", null);
        }
        return item == TWICE + 5 ? null : item - TWICE;
      };

      partition.run(way, 10);

      assertThat(heard)
          .contains("before 1", "after 1: 1", "before 3", "after 3: null", "after 5: null")
          .contains("before 4", "error 4", "skip PROCESS 4")
          .doesNotContain("after 4: null")
          .doesNotHaveDuplicates();
      assertThat(partition.target.checkpoint.tally()).isEqualTo(new Tally(30, 27, 2, 0, 1, 0));
    }
  }
}
