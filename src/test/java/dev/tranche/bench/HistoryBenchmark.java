package dev.tranche.bench;

import dev.tranche.PurgeRule;
import dev.tranche.RunObserver;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A history of 100,000 executions with 500,000 step executions: how long it takes to list, to show and
 * to start, in the median, and how long a running job waits while all but a few are purged.
 *
 * <p>{@code ./mvnw -Pbench test -Dtest=HistoryBenchmark}; {@code -Dtranche.bench.executions=…}.
 */
class HistoryBenchmark {

  private static final int EXECUTIONS = Integer.getInteger("tranche.bench.executions", 100_000);
  private static final int TIMES = 101;

  @TempDir Path directory;

  @Test
  void listsShowsStartsAndPurges() throws Exception {
    try (History history = new History(directory, EXECUTIONS)) {
      Random random = new Random(1);
      print("list 20", i -> history.tranche().executions(null, 20));
      print("list 20 of a job", i -> history.tranche().executions("job-" + i % 10, 20));
      print("show", i -> history.tranche().show(1 + random.nextInt(EXECUTIONS)));
      start(history);
      AtomicBoolean over = new AtomicBoolean();
      System.out.printf(
          "a job's longest pause alone, in 10 s: %d ms%n",
          pause(history, over, () -> LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(10))));
      AtomicBoolean purged = new AtomicBoolean();
      long began = System.nanoTime();
      long pause = pause(history, purged, () -> purge(history, purged));
      System.out.printf(
          "purge of %,d executions: %.1f s; the job's longest pause meanwhile: %d ms%n",
          EXECUTIONS - history.count("BATCH_JOB_EXECUTION"), seconds(began), pause);
    }
  }

  private static void start(History history) {
    double[] millis = new double[TIMES];
    for (int i = 0; i < TIMES; i++) {
      long began = System.nanoTime();
      int at = i;
      history.tranche().run("brief", Map.of("n", "run" + i), false, new RunObserver() {
        @Override
        public void started(long execution, String job) {
          millis[at] = seconds(began) * 1000;
        }
      });
    }
    print("start", millis);
  }

  /** The longest time between two commits of a job while {@code beside} is done. */
  private static long pause(History history, AtomicBoolean over, Runnable beside) throws Exception {
    AtomicLong last = new AtomicLong();
    AtomicLong longest = new AtomicLong();
    CompletableFuture<String> job = history.busy(() -> {
      long now = System.nanoTime();
      long before = last.getAndSet(now);
      if (before != 0) {
        longest.accumulateAndGet(now - before, Math::max);
      }
      return !over.get();
    });
    beside.run();
    over.set(true);
    job.get();
    return longest.get() / 1_000_000;
  }

  private static void purge(History history, AtomicBoolean over) {
    PurgeRule.Keep ten = new PurgeRule.Keep(0, 10);
    history.tranche().purge(null, new PurgeRule(Map.of("COMPLETED", ten, "FAILED", ten)), false);
    over.set(true);
  }

  private static void print(String what, IntConsumer call) {
    double[] millis = new double[TIMES];
    for (int i = 0; i < TIMES; i++) {
      long began = System.nanoTime();
      call.accept(i);
      millis[i] = seconds(began) * 1000;
    }
    print(what, millis);
  }

  private static void print(String what, double[] millis) {
    Arrays.sort(millis);
    System.out.printf(
        "%s: median %.1f ms, 95%% %.1f ms%n", what, millis[TIMES / 2], millis[TIMES * 95 / 100]);
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
