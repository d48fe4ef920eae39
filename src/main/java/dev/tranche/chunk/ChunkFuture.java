package dev.tranche.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A chunk that workers are at: one stretch of its items, or several that are joined.
 *
 * <p>Done means that no worker touches the chunk any more. Safe for all threads.
 */
final class ChunkFuture {

  // -- given --
  final ChunkWork<?, ?> work;
  private final AtomicInteger unfinished;
  private final Runnable whenDone;
  private final List<Stretch> stretches = new ArrayList<>();

  // -- so far --
  private final AtomicInteger left;
  private final CountDownLatch done = new CountDownLatch(1);

  /**
   * @param unfinished one less as soon as no worker touches the chunk any more
   * @param whenDone called once, by the last worker to leave the chunk or by who cancels it
   */
  ChunkFuture(
      ChunkWork<?, ?> work, int stretchSize, AtomicInteger unfinished, Runnable whenDone) {
    this.work = work;
    this.unfinished = unfinished;
    this.whenDone = whenDone;
    for (int from = 0; from < work.size(); from += stretchSize) {
      stretches.add(new Stretch(from, Math.min(work.size(), from + stretchSize)));
    }
    this.left = new AtomicInteger(stretches.size());
  }

  List<Stretch> stretches() {
    return stretches;
  }

  boolean isDone() {
    return done.getCount() == 0;
  }

  /** Whether some of its items were cancelled before a worker began with them. */
  boolean isCancelled() {
    return stretches.stream().anyMatch(stretch -> stretch.state.get() == State.CANCELLED);
  }

  /** When its first worker began, by {@link System#nanoTime}; null if none has. */
  @Nullable Long startedAt() {
    return stretches.stream()
        .filter(stretch -> stretch.startedAt != 0)
        .map(stretch -> stretch.startedAt)
        .min((a, b) -> Long.signum(a - b))
        .orElse(null);
  }

  /** Cancels the stretches that no worker has begun. */
  void cancelPending() {
    stretches.forEach(Stretch::cancelIfPending);
  }

  /**
   * Cancels what has not begun, interrupts what has, and waits {@code graceNanos} for the workers.
   *
   * @return whether all of them stopped
   */
  boolean cancel(long graceNanos) throws InterruptedException {
    cancelPending();
    stretches.forEach(Stretch::interrupt);
    return done.await(graceNanos, TimeUnit.NANOSECONDS);
  }

  /** What a worker threw that was no item's fault; null if nothing. */
  @Nullable Throwable failure() {
    return stretches.stream()
        .map(stretch -> stretch.failure)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** The stretches that a worker is at. */
  List<Stretch> running() {
    return stretches.stream().filter(stretch -> stretch.state.get() == State.RUNNING).toList();
  }

  private void oneLess() {
    if (left.decrementAndGet() == 0) {
      unfinished.decrementAndGet();
      done.countDown();
      whenDone.run();
    }
  }

  private enum State {
    PENDING,
    RUNNING,
    ENDED,
    CANCELLED
  }

  /** Consecutive items of the chunk that one worker takes one by one. */
  final class Stretch implements Runnable {

    // -- given --
    private final int from;
    private final int to;

    // -- so far --
    private final AtomicReference<State> state = new AtomicReference<>(State.PENDING);
    private volatile long startedAt;
    private volatile int at;
    private volatile @Nullable Throwable failure;
    private @Nullable Thread worker;

    private Stretch(int from, int to) {
      this.from = from;
      this.to = to;
      this.at = from;
    }

    @Override
    public void run() {
      if (!state.compareAndSet(State.PENDING, State.RUNNING)) {
        return;
      }
      startedAt = System.nanoTime() | 1;
      begin();
      try {
        work.run(from, to, this);
      } catch (Throwable thrown) {
        failure = thrown; // kept for the partition's thread: a worker never logs on its behalf
      } finally {
        end();
        state.set(State.ENDED);
        oneLess();
      }
    }

    private synchronized void begin() {
      worker = Thread.currentThread();
    }

    /** Guards against an interrupt that is meant for this stretch hitting the worker's next one. */
    private synchronized void end() {
      worker = null;
      Thread.interrupted();
    }

    private synchronized void interrupt() {
      if (worker != null) {
        worker.interrupt();
      }
    }

    private void cancelIfPending() {
      if (state.compareAndSet(State.PENDING, State.CANCELLED)) {
        oneLess();
      }
    }

    /** The worker is at item {@code index} now. */
    void at(int index) {
      at = index;
    }

    int at() {
      return at;
    }

    /** The thread at work; null if none is. */
    synchronized @Nullable Thread worker() {
      return worker;
    }
  }
}
