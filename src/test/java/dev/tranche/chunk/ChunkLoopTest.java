package dev.tranche.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.chunk.PartitionFixture.Way;
import dev.tranche.definition.OnError;
import dev.tranche.store.Tally;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

class ChunkLoopTest {

  @EveryMode
  void writesEveryItemOnceWithAnyChunkSize(Way way) {
    for (int size : new int[] {1, 2, 3, 7, 10, 99, 100, 101, 1000}) {
      try (var partition = PartitionFixture.withItems(100)) {
        assertThat(partition.run(way, size))
            .isEqualTo(new Ending.Completed(new Tally(100, 100, 0, 0, 0, 0)));
        partition.assertAllWrittenOnce();
      }
    }
  }

  @EveryMode
  void completesAnEmptySlice(Way way) {
    try (var partition = PartitionFixture.withItems(0)) {
      assertThat(partition.run(way, 10)).isInstanceOf(Ending.Completed.class);
      partition.assertAllWrittenOnce();
      assertThat(partition.target.commits).isEqualTo(1);
    }
  }

  @EveryMode
  void doesNothingForAPartitionThatIsComplete(Way way) {
    try (var partition = PartitionFixture.withItems(10)) {
      partition.run(way, 3);
      int commits = partition.target.commits;

      assertThat(partition.run(way, 3)).isEqualTo(new Ending.Completed(Tally.ZERO));
      assertThat(partition.target.commits).isEqualTo(commits);
    }
  }

  @EveryMode
  void countsFilteredItems(Way way) {
    try (var partition = PartitionFixture.withItems(10)) {
      partition.step = item -> item % 3 == 0 ? null : item;

      assertThat(partition.run(way, 4))
          .isEqualTo(new Ending.Completed(new Tally(10, 7, 3, 0, 0, 0)));
      assertThat(partition.target.items()).containsExactly(1, 2, 4, 5, 7, 8, 10);
    }
  }

  @EveryMode
  void namesThePartitionTheItemAndTheRestartPointWhenAnItemFails(Way way) {
    try (var partition = PartitionFixture.withItems(20)) {
      partition.source.unreadable.add(8);
      partition.workers = 1;

      Ending ending = partition.run(way, 5);

      assertThat(((Ending.Failed) ending).failure().message())
          .isEqualTo(
              "load/p1 failed at item 8 (numbers, line 8): n: '8' is not a number. "
                  + partition.target.checkpoint.tally().read()
                  + " items are safe; a restart goes on at item 8, line 8");
      assertThat(partition.target.items()).startsWith(1, 2, 3, 4, 5).doesNotContain(8);
    }
  }

  @EveryMode
  void runsWhatIsMissingAfterAFailure(Way way) {
    for (int size : new int[] {1, 3, 5, 20}) {
      try (var partition = PartitionFixture.withItems(20)) {
        partition.source.unreadable.add(8);
        assertThat(partition.run(way, 5)).isInstanceOf(Ending.Failed.class);
        assertThat(partition.target.checkpoint.complete()).isFalse();

        partition.source.unreadable.clear();
        assertThat(partition.run(way, size)).isInstanceOf(Ending.Completed.class);
        partition.assertAllWrittenOnce();
      }
    }
  }

  /** As when rows are looked up: that is no fault of an item, however many may be rejected. */
  @EveryMode
  void isCutOffAndRejectsNothingWhereADatabaseThatAnItemNeedsIsAway(Way way) {
    try (var partition = PartitionFixture.withItems(30).skipping(30).retrying(2, "transient")) {
      partition.step =
          item -> {
            if (item == 17) {
              throw new OutageException("away", new SQLException("away", "08006"));
            }
            return item;
          };

      Ending ending = partition.run(way, 7);

      assertThat(ending).isInstanceOf(Ending.CutOff.class);
      assertThat(ending.tally().rejected()).isZero();
      assertThat(partition.target.items()).contains(15, 16).doesNotContain(17);
      partition.step = item -> item;
      assertThat(partition.run(way, 7)).isInstanceOf(Ending.Completed.class);
      partition.assertAllWrittenOnce();
    }
  }

  @EveryMode
  void setsBadItemsAsideAndWritesTheOthers(Way way) {
    try (var partition = PartitionFixture.withItems(30).skipping(10)) {
      partition.source.unreadable.add(3);
      partition.step =
          item -> {
            if (item == 17) {
              throw new ItemError("n: 17 is unlucky", "n");
            }
            return item;
          };
      partition.target.refused.add(25);

      assertThat(partition.run(way, 7))
          .isEqualTo(new Ending.Completed(new Tally(30, 27, 0, 1, 1, 1)));

      List<Integer> good = new ArrayList<>(partition.all());
      good.removeAll(List.of(3, 17, 25));
      assertThat(partition.target.items()).isEqualTo(good);
      assertThat(partition.target.rejects)
          .extracting(reject -> reject.phase() + " " + reject.original() + " " + reject.message())
          .containsExactlyInAnyOrder(
              "read 3 n: '3' is not a number",
              "process 17 n: 17 is unlucky",
              "write 25 value 25 is refused");
    }
  }

  @EveryMode
  void findsARefusedItemByHalvingTheChunk(Way way) {
    try (var partition = PartitionFixture.withItems(64).skipping(1)) {
      partition.target.refused.add(50);

      assertThat(partition.run(way, 64)).isInstanceOf(Ending.Completed.class);

      assertThat(partition.target.items()).hasSize(63).doesNotContain(50);
      assertThat(partition.target.commits).isLessThanOrEqualTo(8);
    }
  }

  @EveryMode
  void failsAtTheItemThatIsOverTheSkipLimit(Way way) {
    try (var partition = PartitionFixture.withItems(10).skipping(1)) {
      partition.workers = 1;
      partition.target.refused.addAll(Set.of(2, 4));

      Ending ending = partition.run(way, 10);

      assertThat(((Ending.Failed) ending).failure().message())
          .isEqualTo(
              "load/p1 failed at item 4 (numbers, line 4): value 4 is refused; the step may"
                  + " reject 1 items (on-error.skip.limit). 3 items are safe; a restart goes on"
                  + " at item 4, line 4");
      assertThat(partition.target.items()).containsExactly(1, 3);
      assertThat(partition.target.rejects).hasSize(1);
    }
  }

  @EveryMode
  void givesTheBudgetBackWhatWasNotCommitted(Way way) {
    try (var partition = PartitionFixture.withItems(10).skipping(2)) {
      partition.source.unreadable.addAll(Set.of(1, 2));
      partition.target.before =
          (commit, items) -> {
            throw new OutageException("away", new SQLException("away", "08006"));
          };

      assertThat(partition.run(way, 10)).isInstanceOf(Ending.CutOff.class);
      assertThat(partition.budget.reserve(1)).isNull();
      assertThat(partition.budget.reserve(2)).isNull();
      assertThat(partition.budget.reserve(3)).contains("may reject 2 items");
    }
  }

  @EveryMode
  void retriesARefusedChunkInANewTransaction(Way way) {
    try (var partition = PartitionFixture.withItems(10).retrying(3, "transient")) {
      AtomicInteger failures = new AtomicInteger();
      List<String> retries = partition.retries();
      partition.target.before =
          (commit, items) -> {
            if (!items.isEmpty() && failures.incrementAndGet() <= 2) {
              throw new WriteException(new SQLTransientException("deadlock", "40P01"));
            }
          };

      assertThat(partition.run(way, 10)).isInstanceOf(Ending.Completed.class);
      partition.assertAllWrittenOnce();
      assertThat(failures).hasValue(3);
      assertThat(retries)
          .containsExactly("WRITE SQLTransientException", "WRITE SQLTransientException");
    }
  }

  @EveryMode
  void blamesNoItemForATransientFailure(Way way) {
    try (var partition = PartitionFixture.withItems(10).skipping(10)) {
      partition.target.before =
          (commit, items) -> {
            throw new WriteException(new SQLTransientException("deadlock", "40P01"));
          };

      assertThat(partition.run(way, 10)).isInstanceOf(Ending.Failed.class);
      assertThat(partition.target.rejects).isEmpty();
      assertThat(partition.target.items()).isEmpty();
    }
  }

  @EveryMode
  void retriesAnItemThatFailsToProcess(Way way) {
    try (var partition = PartitionFixture.withItems(10).retrying(3, "IllegalStateException")) {
      Set<Integer> failed = ConcurrentHashMap.newKeySet();
      List<String> retries = partition.retries();
      partition.step =
          item -> {
            if (item % 2 == 0 && failed.add(item)) {
              throw new IllegalStateException("not yet");
            }
            return item;
          };

      assertThat(partition.run(way, 3)).isInstanceOf(Ending.Completed.class);
      partition.assertAllWrittenOnce();
      assertThat(retries).hasSize(5).containsOnly("PROCESS IllegalStateException");
    }
  }

  @EveryMode
  void endsAtTheNextCommitWhenAStopIsAsked(Way way) {
    try (var partition = PartitionFixture.withItems(1000)) {
      partition.target.after = (commit, items) -> partition.stop.request();

      assertThat(partition.run(way, 10)).isInstanceOf(Ending.Stopped.class);
      assertThat(partition.target.commits).isBetween(1, 1 + partition.inFlight);
      assertThat(partition.target.checkpoint.complete()).isFalse();

      partition.target.after = (commit, items) -> {};
      partition.stop = new StopSignal();
      partition.run(way, 7);
      partition.assertAllWrittenOnce();
    }
  }

  @EveryMode
  void takesAnInterruptForAStopAndNeverForTheEnd(Way way) {
    try (var partition = PartitionFixture.withItems(1000)) {
      partition.target.after = (commit, items) -> Thread.currentThread().interrupt();

      assertThat(partition.run(way, 10)).isInstanceOf(Ending.Stopped.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(partition.target.items().size()).isBetween(10, 990);

      partition.target.after = (commit, items) -> {};
      partition.run(way, 10);
      partition.assertAllWrittenOnce();
    }
  }

  @EveryMode
  void rollsBackAndEndsWhenAnotherAttemptOwnsThePartition(Way way) {
    try (var partition = PartitionFixture.withItems(100)) {
      partition.target.after =
          (commit, items) -> {
            if (commit == 3) {
              partition.target.claim(0, false);
            }
          };

      assertThat(partition.run(way, 10)).isInstanceOf(Ending.Superseded.class);
      assertThat(partition.target.commits).isEqualTo(3);
    }
  }

  @EveryMode
  void goesOnFromTheCheckpointAfterACommitOfUnknownOutcome(Way way) {
    try (var partition = PartitionFixture.withItems(100)) {
      partition.target.after =
          (commit, items) -> {
            if (commit == 3) {
              throw new UnknownOutcomeException(new SQLException("gone", "08006"));
            }
          };

      assertThat(partition.run(way, 10)).isInstanceOf(Ending.CutOff.class);
      partition.target.after = (commit, items) -> {};
      assertThat(partition.run(way, 9)).isInstanceOf(Ending.Completed.class);
      partition.assertAllWrittenOnce();
    }
  }

  @EveryMode
  void neverHoldsMoreChunksThanItsWindow(Way way) {
    try (var partition = PartitionFixture.withItems(200)) {
      partition.workers = 4;
      partition.inFlight = 3;
      Set<Integer> open = ConcurrentHashMap.newKeySet();
      List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
      partition.step =
          item -> {
            open.add((item - 1) / 10);
            sizes.add(open.size());
            return item;
          };
      partition.target.after =
          (commit, items) -> items.forEach(item -> open.remove((item - 1) / 10));

      partition.run(way, 10);

      partition.assertAllWrittenOnce();
      assertThat(Collections.max(sizes)).isLessThanOrEqualTo(way == Way.MAP ? 1 : 3);
    }
  }

  @EveryMode
  void failsWhenTheRateOfRejectsIsTooHigh(Way way) {
    try (var partition = PartitionFixture.withItems(100)) {
      partition.workers = 1;
      partition.onError =
          new OnError(OnError.Retry.NONE, new OnError.Skip(null, 0.05, 50), null);
      partition.source.unreadable.addAll(Set.of(1, 2, 3, 4, 51));

      Ending ending = partition.run(way, 100);

      assertThat(((Ending.Failed) ending).failure().message())
          .contains("5 of 51 items would be rejected, over 5 % (on-error.skip.rate)");
    }
  }

  @EveryMode
  void countsNoItemTwiceInTheRateWhenItHalvesAChunk(Way way) {
    try (var partition = PartitionFixture.withItems(4)) {
      partition.onError =
          new OnError(OnError.Retry.NONE, new OnError.Skip(null, 0.3, 0), null);
      partition.target.refused.add(3);

      Ending ending = partition.run(way, 4);

      assertThat(((Ending.Failed) ending).failure().message())
          .contains("1 of 3 items would be rejected, over 30 % (on-error.skip.rate)");
    }
  }
}
