package dev.tranche.chunk;

import java.util.concurrent.ThreadFactory;

/** Futures mode: several chunks in flight, each processed by one worker from end to end. */
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

  @Override
  int stretch(int size) {
    return size;
  }
}
