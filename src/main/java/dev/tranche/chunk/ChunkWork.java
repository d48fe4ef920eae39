package dev.tranche.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The processing of one chunk: items in, an outcome for each.
 *
 * <p>Workers fill disjoint stretches of the outcomes; the partition's thread reads them after the
 * {@link Passage} is done, which publishes them. Nothing here counts or writes.
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

  /**
   * An item between two stages. It is no outcome: what is not through all stages is not written.
   *
   * @param item as decoded
   * @param result what the stages before made of it
   * @param nanos how long they took
   */
  private record Halfway(Object item, Object result, long nanos) {}

  // -- given --
  final ReadChunk<I> chunk;
  private final Pipeline<I, O> pipeline;
  private final RetryRule retry;
  private final StopSignal stop;
  private final ChunkObserver observer;
  private final boolean watched;
  private final boolean goOnAfterFault;
  private final UnaryOperator<Runnable> inWorker;

  // -- so far --
  private final @Nullable Object[] outcomes;
  private final @Nullable Halfway[] halfway;

  /** The items, and the faults of those that could not be decoded; null: workers decode them. */
  private @Nullable Object @Nullable [] decoded;

  /** Changed only while no worker is at the chunk. */
  private int stage;

  ChunkWork(
      ReadChunk<I> chunk,
      Pipeline<I, O> pipeline,
      RetryRule retry,
      StopSignal stop,
      ChunkObserver observer,
      boolean goOnAfterFault,
      UnaryOperator<Runnable> inWorker) {
    this.chunk = chunk;
    this.pipeline = pipeline;
    this.retry = retry;
    this.stop = stop;
    this.observer = observer;
    this.watched = observer.watchesItems();
    this.goOnAfterFault = goOnAfterFault;
    this.inWorker = inWorker;
    this.outcomes = new Object[chunk.size()];
    this.halfway = new Halfway[pipeline.size() > 1 ? chunk.size() : 0];
  }

  /** The same chunk, to be processed once more. */
  ChunkWork<I, O> again() {
    ChunkWork<I, O> again =
        new ChunkWork<>(chunk, pipeline, retry, stop, observer, goOnAfterFault, inWorker);
    again.decoded = decoded;
    return again;
  }

  int size() {
    return outcomes.length;
  }

  /**
   * Decodes the items before any worker has them, up to the first that cannot be if that ends the
   * chunk; returns those that could.
   */
  List<Object> decodeAll() {
    @Nullable Object[] all = new Object[size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = decode(i);
      if (all[i] instanceof Fault && !goOnAfterFault) {
        break;
      }
    }
    decoded = all;
    return inputs(0, all.length);
  }

  /** Of items {@code from} to before {@code to}, those that {@link #decodeAll} could decode. */
  List<Object> inputs(int from, int to) {
    List<Object> inputs = new ArrayList<>(to - from);
    for (int i = from; decoded != null && i < to; i++) {
      Object item = decoded[i];
      if (item != null && !(item instanceof Fault)) {
        inputs.add(item);
      }
    }
    return inputs;
  }

  /** What workers do from now on is the work of this stage. */
  void enter(int next) {
    stage = next;
  }

  /** An item to write, {@link #FILTERED}, a {@link Fault}, or null if it was not reached. */
  @Nullable Object outcome(int index) {
    return outcomes[index];
  }

  /** Processes items {@code from} to before {@code to} on the calling worker. */
  void run(int from, int to, Stretch stretch) {
    inWorker
        .apply(
            () -> {
              for (int i = from; i < to && !Thread.currentThread().isInterrupted(); i++) {
                stretch.at(i);
                take(i);
                if (outcomes[i] instanceof Fault && !goOnAfterFault) {
                  return;
                }
              }
            })
        .run();
  }

  private void take(int index) {
    if (stage == 0) {
      Object item = decoded == null ? decode(index) : decoded[index];
      if (item instanceof Fault) {
        outcomes[index] = item;
      } else if (item != null) {
        process(index, item, item, -1);
      }
      return;
    }
    Halfway at = halfway[index];
    halfway[index] = null;
    if (at != null) { // else a stage before has filtered or refused it, or not reached it
      if (watched) {
        observer.resumeProcess(at.item, at.nanos);
      }
      process(index, at.item, at.result, at.nanos);
    }
  }

  /** The item, or why it cannot be decoded. */
  private Object decode(int index) {
    try {
      if (watched) {
        observer.beforeRead();
      }
      Object item = chunk.item(index);
      if (watched) {
        observer.afterRead(item);
      }
      return item;
    } catch (RuntimeException error) {
      if (watched) {
        observer.onReadError(error);
      }
      return new Fault(ChunkObserver.Phase.READ, null, error);
    }
  }

  /**
   * One stage's work on one item, tried again as the retry rule says.
   *
   * @param nanos how long the stages before took; negative in the first
   */
  private void process(int index, Object item, Object input, long nanos) {
    long began = halfway.length == 0 ? 0 : System.nanoTime();
    for (int attempt = 1; ; attempt++) {
      try {
        if (watched && attempt == 1 && nanos < 0) {
          observer.beforeProcess(item);
        }
        Object result = pipeline.step(stage).apply(input);
        if (result != null && stage + 1 < pipeline.size()) {
          halfway[index] =
              new Halfway(item, result, Math.max(nanos, 0) + System.nanoTime() - began);
          return;
        }
        if (watched) {
          observer.afterProcess(item, result);
        }
        outcomes[index] = result == null ? FILTERED : result;
        return;
      } catch (Exception | StackOverflowError | LinkageError error) {
        if (!retry.again(attempt, error) || paused(attempt)) {
          if (watched) {
            observer.onProcessError(item, error);
          }
          outcomes[index] = new Fault(ChunkObserver.Phase.PROCESS, item, error);
          return;
        }
        observer.retried(ChunkObserver.Phase.PROCESS, error);
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
