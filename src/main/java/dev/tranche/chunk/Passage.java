package dev.tranche.chunk;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A chunk's way through the stages of a {@link Pipeline}: in one of them at a time, there a {@link
 * Joined} of that stage's executor.
 *
 * <p>The last worker to leave the chunk in one stage puts it to the next. Done means that no worker
 * touches the chunk any more. Safe for all threads.
 */
final class Passage {

  // -- given --
  private final Pipeline<?, ?> pipeline;
  private final ChunkWork<?, ?> work;
  private final Runnable whenDone;

  // -- so far --
  private int stage;
  private boolean begun;
  private boolean cancelled;
  private @Nullable Joined<Void> future;
  private final CountDownLatch done = new CountDownLatch(1);

  private Passage(Pipeline<?, ?> pipeline, ChunkWork<?, ?> work, Runnable whenDone) {
    this.pipeline = pipeline;
    this.work = work;
    this.whenDone = whenDone;
  }

  /**
   * Puts {@code work} to the first stage and returns at once.
   *
   * @param whenDone called once, by the last worker to leave the chunk or by who cancels it
   */
  static Passage begin(Pipeline<?, ?> pipeline, ChunkWork<?, ?> work, Runnable whenDone) {
    Passage passage = new Passage(pipeline, work, whenDone);
    passage.enter(0);
    return passage;
  }

  /** Holds the monitor, so that a worker that is done at once waits until the future is known. */
  private synchronized void enter(int next) {
    stage = next;
    begun |= next > 0;
    work.enter(next);
    future = pipeline.executor(next).submit(work, this::left);
  }

  /** No worker of the stage touches the chunk any more. */
  private synchronized void left() {
    boolean ends = cancelled || stage + 1 == pipeline.size() || failure() != null;
    if (!ends) {
      enter(stage + 1);
      return;
    }
    done.countDown();
    whenDone.run();
  }

  private Joined<Void> future() {
    if (future == null) {
      throw new IllegalStateException("not begun. This is a bug in tranche.");
    }
    return future;
  }

  boolean isDone() {
    return done.getCount() == 0;
  }

  /** Whether a worker of any stage has been at it. */
  synchronized boolean hasBegun() {
    return begun || startedAt() != null;
  }

  /**
   * When the first worker of the stage it is in began, by {@link System#nanoTime}; null if none has.
   */
  synchronized @Nullable Long startedAt() {
    return future().startedAt();
  }

  /** Cancels what no worker has begun; the chunk enters no further stage. */
  synchronized void cancelPending() {
    cancelled = true;
    future().cancel(false);
  }

  /**
   * Cancels what has not begun, interrupts what has, and waits {@code graceNanos} for the workers.
   *
   * @return whether all of them stopped
   */
  boolean cancel(long graceNanos) throws InterruptedException {
    synchronized (this) {
      cancelled = true;
      future().cancel(0);
    }
    return done.await(graceNanos, TimeUnit.NANOSECONDS);
  }

  /** What a worker threw that was no item's fault; null if nothing. */
  synchronized @Nullable Throwable failure() {
    return future().failure();
  }

  /** The stretches that a worker is at. */
  synchronized List<Stretch> running() {
    return future().running();
  }
}
