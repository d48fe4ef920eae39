package dev.tranche.process;

import dev.tranche.chunk.ItemStep;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/**
 * A processor bean, whose result may be there only later: of a {@link CompletionStage} its worker
 * takes the value.
 *
 * <p>So that as many items are under way as the stage has workers, faults are those of the item, and
 * a timeout that interrupts the worker cancels what it waits for. Safe for all threads.
 */
record Awaited(ItemProcessor<Object, Object> bean) implements ItemStep<Object, Object> {

  @Override
  public @Nullable Object apply(Object item) throws Exception {
    Object result = bean.process(item);
    return result instanceof CompletionStage<?> later ? await(later) : result;
  }

  /** Waits on a future of its own: not every stage can be turned into one. */
  private static @Nullable Object await(CompletionStage<?> later) throws Exception {
    CompletableFuture<Object> value = new CompletableFuture<>();
    later.whenComplete((result, error) -> {
      if (error == null) {
        value.complete(result);
      } else {
        value.completeExceptionally(error);
      }
    });
    try {
      return value.get();
    } catch (ExecutionException failed) {
      throw thrown(failed.getCause());
    } catch (InterruptedException timedOut) {
      if (later instanceof Future<?> cancellable) {
        cancellable.cancel(true);
      }
      throw timedOut;
    }
  }

  /** What the bean's own code threw, which retry rules and messages go by. */
  private static Exception thrown(@Nullable Throwable error) {
    Throwable own =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (own instanceof Error fatal) {
      throw fatal;
    }
    return own instanceof Exception exception ? exception : new CompletionException(own);
  }
}
