package dev.tranche.chunk;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** A task's future for those who compose. */
final class Bridge<T> extends CompletableFuture<T> {

  private final ChunkFuture<T> future;

  Bridge(ChunkFuture<T> future) {
    this.future = future;
  }

  /** Cancels the task as well, if it is not done. */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    return future.cancel(mayInterruptIfRunning) || cancelled;
  }

  void settle(ChunkFuture<T> done) {
    ChunkFuture.Snapshot<T> end = done.snapshot();
    if (end.state() == ChunkFuture.State.CANCELLED) {
      completeExceptionally(new CancellationException("the task was cancelled"));
    } else if (end.error() != null) {
      completeExceptionally(end.error());
    } else {
      complete(end.value());
    }
  }
}
