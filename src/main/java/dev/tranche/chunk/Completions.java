package dev.tranche.chunk;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Futures in the order in which they become done. */
final class Completions<F extends ChunkFuture<?>> implements Results<F> {

  // -- given --
  private final int count;
  private final Deadline deadline;

  // -- so far --
  private final Set<F> left = new LinkedHashSet<>();
  private final BlockingQueue<ChunkFuture<?>> done = new LinkedBlockingQueue<>();
  private final Consumer<ChunkFuture<?>> seen = done::add;

  Completions(Iterable<? extends F> futures, @Nullable Duration timeout) {
    this.deadline = Deadline.in(timeout);
    futures.forEach(left::add);
    this.count = left.size();
    Set<F> others = new LinkedHashSet<>(left);
    others.removeIf(future -> future.isDone() && done.add(future));
    others.forEach(future -> future.whenDone(seen));
  }

  @Override
  public boolean hasNext() {
    return !left.isEmpty();
  }

  @Override
  public F next() {
    try {
      return take(deadline.left());
    } catch (TimeoutException late) {
      close();
      throw Thrown.timeout(late);
    }
  }

  @Override
  public F next(Duration timeout) throws TimeoutException {
    return take(Math.min(timeout.toNanos(), deadline.left()));
  }

  private F take(long nanos) throws TimeoutException {
    if (left.isEmpty()) {
      throw new NoSuchElementException();
    }
    ChunkFuture<?> next;
    try {
      next = done.poll(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      throw Thrown.interrupted(interrupted);
    }
    if (next == null) {
      throw new TimeoutException(left.size() + " (of " + count + ") futures unfinished");
    }
    left.remove(next);
    @SuppressWarnings("unchecked") // only futures of left are put into done
    F given = (F) next;
    return given;
  }

  /** Cancels nothing: the futures are somebody else's. */
  @Override
  public void close() {
    left.forEach(future -> future.forget(seen));
    left.clear();
    done.clear();
  }
}
