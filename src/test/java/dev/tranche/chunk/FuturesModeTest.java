package dev.tranche.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.chunk.PartitionFixture.Way;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only futures mode can show: chunks that finish, and commit, before earlier ones. */
class FuturesModeTest {

  @Test
  void futuresModeKeepsInputOrderEvenWhenTheFirstItemFinishesLast() {
    try (var partition = PartitionFixture.withItems(9)) {
      CountDownLatch others = new CountDownLatch(6);
      partition.step =
          item -> {
            if (item == 1) {
              others.await();
            } else if (item > 3) {
              others.countDown();
            }
            return item;
          };

      partition.run(Way.FUTURES_IN_INPUT_ORDER, 3);

      assertThat(partition.target.written)
          .containsExactly(List.of(1, 2, 3), List.of(4, 5, 6), List.of(7, 8, 9));
    }
  }

  @Test
  void futuresModeByCompletionCommitsWhatIsReadyAndRemembersTheHole() {
    try (var partition = PartitionFixture.withItems(9)) {
      CountDownLatch second = new CountDownLatch(1);
      List<String> seen = new ArrayList<>();
      partition.step =
          item -> {
            if (item == 1) {
              second.await();
            }
            return item;
          };
      partition.target.after =
          (commit, items) -> {
            seen.add(partition.target.checkpoint.watermark().key() + partition.target.done());
            if (commit == 2) {
              second.countDown();
            }
          };

      partition.run(Way.FUTURES_BY_COMPLETION, 3);

      assertThat(seen).containsExactly("0[3-6]", "0[3-9]", "9[]");
      partition.assertAllWrittenOnce();
    }
  }

  @Test
  void futuresModeByCompletionKeepsTheNewestChunkWithinTheMaximumLead() {
    try (var partition = PartitionFixture.withItems(100)) {
      CountDownLatch release = new CountDownLatch(1);
      partition.maxLead = 5;
      AtomicInteger highest = new AtomicInteger();
      partition.step =
          item -> {
            highest.accumulateAndGet(item, Math::max);
            if (item == 1) {
              release.await();
            }
            return item;
          };
      partition.target.after =
          (commit, items) -> {
            if (commit == 4) {
              release.countDown(); // chunks 2 to 5 are in: the lead is used up
              assertThat(highest.get()).isLessThanOrEqualTo(50);
            }
          };

      partition.run(Way.FUTURES_BY_COMPLETION, 10);

      partition.assertAllWrittenOnce();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 9, 50})
  void futuresModeSkipsTheRangesDoneBeyondTheWatermarkOnRestart(int changedSize) {
    try (var partition = PartitionFixture.withItems(50)) {
      partition.workers = 2;
      CountDownLatch hold = new CountDownLatch(1);
      partition.step =
          item -> {
            if (item == 1) {
              hold.await();
            }
            return item;
          };
      partition.target.before =
          (commit, items) -> {
            if (commit == 3) {
              throw new OutageException("killed", new SQLException("killed", "08006"));
            }
          };
      assertThat(partition.run(Way.FUTURES_BY_COMPLETION, 5)).isInstanceOf(Ending.CutOff.class);
      assertThat(partition.target.done()).isNotEmpty();
      assertThat(partition.target.checkpoint.watermark().key()).isEqualTo("0");

      hold.countDown();
      partition.target.before = (commit, items) -> {};
      assertThat(partition.run(Way.MAP, changedSize)).isInstanceOf(Ending.Completed.class);
      partition.assertAllWrittenOnce();
    }
  }
}
