package dev.tranche.batch;

import dev.tranche.chunk.StopSignal;
import java.util.concurrent.CountDownLatch;

/** An execution of a {@link ChunkStep} that runs now. Safe for all threads. */
record RunningStep(long execution, StopSignal stop, CountDownLatch end) {

  RunningStep(long execution) {
    this(execution, new StopSignal(), new CountDownLatch(1));
  }

  void ended() {
    end.countDown();
  }

  /** Waits, however long it takes; an interrupt ends only the waiting. */
  void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
  }
}
