package dev.tranche.chunk;

import dev.tranche.definition.ChunkDefinition;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The workers of a lane, and how a chunk is put to them: whole, several at once (futures mode), or
 * cut into sub-batches, one chunk after another (map mode).
 *
 * <p>The loop cannot tell the modes apart: both hand back one outcome for each item, and the chunk
 * is done when no worker touches it any more. An executor outlives the partitions of its lane;
 * close it with the lane. Safe for all threads.
 */
public abstract sealed class ChunkExecutor implements AutoCloseable
    permits MapExecutor, FuturesExecutor {

  private final int workers;
  private final ThreadPoolExecutor pool;

  /** Chunks that workers are at. The pool's own count still has workers that have just left one. */
  private final AtomicInteger unfinished = new AtomicInteger();

  ChunkExecutor(int workers, ThreadFactory threads) {
    this.workers = workers;
    this.pool =
        new ThreadPoolExecutor(
            workers, workers, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
  }

  /**
   * The executor that {@code definition} asks for.
   *
   * @param name what the workers' names begin with
   */
  public static ChunkExecutor of(ChunkDefinition definition, String name) {
    ThreadFactory threads = Threads.named(definition.threads(), name + "-worker-");
    return switch (definition.mode()) {
      case MAP -> new MapExecutor(definition.workers(), threads);
      case FUTURES ->
          new FuturesExecutor(definition.workers(), definition.inFlight(), threads);
    };
  }

  /** How many chunks may be read and not yet committed. */
  abstract int window();

  /** How many of a chunk's {@code size} items one worker takes in a row. */
  abstract int stretch(int size);

  int workers() {
    return workers;
  }

  /** Puts a chunk to the workers and returns at once. */
  ChunkFuture submit(ChunkWork<?, ?> work, Runnable whenDone) {
    ChunkFuture future = new ChunkFuture(work, stretch(work.size()), unfinished, whenDone);
    unfinished.incrementAndGet();
    future.stretches().forEach(pool::execute);
    return future;
  }

  /** Whether no worker is at a chunk: none is kept by code that does not stop. */
  public boolean isIdle() {
    return unfinished.get() == 0;
  }

  /** Ends the workers; one that does not stop when interrupted is a daemon and left behind. */
  @Override
  public void close() {
    pool.shutdownNow();
  }

  /** Names threads and makes them daemons, so that stuck ones do not keep the process alive. */
  private static final class Threads implements ThreadFactory {

    private final ThreadFactory maker;
    private final String prefix;
    private final AtomicInteger count = new AtomicInteger();

    private Threads(ThreadFactory maker, String prefix) {
      this.maker = maker;
      this.prefix = prefix;
    }

    static ThreadFactory named(ChunkDefinition.Threads kind, String prefix) {
      return new Threads(
          kind == ChunkDefinition.Threads.VIRTUAL ? VirtualThreads.factory() : Thread::new, prefix);
    }

    @Override
    public Thread newThread(Runnable body) {
      Thread thread = maker.newThread(body);
      thread.setName(prefix + count.incrementAndGet());
      if (!thread.isDaemon()) {
        thread.setDaemon(true);
      }
      return thread;
    }
  }
}
