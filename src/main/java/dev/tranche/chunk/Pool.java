package dev.tranche.chunk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The threads of an executor, and the tasks that wait for one of them, first in, first out.
 *
 * <p>Threads are started when there is more to do than there are threads, and stay until the pool is
 * shut. What is accepted is run or cancelled, never lost. Safe for all threads. The pool does not
 * know its executor, so that one which is dropped can be collected while its workers wait.
 */
final class Pool {

  /*
   * Queue, workers and phase are guarded by the lock, which is never held while a task's own monitor
   * is taken: tasks are cancelled and failed after it was released.
   *
   * A worker counts as free from just before its task is seen to be done. So whoever waited for a
   * task and then submits another one finds a free worker, and none is started in vain. While it
   * still runs callbacks it counts as busy: they may wait for what they submit.
   */

  private enum Phase {
    OPEN,
    SHUT,
    TERMINATED
  }

  private static final Log LOG = LogFactory.getLog(ChunkExecutor.class);

  // -- given --
  private final int size;
  private final ThreadFactory threads;
  private final Runnable initializer;
  private final boolean callsBackFirst;
  private final String refusal;

  // -- so far --
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Condition left = lock.newCondition();
  private final Queue<Task<?>> queue = new ArrayDeque<>();
  private final Set<Worker> workers = new LinkedHashSet<>();
  private int waiting;
  private Phase phase = Phase.OPEN;
  private volatile @Nullable Throwable broken;

  /** Tasks accepted that were not cancelled and that no worker has left yet. */
  private final AtomicInteger unfinished = new AtomicInteger();

  /** Workers that left their task and are calling back. */
  private final AtomicInteger callingBack = new AtomicInteger();

  /**
   * @param callsBackFirst whether callbacks run before those are let go who wait for a task
   * @param refusal what a task is told that comes after the end
   */
  Pool(
      int size,
      ThreadFactory threads,
      Runnable initializer,
      boolean callsBackFirst,
      String refusal) {
    this.size = size;
    this.threads = threads;
    this.initializer = initializer;
    this.callsBackFirst = callsBackFirst;
    this.refusal = refusal;
  }

  int size() {
    return size;
  }

  boolean callsBackFirst() {
    return callsBackFirst;
  }

  /** Starts all workers now; if one cannot be started, ends those that were. */
  void startAll() {
    lock.lock();
    try {
      while (workers.size() < size) {
        start();
      }
    } catch (Throwable failed) {
      phase = Phase.SHUT;
      arrived.signalAll();
      while (!workers.isEmpty()) {
        left.awaitUninterruptibly();
      }
      throw failed;
    } finally {
      lock.unlock();
    }
  }

  /** Accepts all or none of {@code tasks}. */
  void submit(List<? extends Task<?>> tasks) {
    lock.lock();
    try {
      requireOpen();
      unfinished.addAndGet(tasks.size());
      queue.addAll(tasks);
      startFor(tasks);
      for (int i = Math.min(waiting, tasks.size()); i > 0; i--) {
        arrived.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** @throws RejectedExecutionException if nothing is accepted any more */
  void requireRunning() {
    lock.lock();
    try {
      requireOpen();
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() {
    Throwable fault = broken;
    if (fault != null) {
      throw new BrokenExecutorException(fault);
    }
    if (phase != Phase.OPEN) {
      throw new RejectedExecutionException(refusal);
    }
  }

  private void startFor(List<? extends Task<?>> tasks) {
    try {
      while (workers.size() < size && unfinished.get() + callingBack.get() > workers.size()) {
        start();
      }
    } catch (Throwable failed) {
      if (workers.isEmpty()) { // else the task is only run later
        queue.removeAll(tasks);
        unfinished.addAndGet(-tasks.size());
        throw failed;
      }
    }
  }

  private void start() {
    Worker worker = new Worker(this, threads, initializer);
    worker.start();
    workers.add(worker);
  }

  /** Whether no worker is at a task, and none waits for one. */
  boolean isIdle() {
    return unfinished.get() == 0;
  }

  /** A task was cancelled that no worker had begun. */
  void cancelled() {
    unfinished.decrementAndGet();
  }

  /** A worker has left its task; called just before that one is seen to be done. */
  void leaves(boolean callsBack) {
    if (callsBack) {
      callingBack.incrementAndGet();
    }
    unfinished.decrementAndGet();
  }

  void calledBack() {
    callingBack.decrementAndGet();
  }

  /** Accepts nothing more. Workers end when the queue is empty. */
  void shutdown(boolean cancelPending) {
    List<Task<?>> pending = List.of();
    lock.lock();
    try {
      if (phase == Phase.OPEN) {
        phase = Phase.SHUT;
      }
      if (cancelPending) {
        pending = takeQueue();
      }
      arrived.signalAll();
      left.signalAll();
    } finally {
      lock.unlock();
    }
    pending.forEach(task -> task.cancel(false));
  }

  /** Cancels what is pending and what is running, and interrupts all workers. */
  List<Task<?>> terminate() {
    List<Task<?>> pending;
    List<Worker> all;
    lock.lock();
    try {
      phase = Phase.TERMINATED;
      pending = takeQueue();
      all = List.copyOf(workers);
      arrived.signalAll();
      left.signalAll();
    } finally {
      lock.unlock();
    }
    pending.forEach(Task::abandon);
    all.forEach(Worker::stop);
    return pending;
  }

  private List<Task<?>> takeQueue() {
    List<Task<?>> all = new ArrayList<>(queue);
    queue.clear();
    return all;
  }

  boolean isShutdown() {
    lock.lock();
    try {
      return phase != Phase.OPEN;
    } finally {
      lock.unlock();
    }
  }

  boolean isTerminated() {
    lock.lock();
    try {
      return hasEnded();
    } finally {
      lock.unlock();
    }
  }

  boolean awaitTermination(long nanos) throws InterruptedException {
    long rest = nanos;
    lock.lockInterruptibly();
    try {
      while (!hasEnded()) {
        if (rest <= 0) {
          return false;
        }
        rest = left.awaitNanos(rest);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** @throws IllegalStateException if the calling thread is one of the workers */
  void awaitEnd() throws InterruptedException {
    if (Worker.of(this) != null) {
      throw new IllegalStateException("a worker cannot wait for the end of its own executor");
    }
    while (!awaitTermination(Long.MAX_VALUE)) {}
  }

  private boolean hasEnded() {
    return phase != Phase.OPEN && workers.isEmpty();
  }

  void breakWith(Throwable fault) {
    LOG.error("A worker could not be initialized, so its executor is broken", fault);
    List<Task<?>> pending;
    lock.lock();
    try {
      broken = fault;
      phase = phase == Phase.OPEN ? Phase.SHUT : phase;
      pending = takeQueue();
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    pending.forEach(task -> task.refuse(new BrokenExecutorException(fault)));
  }

  /**
   * The worker that is the calling thread is about to wait for a task of this pool.
   *
   * @throws IllegalStateException if nobody would be left to run it
   */
  void requireOthers() {
    lock.lock();
    try {
      if (workers.size() == size && workers.stream().allMatch(Worker::isStuck)) {
        throw new IllegalStateException(
            "all "
                + size
                + " workers would wait for tasks that only they can run. Wait for them outside of the"
                + " executor, or use one for the outer and another for the inner tasks");
      }
    } finally {
      lock.unlock();
    }
  }

  /** The next task, for {@code worker}, which waits for it; null when it is to end. */
  @Nullable Task<?> next(Worker worker) {
    lock.lock();
    try {
      while (queue.isEmpty()) {
        if (phase != Phase.OPEN) {
          return null;
        }
        waiting++;
        arrived.awaitUninterruptibly();
        waiting--;
      }
      Task<?> task = queue.poll();
      worker.takes(task);
      return task;
    } finally {
      lock.unlock();
    }
  }

  void leave(Worker worker) {
    lock.lock();
    try {
      workers.remove(worker);
      if (!queue.isEmpty()) { // it died of an error that was no task's
        start();
      }
      left.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
