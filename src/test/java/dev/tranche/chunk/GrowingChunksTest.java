package dev.tranche.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.chunk.PartitionFixture.Way;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrowingChunksTest {

  private static final int ITEMS = 5000;

  @ParameterizedTest
  @EnumSource(Way.class)
  void writeMoreAtOnceAndHoldNoMoreInFlight(Way way) {
    try (var partition = PartitionFixture.withItems(ITEMS)) {
      partition.maxSize = 40;
      AtomicInteger committed = new AtomicInteger();
      AtomicInteger ahead = new AtomicInteger();
      partition.step =
          item -> {
            ahead.accumulateAndGet(item - committed.get(), Math::max);
            return item;
          };
      partition.target.after = (commit, items) -> committed.addAndGet(items.size());

      assertThat(partition.run(way, 10)).isInstanceOf(Ending.Completed.class);

      List<Integer> sizes = partition.target.written.stream().map(List::size).toList();
      assertThat(sizes).first().isEqualTo(10);
      assertThat(sizes).allMatch(size -> size <= 40).contains(40);
      partition.assertAllWrittenOnce();
      if (way == Way.FUTURES_IN_INPUT_ORDER) {
        assertThat(ahead.get()).isLessThanOrEqualTo(partition.inFlight * 10 + 40);
      }
    }
  }
}
