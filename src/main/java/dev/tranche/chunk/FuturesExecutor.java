package dev.tranche.chunk;

import java.util.concurrent.ThreadFactory;

/** Futures mode: several chunks in flight, each processed by one worker while there are enough. */
final class FuturesExecutor extends ChunkExecutor {

  private final int inFlight;

  FuturesExecutor(Workers workers, int inFlight, ThreadFactory threads) {
    this(
        inFlight,
        new Pool(
            workers.count(),
            threads,
            workers.initializer(),
            false,
            "cannot schedule new futures after shutdown"));
  }

  private FuturesExecutor(int inFlight, Pool pool) {
    super(pool, () -> pool.shutdown(false));
    this.inFlight = inFlight;
  }

  @Override
  int window() {
    return inFlight;
  }

  /** Whole, unless there are more workers than chunks: cut, then, so that all have something to do. */
  @Override
  int stretch(int size) {
    int parts = workers() <= inFlight ? 1 : (4 * workers() + inFlight - 1) / inFlight;
    return (size + parts - 1) / parts;
  }

  @Override
  public void close() {
    try {
      shutdown(true, false);
    } catch (InterruptedException interrupted) {
      terminate();
      Thread.currentThread().interrupt();
    }
  }
}
