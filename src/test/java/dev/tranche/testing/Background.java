package dev.tranche.testing;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Something that a test has done beside it, on a thread of its own: the common pool may have one
 * thread only, on which two things that wait for each other would never end.
 */
public final class Background {

  private Background() {}

  public static <T> CompletableFuture<T> supply(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, Background::start);
  }

  public static CompletableFuture<Void> run(Runnable work) {
    return CompletableFuture.runAsync(work, Background::start);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "test-background");
    thread.setDaemon(true);
    thread.start();
  }
}
