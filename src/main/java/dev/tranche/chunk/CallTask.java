package dev.tranche.chunk;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A task that was submitted. */
final class CallTask<T> extends Task<T> {

  private @Nullable Callable<? extends T> body;

  CallTask(Pool pool, Callable<? extends T> body) {
    super(pool);
    this.body = Objects.requireNonNull(body, "task");
  }

  @Override
  @Nullable T perform() throws Exception {
    return Objects.requireNonNull(body).call();
  }

  @Override
  void forget() {
    body = null;
  }
}
