package dev.tranche.chunk;

import java.util.concurrent.RunnableFuture;
import org.jspecify.annotations.Nullable;

/** A task that one worker runs. */
abstract sealed class Task<T> extends ChunkFuture<T> implements RunnableFuture<T>
    permits CallTask, Stretch {

  // -- so far, under this future's monitor --
  private @Nullable Thread worker;

  /** Whether the worker is to stop. */
  private volatile boolean asked;

  Task(Pool pool) {
    super(pool);
  }

  /** Runs the task on the calling thread, unless it has begun or was cancelled. */
  @Override
  public final void run() {
    if (!begin()) {
      return;
    }
    T result = null;
    Throwable thrown = null;
    try {
      result = perform();
    } catch (Throwable fault) {
      thrown = fault; // kept for who asks: a worker never logs on the task's behalf
    }
    end(result, thrown);
  }

  private boolean begin() {
    synchronized (this) {
      if (!passes(State.PENDING, State.RUNNING, null, null)) {
        return false;
      }
      worker = Thread.currentThread();
    }
    begun();
    return true;
  }

  /** What it is to do. */
  abstract @Nullable T perform() throws Exception;

  /** Under the monitor: whether its worker is kept by others when it has left it. */
  boolean callsBack() {
    return hasCallbacks();
  }

  /** Forgets what it was to do, with all that this refers to. */
  abstract void forget();

  /** What is to be done at its beginning. */
  void begun() {}

  private void end(@Nullable T result, @Nullable Throwable thrown) {
    boolean callsBack;
    boolean ended;
    synchronized (this) {
      worker = null;
      forget();
      Thread.interrupted(); // an interrupt that was meant for this task must not hit the next one
      callsBack = callsBack();
      pool.leaves(callsBack);
      State end = thrown != null && asked ? State.CANCELLED : State.FINISHED;
      ended = passes(State.RUNNING, end, result, thrown);
    }
    if (ended) { // else it was abandoned
      settle();
    }
    if (callsBack) {
      pool.calledBack();
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (endsPending(State.CANCELLED, null)) {
      return true;
    }
    return isCancelled() || mayInterruptIfRunning && interrupt();
  }

  /** Ends a task that no worker has begun. */
  private boolean endsPending(State end, @Nullable Throwable fault) {
    synchronized (this) {
      if (!passes(State.PENDING, end, null, fault)) {
        return false;
      }
      forget();
      pool.cancelled();
    }
    settle();
    return true;
  }

  private synchronized boolean interrupt() {
    if (worker == null) {
      return false;
    }
    asked = true;
    worker.interrupt();
    return true;
  }

  /** Fails a task that waits for a worker of a broken executor. */
  final void refuse(Throwable fault) {
    endsPending(State.FINISHED, fault);
  }

  /** Cancels the task wherever it is, interrupts its worker, and does not wait for that one. */
  final void abandon() {
    cancel(true);
    if (passes(State.RUNNING, State.CANCELLED, null, null)) {
      settle();
    }
  }

  /** Whether the worker is to stop. */
  final boolean isAsked() {
    return asked;
  }

  /** The thread at work; null if none is. */
  final synchronized @Nullable Thread worker() {
    return worker;
  }
}
