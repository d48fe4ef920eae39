package dev.tranche.chunk;

import java.util.concurrent.ThreadFactory;
import org.apache.commons.logging.LogFactory;

/**
 * Map mode: one chunk at a time, cut into sub-batches, fanned out to all workers and joined in
 * input order.
 */
final class MapExecutor extends ChunkExecutor {

  /** All workers are started; if one cannot be, those that were have ended again. */
  MapExecutor(Workers workers, ThreadFactory threads) {
    this(
        workers.name(),
        new Pool(
            workers.count(), threads, workers.initializer(), true, "the executor is not running"));
    pool().startAll();
  }

  private MapExecutor(String name, Pool pool) {
    super(pool, () -> dropped(name, pool));
  }

  private static void dropped(String name, Pool pool) {
    if (!pool.isShutdown()) {
      LogFactory.getLog(ChunkExecutor.class)
          .warn("The executor '" + name + "' was dropped while it was running: close it");
      pool.shutdown(false);
    }
  }

  @Override
  int window() {
    return 1;
  }

  @Override
  int stretch(int size) {
    return share(size);
  }

  @Override
  public void close() {
    terminate();
  }
}
