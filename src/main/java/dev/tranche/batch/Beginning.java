package dev.tranche.batch;

import dev.tranche.RunObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.ToLongFunction;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/** Hears that an execution has begun, for those who do not wait for its end. */
final class Beginning implements RunObserver {

  private static final Log log = LogFactory.getLog(Beginning.class);

  private final CompletableFuture<Long> begun = new CompletableFuture<>();

  /**
   * Has {@code run} done on a thread of its own.
   *
   * @return the execution, as soon as it has begun
   * @throws RuntimeException what kept it from that
   */
  static long of(ToLongFunction<RunObserver> run) {
    Beginning beginning = new Beginning();
    Thread thread = new Thread(() -> beginning.carry(run), "tranche-launch");
    thread.setDaemon(true); // while it waits; what it waits for is not
    thread.start();
    try {
      return beginning.begun.join();
    } catch (CompletionException failure) {
      throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
    }
  }

  @Override
  public void started(long execution, String job) {
    begun.complete(execution);
  }

  private void carry(ToLongFunction<RunObserver> run) {
    try {
      begun.complete(run.applyAsLong(this));
    } catch (RuntimeException | Error failure) {
      if (!begun.completeExceptionally(failure)) {
        log.warn("An execution ended, and how is not known: " + failure.getMessage());
      }
    }
  }
}
