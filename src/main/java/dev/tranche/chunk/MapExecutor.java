package dev.tranche.chunk;

import java.util.concurrent.ThreadFactory;

/**
 * Map mode: one chunk at a time, cut into sub-batches, fanned out to all workers and joined in
 * input order.
 */
final class MapExecutor extends ChunkExecutor {

  MapExecutor(int workers, ThreadFactory threads) {
    super(workers, threads);
  }

  @Override
  int window() {
    return 1;
  }

  /** Four sub-batches for each worker, so that a slow item does not keep the others waiting. */
  @Override
  int stretch(int size) {
    int parts = 4 * workers();
    return (size + parts - 1) / parts;
  }
}
