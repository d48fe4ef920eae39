package dev.tranche.batch;

import dev.tranche.chunk.StopSignal;
import dev.tranche.store.Database;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The places at each database for those who keep a connection of it for long.
 *
 * <p>There are fewer than its pool has connections. All runs of this process share the pool, and
 * lanes that held all of it would wait for each other as soon as one wanted to store something. Safe for all threads.
 */
final class Places {

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final Map<String, Semaphore> byDatabase = new ConcurrentHashMap<>();

  /** A place, to be left again. */
  @FunctionalInterface
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits for a place; null if a stop is asked meanwhile. */
  @Nullable Place take(Database database, StopSignal stop) {
    int pool = database.pool();
    if (pool == 0) {
      return () -> {};
    }
    Semaphore free =
        byDatabase.computeIfAbsent(
            database.name(),
            name -> new Semaphore(Math.max(1, pool - database.spare()), true));
    if (!acquired(free, stop)) {
      return null;
    }
    return free::release;
  }

  private static boolean acquired(Semaphore free, StopSignal stop) {
    try {
      while (!stop.requested()) {
        if (free.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
    return false;
  }
}
