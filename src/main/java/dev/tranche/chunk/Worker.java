package dev.tranche.chunk;

import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** A thread of a {@link Pool}: takes one task after another. */
final class Worker implements Runnable {

  private static final ThreadLocal<Worker> CURRENT = new ThreadLocal<>();

  // -- given --
  private final Pool pool;
  private final Thread thread;
  private final Runnable initializer;

  // -- so far --
  private volatile @Nullable Task<?> current;
  private volatile @Nullable ChunkFuture<?> awaited;

  Worker(Pool pool, ThreadFactory threads, Runnable initializer) {
    this.pool = pool;
    this.initializer = initializer;
    this.thread = threads.newThread(this);
  }

  void start() {
    thread.start();
  }

  /** The worker of {@code pool} that is the calling thread; null if it is none. */
  static @Nullable Worker of(Pool pool) {
    Worker worker = CURRENT.get();
    return worker != null && worker.pool == pool ? worker : null;
  }

  @Override
  public void run() {
    CURRENT.set(this);
    try {
      if (isInitialized()) {
        while (workedOnNext()) {}
      }
    } finally {
      pool.leave(this);
    }
  }

  private boolean isInitialized() {
    try {
      initializer.run();
      return true;
    } catch (Throwable fault) {
      pool.breakWith(fault);
      return false;
    }
  }

  /** A method of its own, so that nothing here refers to a task while the next is waited for. */
  private boolean workedOnNext() {
    Task<?> task = pool.next(this);
    if (task == null) {
      return false;
    }
    try {
      task.run();
    } finally {
      current = null;
    }
    return true;
  }

  /** Under the pool's lock, so that a task is always in the queue or with a worker. */
  void takes(Task<?> task) {
    current = task;
  }

  /** The task first: it must know that it is to stop before its worker is interrupted. */
  void stop() {
    Task<?> task = current;
    if (task != null) {
      task.abandon();
    }
    thread.interrupt();
  }

  /** What this worker waits for from now on; null: nothing any more. */
  void waitsFor(@Nullable ChunkFuture<?> task) {
    awaited = task;
  }

  /** Whether it waits for a task that is not done. */
  boolean isStuck() {
    ChunkFuture<?> task = awaited;
    return task != null && !task.isDone();
  }
}
