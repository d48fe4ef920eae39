package dev.tranche.chunk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Items that take 5 ms each, and 5 % of them 200 ms, shuffled by a seed; taken by 32 workers.
 *
 * <p>A busy machine wakes a thread late. So what is possible is reckoned from the time that the items
 * took in the run at hand, beside the time that they should have taken.
 */
final class HeavyTail {

  static final int WORKERS = 32;

  private static final Semaphore NEVER = new Semaphore(0);

  // -- given --
  private final List<Integer> millis;

  // -- so far --
  private final long[] began;
  private final long[] took;
  private final String[] workers;

  HeavyTail(int count, long seed) {
    millis = new ArrayList<>(Collections.nCopies(count - count / 20, 5));
    millis.addAll(Collections.nCopies(count / 20, 200));
    Collections.shuffle(millis, new Random(seed));
    began = new long[count];
    took = new long[count];
    workers = new String[count];
  }

  int count() {
    return millis.size();
  }

  /** Takes item {@code number}, counted from 1, for as long as it takes. */
  Integer take(int number) throws InterruptedException {
    int i = number - 1;
    workers[i] = Thread.currentThread().getName();
    began[i] = System.nanoTime();
    NEVER.tryAcquire(millis.get(i), TimeUnit.MILLISECONDS);
    took[i] = System.nanoTime() - began[i];
    return number;
  }

  /** In nanoseconds, each as it should take. */
  long[] given() {
    return millis.stream().mapToLong(TimeUnit.MILLISECONDS::toNanos).toArray();
  }

  /** In nanoseconds, each as it took in the last run. */
  long[] taken() {
    return took.clone();
  }

  /**
   * Where the last run's time went that its items should not have taken, in the mean of its workers.
   *
   * @param start of the run, as {@link System#nanoTime}
   */
  String rest(long start, long end) {
    Map<String, List<Integer>> taken = IntStream.range(0, count())
        .boxed()
        .sorted(Comparator.comparingLong(i -> began[i]))
        .collect(Collectors.groupingBy(i -> workers[i]));
    long late = 0;
    long between = 0;
    for (List<Integer> one : taken.values()) {
      late += began[one.get(0)] - start;
      for (int n = 1; n < one.size(); n++) {
        int before = one.get(n - 1);
        between += began[one.get(n)] - began[before] - took[before];
      }
    }
    long overslept = Arrays.stream(took).sum() - Arrays.stream(given()).sum();
    long last = IntStream.range(0, count()).mapToLong(i -> began[i] + took[i]).max().orElse(end);
    double workers = taken.size() * 1e6;
    return String.format(
        "a worker began after %.1f ms, overslept %.1f ms and had %.1f ms between items; the last item"
            + " was over %.1f ms before the end",
        late / workers, overslept / workers, between / workers, (end - last) / 1e6);
  }

  /** No order of them can be quicker: the sum spread evenly, or the longest. */
  static double bound(long[] items) {
    long longest = Arrays.stream(items).max().orElse(0);
    return Math.max(Arrays.stream(items).sum() / (double) WORKERS, longest) / 1e9;
  }

  /** How long they take in this order, if each goes to the first worker that is free. */
  static double greedy(long[] items) {
    PriorityQueue<Long> free = new PriorityQueue<>(Collections.nCopies(WORKERS, 0L));
    long end = 0;
    for (long each : items) {
      long done = free.remove() + each;
      end = Math.max(end, done);
      free.add(done);
    }
    return end / 1e9;
  }
}
