package dev.tranche.autoconfigure;

import dev.tranche.batch.BatchTranche;
import dev.tranche.batch.ChunkSteps;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;

/**
 * Registers the jobs once the application is up, and stops what runs before it goes down: each run
 * ends at its next commit, and is waited for while executors and pools are still there.
 */
final class TrancheLifecycle implements SmartLifecycle {

  private final ObjectProvider<BatchTranche> tranche;
  private final ObjectProvider<ChunkSteps> steps;
  private volatile boolean running;

  TrancheLifecycle(ObjectProvider<BatchTranche> tranche, ObjectProvider<ChunkSteps> steps) {
    this.tranche = tranche;
    this.steps = steps;
  }

  @Override
  public void start() {
    tranche.ifAvailable(BatchTranche::register);
    running = true;
  }

  @Override
  public void stop() {
    steps.ifAvailable(ChunkSteps::stopAll);
    tranche.ifAvailable(BatchTranche::stopAll);
    running = false;
  }

  /**
   * Waits on a thread of its own, so that code that will not stop keeps the application no longer
   * than {@code spring.lifecycle.timeout-per-shutdown-phase}. What was committed is safe then, too.
   */
  @Override
  public void stop(Runnable callback) {
    Thread thread =
        new Thread(
            () -> {
              try {
                stop();
              } finally {
                callback.run();
              }
            },
            "tranche-stop");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Stopped first of all, so that nothing a run needs is gone. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
