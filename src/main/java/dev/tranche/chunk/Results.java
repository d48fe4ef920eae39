package dev.tranche.chunk;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/**
 * Results that are handed out while others are still worked on; for one thread, once.
 *
 * <p>A result that is an error is thrown by {@link #next()} in its place, and the next call goes on
 * behind it. Nothing that was handed out is kept. Close it to leave before the end.
 *
 * @param <T> what one result is
 */
public interface Results<T> extends Iterator<T>, Iterable<T>, AutoCloseable {

  /**
   * Waits for the next result.
   *
   * @throws RuntimeException the very one that the task threw, and so for errors; what a task threw
   *     that is checked is the cause of a {@link CompletionException}
   * @throws CompletionException also with a {@link TimeoutException} as its cause, if the timeout of
   *     the whole is over: the rest is cancelled and {@link #hasNext()} is false from then on; and
   *     with an {@link InterruptedException}, the thread's flag being set again
   * @throws NoSuchElementException at the end
   */
  @Override
  T next();

  /**
   * As {@link #next()}, but waits for {@code timeout} at most.
   *
   * @throws TimeoutException if the result is not there in time; it can be asked for again
   */
  T next(Duration timeout) throws TimeoutException;

  /** Cancels what no worker has begun, and ends the iteration. May be called again. */
  @Override
  void close();

  /** These results, and not a second pass over them. */
  @Override
  default Iterator<T> iterator() {
    return this;
  }
}
