package dev.tranche.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.chunk.PartitionFixture.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Heavy-tailed work on 32 workers: the executor, the loop, and what Spring Batch has, in one run.
 *
 * <p>{@code ./mvnw -Pbench test -Dtest=HeavyTailBenchmark}; {@code -Dtranche.bench.seed=…}. The times
 * are those of waiting, so a busy machine does little to them.
 */
class HeavyTailBenchmark {

  private static final long SEED = Long.getLong("tranche.bench.seed", 20_260_101);

  private interface Work {
    void run() throws Exception;
  }

  /** A second each: the median of nine. */
  @Test
  void reachesWhatTheOrderAllows() throws Exception {
    HeavyTail few = new HeavyTail(2_000, SEED);
    warmUp();
    List<Shares> shares = new ArrayList<>();
    for (int time = 0; time < 9; time++) {
      shares.add(measure("executor, futures mode, submit", few, () -> submit(few)));
    }
    double slept = median(shares, Shares::greedy);
    System.out.printf(
        "median of greedy: %.1f %% by the times slept, %.1f %% by the times given%n",
        100 * slept, 100 * median(shares, Shares::greedyGiven));

    assertThat(slept).as("share of the greedy makespan").isGreaterThan(0.98);
  }

  @Test
  void reachesTheBoundBesideTheOthers() throws Exception {
    warmUp();
    everything(new HeavyTail(2_000, SEED));
    HeavyTail many = new HeavyTail(20_000, SEED);
    Shares inBulk = measure("executor, futures mode, submit", many, () -> submit(many));
    everything(many);

    assertThat(inBulk.bound()).as("share of the bound").isGreaterThan(0.95);
  }

  /**
   * How much of what was possible a run has reached, by the times that its items took; {@code
   * greedyGiven} by those that they should have taken.
   */
  private record Shares(double bound, double greedy, double greedyGiven) {}

  private static double median(List<Shares> shares, ToDoubleFunction<Shares> share) {
    return shares.stream().mapToDouble(share).sorted().skip(shares.size() / 2).findFirst().orElse(0);
  }

  private static void everything(HeavyTail tail) throws Exception {
    measure("executor, mapUnordered", tail, () -> unordered(tail));
    measure("executor, map mode, map", tail, () -> map(tail));
    measure(
        "loop, futures mode, chunks of 1", tail, () -> loop(tail, Way.FUTURES_BY_COMPLETION, 1));
    measure(
        "loop, futures mode, chunks of 10", tail, () -> loop(tail, Way.FUTURES_BY_COMPLETION, 10));
    measure("loop, map mode, chunks of 1000", tail, () -> loop(tail, Way.MAP, 1000));
    for (int chunk : new int[] {100, 1000}) {
      StockTail stock = new StockTail(tail, chunk);
      measure("AsyncItemProcessor, " + chunk, tail, stock::asyncItemProcessor);
      measure("concurrent ChunkOrientedStep, " + chunk, tail, stock::concurrentStep);
    }
    for (int chunk : new int[] {1, 10}) {
      StockTail stock = new StockTail(tail, chunk);
      measure("local chunking, " + chunk, tail, stock::localChunking);
    }
  }

  private static void warmUp() throws Exception {
    HeavyTail tail = new HeavyTail(200, SEED);
    submit(tail);
    unordered(tail);
    loop(tail, Way.FUTURES_BY_COMPLETION, 1);
  }

  private static Shares measure(String what, HeavyTail tail, Work work) throws Exception {
    long began = System.nanoTime();
    work.run();
    long ended = System.nanoTime();
    double seconds = (ended - began) / 1e9;
    long[] taken = tail.taken();
    Shares shares = new Shares(
        HeavyTail.bound(taken) / seconds,
        HeavyTail.greedy(taken) / seconds,
        HeavyTail.greedy(tail.given()) / seconds);
    System.out.printf(
        "%-34s %,6d items %7.2f s: %5.1f %% of the bound, %5.1f %% of greedy; by the times given"
            + " %5.1f %% and %5.1f %%; %s%n",
        what,
        tail.count(),
        seconds,
        100 * shares.bound,
        100 * shares.greedy,
        100 * HeavyTail.bound(tail.given()) / seconds,
        100 * shares.greedyGiven,
        tail.rest(began, ended));
    return shares;
  }

  private static List<Integer> numbers(HeavyTail tail) {
    return IntStream.rangeClosed(1, tail.count()).boxed().toList();
  }

  private static void submit(HeavyTail tail) throws Exception {
    try (ChunkExecutor executor =
        ChunkExecutor.inFuturesMode(Workers.platform(HeavyTail.WORKERS))) {
      List<ChunkFuture<Integer>> futures = new ArrayList<>();
      for (int number : numbers(tail)) {
        futures.add(executor.submit(() -> tail.take(number)));
      }
      long sum = 0;
      for (ChunkFuture<Integer> future : ChunkFuture.asCompleted(futures)) {
        sum += future.get();
      }
      expectAll(tail, sum);
    }
  }

  private static void unordered(HeavyTail tail) {
    try (ChunkExecutor executor =
        ChunkExecutor.inFuturesMode(Workers.platform(HeavyTail.WORKERS))) {
      long sum = 0;
      for (Integer number : executor.mapUnordered(tail::take, numbers(tail))) {
        sum += number;
      }
      expectAll(tail, sum);
    }
  }

  private static void map(HeavyTail tail) throws Exception {
    try (ChunkExecutor executor = ChunkExecutor.inMapMode(Workers.platform(HeavyTail.WORKERS))) {
      expectAll(
          tail,
          executor.map(tail::take, numbers(tail)).stream()
              .mapToLong(each -> each)
              .sum());
    }
  }

  private static void loop(HeavyTail tail, Way way, int chunk) {
    try (PartitionFixture partition = PartitionFixture.withItems(tail.count())) {
      partition.workers = HeavyTail.WORKERS;
      partition.inFlight = 4 * HeavyTail.WORKERS;
      partition.maxLead = 64 * partition.inFlight;
      partition.step = tail::take;
      partition.run(way, chunk);
      partition.assertAllWrittenOnce();
    }
  }

  static void expectAll(HeavyTail tail, long sum) {
    assertThat(sum).isEqualTo(tail.count() * (tail.count() + 1L) / 2);
  }
}
