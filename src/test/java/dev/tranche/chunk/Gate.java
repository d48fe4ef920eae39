package dev.tranche.chunk;

import dev.tranche.definition.ChunkDefinition.Mode;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Where tasks stop until it is opened, and what else tests of executors need. */
final class Gate implements AutoCloseable {

  private final CountDownLatch reached;
  private final CountDownLatch open = new CountDownLatch(1);

  private Gate(int tasks) {
    this.reached = new CountDownLatch(tasks);
  }

  /** A gate for one task. */
  static Gate closed() {
    return new Gate(1);
  }

  static Gate closedTo(int tasks) {
    return new Gate(tasks);
  }

  /** Stops until it is opened. */
  String pass() throws InterruptedException {
    reached.countDown();
    open.await();
    return "passed";
  }

  /** Waits until the tasks have come. */
  Gate awaitTasks() throws InterruptedException {
    reached.await();
    return this;
  }

  void open() {
    open.countDown();
  }

  /** Nobody is left standing. */
  @Override
  public void close() {
    open();
  }

  static ChunkExecutor executor(Mode mode, int workers) {
    return executor(mode, Workers.platform(workers));
  }

  static ChunkExecutor executor(Mode mode, Workers workers) {
    return mode == Mode.MAP
        ? ChunkExecutor.inMapMode(workers)
        : ChunkExecutor.inFuturesMode(workers);
  }

  /** The living threads whose names begin with {@code prefix}. */
  static List<Thread> threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix + "-worker-"))
        .toList();
  }

  static void awaitCollected(List<? extends WeakReference<?>> references) {
    while (references.stream().anyMatch(reference -> reference.get() != null)) {
      System.gc();
    }
  }

  /** Waits until {@code thread} waits. */
  static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }
}
