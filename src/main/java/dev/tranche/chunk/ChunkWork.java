package dev.tranche.chunk;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The processing of one chunk: items in, an outcome for each.
 *
 * <p>Workers fill disjoint stretches of the outcomes; the partition's thread reads them after the
 * {@link ChunkFuture} is done, which publishes them. Nothing here counts or writes.
 */
final class ChunkWork<I, O> {

  /** The outcome of an item that a process step filtered. */
  static final Object FILTERED = new Object();

  /**
   * The outcome of an item that failed.
   *
   * @param item as decoded; null if it could not be
   */
  record Fault(ChunkObserver.Phase phase, @Nullable Object item, Throwable error) {}

  // -- given --
  final ReadChunk<I> chunk;
  private final ItemStep<I, O> step;
  private final RetryRule retry;
  private final StopSignal stop;
  private final ChunkObserver observer;
  private final boolean goOnAfterFault;
  private final UnaryOperator<Runnable> inWorker;

  // -- so far --
  private final @Nullable Object[] outcomes;

  ChunkWork(
      ReadChunk<I> chunk,
      ItemStep<I, O> step,
      RetryRule retry,
      StopSignal stop,
      ChunkObserver observer,
      boolean goOnAfterFault,
      UnaryOperator<Runnable> inWorker) {
    this.chunk = chunk;
    this.step = step;
    this.retry = retry;
    this.stop = stop;
    this.observer = observer;
    this.goOnAfterFault = goOnAfterFault;
    this.inWorker = inWorker;
    this.outcomes = new Object[chunk.size()];
  }

  int size() {
    return outcomes.length;
  }

  /** An item to write, {@link #FILTERED}, a {@link Fault}, or null if it was not reached. */
  @Nullable Object outcome(int index) {
    return outcomes[index];
  }

  /** Processes items {@code from} to before {@code to} on the calling worker. */
  void run(int from, int to, ChunkFuture.Stretch stretch) {
    inWorker
        .apply(
            () -> {
              for (int i = from; i < to && !Thread.currentThread().isInterrupted(); i++) {
                stretch.at(i);
                outcomes[i] = outcomeOf(i);
                if (outcomes[i] instanceof Fault && !goOnAfterFault) {
                  return;
                }
              }
            })
        .run();
  }

  private Object outcomeOf(int index) {
    I item;
    try {
      observer.beforeRead();
      item = chunk.item(index);
      observer.afterRead(item);
    } catch (RuntimeException error) {
      observer.onReadError(error);
      return new Fault(ChunkObserver.Phase.READ, null, error);
    }
    return process(item);
  }

  private Object process(I item) {
    for (int attempt = 1; ; attempt++) {
      try {
        observer.beforeProcess(item);
        O result = step.apply(item);
        observer.afterProcess(item, result);
        return result == null ? FILTERED : result;
      } catch (Exception | StackOverflowError | LinkageError error) {
        observer.onProcessError(item, error);
        if (!retry.again(attempt, error) || paused(attempt)) {
          return new Fault(ChunkObserver.Phase.PROCESS, item, error);
        }
      }
    }
  }

  /** Waits before the next attempt; true if there is to be none. */
  private boolean paused(int attempt) {
    try {
      return stop.await(retry.pause(attempt));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
