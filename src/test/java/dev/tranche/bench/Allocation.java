package dev.tranche.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Bytes that all threads of this JVM allocate together, those that end meanwhile as of 20 ms before
 * their end. Hardly depends on what else the machine does.
 */
final class Allocation implements AutoCloseable {

  private static final ThreadMXBean THREADS =
      (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Map<Long, Long> byThread = new HashMap<>();
  private final Map<Long, Long> before = new HashMap<>();
  private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor();

  Allocation() {
    look(before);
    looking.scheduleAtFixedRate(() -> look(byThread), 0, 20, TimeUnit.MILLISECONDS);
  }

  private static synchronized void look(Map<Long, Long> into) {
    long[] ids = THREADS.getAllThreadIds();
    long[] bytes = THREADS.getThreadAllocatedBytes(ids);
    for (int i = 0; i < ids.length; i++) {
      into.merge(ids[i], bytes[i], Math::max);
    }
  }

  /** Until now. */
  long bytes() throws InterruptedException {
    looking.shutdown();
    looking.awaitTermination(1, TimeUnit.MINUTES);
    look(byThread);
    return byThread.entrySet().stream()
        .mapToLong(each -> each.getValue() - before.getOrDefault(each.getKey(), 0L))
        .sum();
  }

  @Override
  public void close() {
    looking.shutdownNow();
  }
}
