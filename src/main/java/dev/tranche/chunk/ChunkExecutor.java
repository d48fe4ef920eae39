package dev.tranche.chunk;

import dev.tranche.definition.ChunkDefinition;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Workers, and the ways to put work to them: the engine of every step of a job file, and an {@link
 * java.util.concurrent.ExecutorService} for whoever wants to use it alone.
 *
 * <p>Two modes, after Python's two ways. <b>Map mode</b> is {@code multiprocessing.Pool}: all workers
 * are there from the start, callbacks run before those are let go who wait, and {@link #close()}
 * stops what is under way. <b>Futures mode</b> is {@code concurrent.futures}: workers come with the
 * work, who waits goes first, and {@link #close()} waits for what was accepted. All methods are there
 * in both.
 *
 * <p>Workers are daemon threads and stay until the executor is shut down. One that is dropped
 * without that is shut down when it is collected; in map mode a warning says so. Safe for all
 * threads.
 *
 * @see ChunkFuture
 */
public abstract sealed class ChunkExecutor extends AbstractExecutorService implements AutoCloseable
    permits MapExecutor, FuturesExecutor {

  private static final Log LOG = LogFactory.getLog(ChunkExecutor.class);
  private static final Cleaner CLEANER = Cleaner.create();

  private final Pool pool;

  ChunkExecutor(Pool pool, Runnable whenDropped) {
    this.pool = pool;
    CLEANER.register(this, whenDropped);
  }

  /** Map mode: starts all workers. */
  public static ChunkExecutor inMapMode(Workers workers) {
    return new MapExecutor(workers, WorkerThreads.of(workers));
  }

  /** Futures mode: workers are started as they are needed. */
  public static ChunkExecutor inFuturesMode(Workers workers) {
    return new FuturesExecutor(workers, 2 * workers.count(), WorkerThreads.of(workers));
  }

  /**
   * The executor that {@code definition} asks for.
   *
   * @param name what the workers' names begin with
   */
  public static ChunkExecutor of(ChunkDefinition definition, String name) {
    Workers workers = new Workers(definition.workers(), definition.threads(), name, () -> {});
    ThreadFactory threads = WorkerThreads.of(workers);
    return switch (definition.mode()) {
      case MAP -> new MapExecutor(workers, threads);
      case FUTURES -> new FuturesExecutor(workers, definition.inFlight(), threads);
    };
  }

  // -- tasks --

  /**
   * Accepts a task and returns at once.
   *
   * @throws RejectedExecutionException after the end, or as {@link BrokenExecutorException}
   */
  @Override
  public <T> ChunkFuture<T> submit(Callable<T> task) {
    return put(newTaskFor(task));
  }

  /** As {@link #submit(Callable)}; the value is null. */
  @Override
  public ChunkFuture<?> submit(Runnable task) {
    return put(newTaskFor(Executors.callable(task)));
  }

  /** As {@link #submit(Callable)}; the value is {@code result}. */
  @Override
  public <T> ChunkFuture<T> submit(Runnable task, T result) {
    return put(newTaskFor(task, result));
  }

  /** Accepts a task whose value nobody asks for; what it throws is logged. */
  @Override
  public void execute(Runnable task) {
    if (task instanceof Task<?> own && own.pool == pool) {
      put(own);
      return;
    }
    put(newTaskFor(Executors.callable(task))).whenDone(done -> {
      if (done.thrown() != null) {
        LOG.error("A task that was given to execute() failed", done.thrown());
      }
    });
  }

  private <T> Task<T> put(Task<T> task) {
    pool.submit(Collections.singletonList(task));
    return task;
  }

  @Override
  protected final <T> Task<T> newTaskFor(Callable<T> task) {
    return new CallTask<>(pool, task);
  }

  @Override
  protected final <T> Task<T> newTaskFor(Runnable task, T value) {
    return newTaskFor(Executors.callable(task, value));
  }

  // -- maps --

  /** As {@link #map(ItemStep, Iterable, int)}, with four batches for each worker. */
  public <I, O> List<O> map(ItemStep<? super I, ? extends O> step, Iterable<? extends I> items)
      throws InterruptedException {
    List<I> all = read(items);
    return await(mapAsync(step, all, share(all.size())));
  }

  /**
   * Applies {@code step} to all items, on all workers, and waits for the results.
   *
   * <p>The items are read first, on the calling thread. One that fails does not keep the others from
   * being taken. An interrupt of the calling thread cancels the call.
   *
   * @param batch how many items one worker takes in a row; at least 1
   * @return in input order
   * @throws RuntimeException the very one that came first, and so for errors; what a step threw that
   *     is checked is the cause of a {@link java.util.concurrent.CompletionException}
   */
  public <I, O> List<O> map(
      ItemStep<? super I, ? extends O> step, Iterable<? extends I> items, int batch)
      throws InterruptedException {
    return await(mapAsync(step, items, batch));
  }

  private static <O> List<O> await(ChunkFuture<List<O>> call) throws InterruptedException {
    try {
      return call.get();
    } catch (ExecutionException failed) {
      throw Thrown.by(failed.getCause());
    } catch (InterruptedException interrupted) {
      call.cancel(true);
      throw interrupted;
    }
  }

  /** As {@link #mapAsync(ItemStep, Iterable, int)}, with four batches for each worker. */
  public <I, O> ChunkFuture<List<O>> mapAsync(
      ItemStep<? super I, ? extends O> step, Iterable<? extends I> items) {
    List<I> all = read(items);
    return mapAsync(step, all, share(all.size()));
  }

  /** As {@link #map(ItemStep, Iterable, int)}, but returns as soon as the items are read. */
  public <I, O> ChunkFuture<List<O>> mapAsync(
      ItemStep<? super I, ? extends O> step, Iterable<? extends I> items, int batch) {
    ReadAhead.atLeastOne("batch", batch);
    Items<I, O> work = new Items<>(read(items), step);
    Joined<List<O>> call = new Joined<>(pool, work.size(), batch, work::run, work::values);
    pool.submit(call.stretches());
    if (work.size() == 0) {
      call.end();
    }
    return call;
  }

  /** As {@link #mapLazily(ItemStep, Iterable, ReadAhead)}, four items ahead for each worker. */
  public <I, O> Results<O> mapLazily(
      ItemStep<? super I, ? extends O> step, Iterable<? extends I> items) {
    return mapLazily(step, items, ReadAhead.of(4 * workers()));
  }

  /**
   * Applies {@code step} to items that are read as results are taken; also to endlessly many.
   *
   * @return in input order
   */
  public <I, O> Results<O> mapLazily(
      ItemStep<? super I, ? extends O> step, Iterable<? extends I> items, ReadAhead ahead) {
    return lazily(step, items.iterator(), ahead, true);
  }

  /** As {@link #mapUnordered(ItemStep, Iterable, ReadAhead)}, four items ahead for each worker. */
  public <I, O> Results<O> mapUnordered(
      ItemStep<? super I, ? extends O> step, Iterable<? extends I> items) {
    return mapUnordered(step, items, ReadAhead.of(4 * workers()));
  }

  /** As {@link #mapLazily(ItemStep, Iterable, ReadAhead)}, but each result as it is there. */
  public <I, O> Results<O> mapUnordered(
      ItemStep<? super I, ? extends O> step, Iterable<? extends I> items, ReadAhead ahead) {
    return lazily(step, items.iterator(), ahead, false);
  }

  private <I, O> Results<O> lazily(
      ItemStep<? super I, ? extends O> step,
      Iterator<? extends I> items,
      ReadAhead ahead,
      boolean inInputOrder) {
    return new LazyResults<I, O>(this, step, items, ahead, inInputOrder);
  }

  private static <I> List<I> read(Iterable<? extends I> items) {
    List<I> all = new ArrayList<>();
    items.forEach(all::add);
    return all;
  }

  // -- chunks --

  /** How many chunks may be read and not yet committed. */
  abstract int window();

  /** How many of a chunk's {@code size} items one worker takes in a row. */
  abstract int stretch(int size);

  /** Four parts for each worker, so that a slow item does not keep the others waiting. */
  final int share(int size) {
    int parts = 4 * workers();
    return Math.max(1, (size + parts - 1) / parts);
  }

  final int workers() {
    return pool.size();
  }

  final Pool pool() {
    return pool;
  }

  /** Puts a chunk to the workers and returns at once. */
  final Joined<Void> submit(ChunkWork<?, ?> work, Runnable whenDone) {
    Joined<Void> chunk = new Joined<>(pool, work.size(), stretch(work.size()), work::run, null);
    chunk.whenDone(done -> whenDone.run());
    pool.submit(chunk.stretches());
    return chunk;
  }

  /** Whether no worker is at anything: none is kept by code that does not stop. */
  public boolean isIdle() {
    return pool.isIdle();
  }

  // -- the end --

  /** Accepts nothing more and returns at once; what was accepted is done. May be called again. */
  @Override
  public void shutdown() {
    pool.shutdown(false);
  }

  /**
   * Accepts nothing more. May be called again.
   *
   * @param wait whether to return only when all workers have ended
   * @param cancelPending whether to cancel what no worker has begun
   * @throws IllegalStateException if a worker would wait for itself
   */
  public void shutdown(boolean wait, boolean cancelPending) throws InterruptedException {
    pool.shutdown(cancelPending);
    if (wait) {
      pool.awaitEnd();
    }
  }

  /**
   * Cancels what is pending and what is running, interrupts the workers, and waits for none: one
   * that does not stop is a daemon and left behind. May be called again, and after a shutdown.
   */
  public void terminate() {
    pool.terminate();
  }

  /** As {@link #terminate()}; returns what no worker had begun, cancelled. */
  @Override
  public List<Runnable> shutdownNow() {
    return List.copyOf(pool.terminate());
  }

  @Override
  public boolean isShutdown() {
    return pool.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return pool.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return pool.awaitTermination(unit.toNanos(timeout));
  }

  /**
   * In map mode {@link #terminate()}. In futures mode {@link #shutdown(boolean, boolean)
   * shutdown(true, false)}; an interrupt of the calling thread meanwhile terminates, and the thread's
   * flag is set again.
   */
  @Override
  public abstract void close();
}
