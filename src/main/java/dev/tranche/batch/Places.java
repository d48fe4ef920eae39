package dev.tranche.batch;

import dev.tranche.chunk.StopSignal;
import dev.tranche.store.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /**
   * Waits for a place at each of {@code databases}, which may name one more than once; null if a
   * stop is asked meanwhile. All wait for them in the same order, so that none holds what another
   * one needs.
   */
  @Nullable Place take(List<Database> databases, StopSignal stop) {
    Map<String, List<Database>> byName = new TreeMap<>();
    databases.forEach(
        each -> byName.computeIfAbsent(each.name(), name -> new ArrayList<>()).add(each));
    List<Runnable> releases = new ArrayList<>();
    Place taken = () -> releases.forEach(Runnable::run);
    for (List<Database> same : byName.values()) {
      Database database = same.get(0);
      int pool = database.pool();
      if (pool > 0) {
        Semaphore free =
            byDatabase.computeIfAbsent(
                database.name(),
                name -> new Semaphore(Math.max(same.size(), pool - database.spare()), true));
        if (!acquired(free, same.size(), stop)) {
          taken.close();
          return null;
        }
        releases.add(() -> free.release(same.size()));
      }
    }
    return taken;
  }

  private static boolean acquired(Semaphore free, int places, StopSignal stop) {
    try {
      while (!stop.requested()) {
        if (free.tryAcquire(places, LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
    return false;
  }
}
