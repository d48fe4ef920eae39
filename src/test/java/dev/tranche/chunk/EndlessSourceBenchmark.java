package dev.tranche.chunk;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An input without end in a heap of 64 MB, for ten minutes each way.
 *
 * <p>{@code ./mvnw -Pbench test -Dtest=EndlessSourceBenchmark}; {@code -Dtranche.bench.minutes=…}.
 */
class EndlessSourceBenchmark {

  private static final long MINUTES = Long.getLong("tranche.bench.minutes", 10);

  @ParameterizedTest
  @ValueSource(strings = {"loop", "executor"})
  void takesNoMoreMemoryTheLongerItRuns(String way) throws Exception {
    List<Long> kilobytes = EndlessSourceTest.run(way, MINUTES * 60);
    System.out.printf(
        "%-8s %d minutes, %d readings: %,d KB in use at the third, %,d at the last, %,d at most%n",
        way,
        MINUTES,
        kilobytes.size(),
        kilobytes.get(2),
        kilobytes.get(kilobytes.size() - 1),
        kilobytes.stream().mapToLong(each -> each).max().orElse(0));
    EndlessSourceTest.assertFlat(kilobytes);
  }
}
