package dev.tranche.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Stretches that are waited for as one: a chunk that workers are at, or the call of a map.
 *
 * <p>It is done when no worker touches any of them any more, and cancelled if one of them was.
 */
final class Joined<T> extends ChunkFuture<T> {

  // -- given --
  private final List<Stretch> stretches;

  // -- so far --
  private final AtomicInteger left;
  private @Nullable Callable<? extends T> result;

  /**
   * @param size how many items there are; if there are none, {@link #end} is to be called
   * @param stretchSize how many of them one worker takes in a row
   * @param result its value when all stretches are finished, made by the last worker; null: none
   */
  Joined(
      Pool pool,
      int size,
      int stretchSize,
      Stretch.Body body,
      @Nullable Callable<? extends T> result) {
    super(pool);
    this.result = result;
    this.stretches = new ArrayList<>((size + stretchSize - 1) / stretchSize);
    for (int from = 0; from < size; from += stretchSize) {
      stretches.add(new Stretch(pool, this, from, Math.min(size, from + stretchSize), body));
    }
    this.left = new AtomicInteger(stretches.size());
  }

  List<Stretch> stretches() {
    return stretches;
  }

  void begun() {
    if (state() == State.PENDING) {
      passes(State.PENDING, State.RUNNING, null, null);
    }
  }

  void oneLess() {
    if (left.decrementAndGet() == 0) {
      end();
    }
  }

  void end() {
    T value = null;
    Throwable thrown = failure();
    boolean cancelled = stretches.stream().anyMatch(ChunkFuture::isCancelled);
    if (thrown == null && !cancelled && result != null) {
      try {
        value = result.call();
      } catch (Throwable fault) {
        thrown = fault;
      }
    }
    result = null;
    State end = cancelled ? State.CANCELLED : State.FINISHED;
    if (passes(State.PENDING, end, value, thrown) || passes(State.RUNNING, end, value, thrown)) {
      settle();
    }
  }

  /** When its first worker began, by {@link System#nanoTime}; null if none has. */
  @Nullable Long startedAt() {
    return stretches.stream()
        .map(Stretch::startedAt)
        .filter(startedAt -> startedAt != 0)
        .min((a, b) -> Long.signum(a - b))
        .orElse(null);
  }

  /** What a worker threw that was no item's fault; null if nothing. */
  @Nullable Throwable failure() {
    return stretches.stream()
        .map(ChunkFuture::thrown)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** The stretches that a worker is at. */
  List<Stretch> running() {
    return stretches.stream().filter(ChunkFuture::isRunning).toList();
  }

  /** Cancels the stretches that no worker has begun, and interrupts the others if so told. */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = false;
    for (Stretch stretch : stretches) {
      cancelled |= stretch.cancel(mayInterruptIfRunning);
    }
    return cancelled;
  }

  /**
   * Cancels what has not begun, interrupts what has, and waits {@code graceNanos} for the workers.
   *
   * @return whether all of them stopped
   */
  boolean cancel(long graceNanos) throws InterruptedException {
    cancel(true);
    try {
      awaitDone(graceNanos);
      return true;
    } catch (TimeoutException stuck) {
      return false;
    }
  }
}
