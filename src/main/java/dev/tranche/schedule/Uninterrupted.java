package dev.tranche.schedule;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that no interrupt reaches: in the middle of file access it would close an embedded database
 * for everybody. Idle ones end by themselves.
 */
final class Uninterrupted extends Thread {

  private static final int IDLE_MILLIS = 500;

  private Uninterrupted(Runnable work, String name) {
    super(work, name);
    setDaemon(true);
  }

  /** Does nothing: who shuts an executor down waits. */
  @Override
  public void interrupt() {}

  static ExecutorService pool(String name, int threads) {
    ThreadPoolExecutor pool = new ThreadPoolExecutor(
        threads,
        threads,
        IDLE_MILLIS,
        TimeUnit.MILLISECONDS,
        new LinkedBlockingQueue<>(),
        factory(name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  static ScheduledExecutorService scheduled(String name, int threads) {
    ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(threads, factory(name));
    pool.setKeepAliveTime(IDLE_MILLIS, TimeUnit.MILLISECONDS);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory factory(String name) {
    return work -> new Uninterrupted(work, name);
  }
}
