package dev.tranche.chunk;

import dev.tranche.definition.ChunkDefinition.Threads;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many threads an executor has, of which kind, and how each begins. Immutable.
 *
 * @param count at least 1
 * @param kind virtual threads need Java 21 or later, which is checked when an executor is made
 * @param name what the threads' names begin with: {@code name-worker-1}
 * @param initializer runs once in every thread before its first task. If it throws, the executor is
 *     broken: see {@link BrokenExecutorException}
 */
public record Workers(int count, Threads kind, String name, Runnable initializer) {

  private static final AtomicInteger UNNAMED = new AtomicInteger();

  /** @throws IllegalArgumentException if {@code count} is less than 1 */
  public Workers {
    if (count < 1) {
      throw new IllegalArgumentException("workers: " + count + " is not at least 1");
    }
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(initializer, "initializer");
  }

  /** Platform threads. */
  public static Workers platform(int count) {
    return new Workers(count, Threads.PLATFORM, unique(), () -> {});
  }

  /** Virtual threads; they need Java 21 or later. */
  public static Workers virtual(int count) {
    return new Workers(count, Threads.VIRTUAL, unique(), () -> {});
  }

  /** For work that computes: one platform thread for each processor this process may use. */
  public static Workers forCpu() {
    return platform(processors());
  }

  /** For work that waits: four platform threads more than processors, and 32 at most. */
  public static Workers forIo() {
    return platform(Math.min(32, processors() + 4));
  }

  public Workers named(String prefix) {
    return new Workers(count, kind, prefix, initializer);
  }

  public Workers initializedBy(Runnable first) {
    return new Workers(count, kind, name, first);
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static String unique() {
    return "tranche-" + UNNAMED.incrementAndGet();
  }
}
