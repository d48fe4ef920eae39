package dev.tranche.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads that begin the same work at the same moment. */
final class AtOnce {

  /** What one thread does. */
  @FunctionalInterface
  interface Work {
    void by(int thread) throws Exception;
  }

  /** What one thread finds. */
  @FunctionalInterface
  interface Find<T> {
    T by(int thread) throws Exception;
  }

  private AtOnce() {}

  static void run(int threads, Work work) throws Exception {
    find(threads, thread -> {
      work.by(thread);
      return thread;
    });
  }

  /** What all threads found, by thread; fails if one failed or none ended within two minutes. */
  static <T> List<T> find(int threads, Find<T> work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Callable<T>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        tasks.add(() -> {
          start.await();
          return work.by(thread);
        });
      }
      List<T> found = new ArrayList<>();
      for (Future<T> future : pool.invokeAll(tasks, 2, TimeUnit.MINUTES)) {
        found.add(future.get());
      }
      return found;
    } finally {
      pool.shutdownNow();
    }
  }
}
