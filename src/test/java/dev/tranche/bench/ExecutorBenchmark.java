package dev.tranche.bench;

import dev.tranche.chunk.ChunkExecutor;
import dev.tranche.chunk.ChunkFuture;
import dev.tranche.chunk.ReadAhead;
import dev.tranche.chunk.Workers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What the executor adds to the work, with JMH: time per empty task beside {@code
 * java.util.concurrent}, and chunks of 1,000 items in both modes.
 *
 * <p>{@code ./mvnw -Pbench test -Dtest=ExecutorBenchmark}; {@code -Dtranche.bench.include=…}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 8, time = 1)
public class ExecutorBenchmark {

  private static final int TASKS = 10_000;
  private static final int CHUNKS = 64;
  private static final int ITEMS = 1_000;
  private static final int WORKERS = 2;

  private static final Callable<Integer> EMPTY = () -> 1;

  private final List<Callable<Integer>> tasks = Collections.nCopies(TASKS, EMPTY);
  private final List<Integer> items = IntStream.range(0, TASKS).boxed().toList();
  private final List<Integer> chunk = IntStream.range(0, ITEMS).boxed().toList();
  private ChunkExecutor map;
  private ChunkExecutor futures;
  private ExecutorService stock;

  @Setup(Level.Trial)
  public void start() {
    map = ChunkExecutor.inMapMode(Workers.platform(WORKERS));
    futures = ChunkExecutor.inFuturesMode(Workers.platform(WORKERS));
    stock = Executors.newFixedThreadPool(WORKERS);
  }

  @TearDown(Level.Trial)
  public void end() {
    map.close();
    futures.close();
    stock.shutdownNow();
  }

  // -- empty tasks, one future each --

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public long submitAndGet() throws Exception {
    List<ChunkFuture<Integer>> all = new ArrayList<>(TASKS);
    for (Callable<Integer> task : tasks) {
      all.add(futures.submit(task));
    }
    return sum(all);
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public long submitAndAsCompleted() throws Exception {
    List<ChunkFuture<Integer>> all = new ArrayList<>(TASKS);
    for (Callable<Integer> task : tasks) {
      all.add(futures.submit(task));
    }
    long sum = 0;
    for (ChunkFuture<Integer> future : ChunkFuture.asCompleted(all)) {
      sum += future.get();
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public long stockSubmitAndGet() throws Exception {
    List<Future<Integer>> all = new ArrayList<>(TASKS);
    for (Callable<Integer> task : tasks) {
      all.add(stock.submit(task));
    }
    return sum(all);
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public long stockInvokeAll() throws Exception {
    return sum(stock.invokeAll(tasks));
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public long stockCompletableFuture() {
    List<CompletableFuture<Integer>> all = new ArrayList<>(TASKS);
    for (int i = 0; i < TASKS; i++) {
      all.add(CompletableFuture.supplyAsync(() -> 1, stock));
    }
    long sum = 0;
    for (CompletableFuture<Integer> future : all) {
      sum += future.join();
    }
    return sum;
  }

  private static long sum(List<? extends Future<Integer>> futures) throws Exception {
    long sum = 0;
    for (Future<Integer> future : futures) {
      sum += future.get();
    }
    return sum;
  }

  // -- empty items, in batches and one by one --

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public Object mapInBatches() throws Exception {
    return map.map(item -> item, items);
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public Object mapOneByOne() throws Exception {
    return map.map(item -> item, items, 1);
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public long mapLazily() {
    long sum = 0;
    for (Integer item : futures.mapLazily(each -> each, items)) {
      sum += item;
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public long mapLazilyInBatches() {
    long sum = 0;
    ReadAhead ahead = ReadAhead.of(1_000).inBatchesOf(100);
    for (Integer item : futures.mapLazily(each -> each, items, ahead)) {
      sum += item;
    }
    return sum;
  }

  // -- chunks of 1,000 items that take about a microsecond each; time per item --

  @Benchmark
  @OperationsPerInvocation(CHUNKS * ITEMS)
  public void chunksInMapMode() throws Exception {
    for (int i = 0; i < CHUNKS; i++) {
      map.map(ExecutorBenchmark::work, chunk);
    }
  }

  @Benchmark
  @OperationsPerInvocation(CHUNKS * ITEMS)
  public void chunksInFuturesMode() throws Exception {
    List<ChunkFuture<Integer>> all = new ArrayList<>(CHUNKS);
    for (int i = 0; i < CHUNKS; i++) {
      all.add(futures.submit(() -> {
        int sum = 0;
        for (Integer item : chunk) {
          sum += work(item);
        }
        return sum;
      }));
    }
    for (ChunkFuture<Integer> future : ChunkFuture.asCompleted(all)) {
      future.get();
    }
  }

  private static Integer work(Integer item) {
    Blackhole.consumeCPU(400);
    return item;
  }

  @Test
  void measures() throws Exception {
    new Runner(new OptionsBuilder()
            .include(System.getProperty("tranche.bench.include", "ExecutorBenchmark"))
            .build())
        .run();
  }
}
