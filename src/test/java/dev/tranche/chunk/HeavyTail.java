package dev.tranche.chunk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

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
  private final long[] took;

  HeavyTail(int count, long seed) {
    millis = new ArrayList<>(Collections.nCopies(count - count / 20, 5));
    millis.addAll(Collections.nCopies(count / 20, 200));
    Collections.shuffle(millis, new Random(seed));
    took = new long[count];
  }

  int count() {
    return millis.size();
  }

  /** Takes item {@code number}, counted from 1, for as long as it takes. */
  Integer take(int number) throws InterruptedException {
    long began = System.nanoTime();
    NEVER.tryAcquire(millis.get(number - 1), TimeUnit.MILLISECONDS);
    took[number - 1] = System.nanoTime() - began;
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
