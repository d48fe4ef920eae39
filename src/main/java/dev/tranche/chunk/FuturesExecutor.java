package dev.tranche.chunk;

import java.util.concurrent.ThreadFactory;

/** Futures mode: several chunks in flight, each processed by one worker while there are enough. */
final class FuturesExecutor extends ChunkExecutor {

  private final int inFlight;

  FuturesExecutor(int workers, int inFlight, ThreadFactory threads) {
    super(workers, threads);
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
}
