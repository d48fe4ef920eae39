package dev.tranche.reader;

import dev.tranche.chunk.OutageException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that nobody interrupts, for questions to a database. A worker is interrupted when its time
 * is over, and an interrupt in the middle of H2's file access closes its database for everybody. So
 * the worker waits, and can be interrupted in that.
 *
 * <p>The threads end soon after the last question. Safe for all threads.
 */
final class Uninterrupted {

  private static final long IDLE_MILLIS = 500;

  private final ExecutorService threads;

  Uninterrupted(String name, int count) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE_MILLIS,
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            question -> {
              Thread thread = new Thread(question, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    threads = executor;
  }

  /** What is asked. */
  @FunctionalInterface
  interface Question<T> {
    T ask() throws OutageException;
  }

  /** @throws RuntimeException the very one that the question threw */
  <T> T call(Question<T> question) throws OutageException, InterruptedException {
    try {
      return threads.submit(question::ask).get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof OutageException away) {
        throw away;
      }
      if (failed.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new IllegalStateException(failed.getCause());
    }
  }
}
