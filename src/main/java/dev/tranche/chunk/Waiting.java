package dev.tranche.chunk;

import dev.tranche.chunk.ChunkFuture.Awaited;
import dev.tranche.chunk.ChunkFuture.State;
import dev.tranche.chunk.ChunkFuture.Until;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One thread's wait for several futures. */
final class Waiting {

  private final Until until;
  private final AtomicInteger left;
  private final CountDownLatch enough;

  private Waiting(Until until, int count) {
    this.until = until;
    this.left = new AtomicInteger(count);
    this.enough = new CountDownLatch(Math.min(count, 1));
  }

  static <F extends ChunkFuture<?>> Awaited<F> await(
      Collection<? extends F> futures, Until until, @Nullable Duration timeout)
      throws InterruptedException {
    Objects.requireNonNull(until, "until");
    Set<F> distinct = new LinkedHashSet<>(futures);
    Waiting waiting = new Waiting(until, distinct.size());
    Consumer<ChunkFuture<?>> seen = waiting::seen;
    distinct.forEach(future -> future.whenDone(seen));
    try {
      waiting.await(timeout);
    } finally {
      distinct.forEach(future -> future.forget(seen));
    }
    Awaited<F> parts = new Awaited<>(new LinkedHashSet<>(), new LinkedHashSet<>());
    distinct.forEach(future -> (future.isDone() ? parts.done() : parts.notDone()).add(future));
    return parts;
  }

  private void seen(ChunkFuture<?> future) {
    if (left.decrementAndGet() == 0 || isEnough(future)) {
      enough.countDown();
    }
  }

  private boolean isEnough(ChunkFuture<?> future) {
    return switch (until) {
      case FIRST_COMPLETED -> true;
      case FIRST_EXCEPTION -> future.state() == State.FINISHED && future.thrown() != null;
      case ALL_COMPLETED -> false;
    };
  }

  private void await(@Nullable Duration timeout) throws InterruptedException {
    if (timeout == null) {
      enough.await();
    } else {
      enough.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }
  }
}
