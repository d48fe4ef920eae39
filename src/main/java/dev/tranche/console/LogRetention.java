package dev.tranche.console;

import dev.tranche.ExecutionView;
import dev.tranche.Tranche;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Removes the logs of executions that were purged. Each node does so with its own, since a purge is
 * done by one of them. Safe for all threads.
 */
final class LogRetention implements AutoCloseable {

  private static final Log log = LogFactory.getLog(LogRetention.class);
  private static final int PAGE = 1000;
  private static final long MINUTES = 60;

  private final RunLogs logs;
  private final Tranche tranche;
  private final ScheduledExecutorService hourly =
      Executors.newSingleThreadScheduledExecutor(LogRetention::thread);

  LogRetention(RunLogs logs, Tranche tranche) {
    this.logs = logs;
    this.tranche = tranche;
    hourly.scheduleWithFixedDelay(this::tryToSweep, 1, MINUTES, TimeUnit.MINUTES);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "tranche-logs");
    thread.setDaemon(true);
    return thread;
  }

  private void tryToSweep() {
    try {
      sweep();
    } catch (RuntimeException away) {
      log.debug("Old logs are removed later", away);
    }
  }

  /** Returns how many executions' logs were removed. */
  int sweep() {
    SortedSet<Long> kept = logs.executions();
    if (kept.isEmpty()) {
      return 0;
    }
    Set<Long> gone = new HashSet<>(kept);
    long oldest = kept.first();
    long next = kept.last() + 1;
    while (next > oldest) {
      List<ExecutionView> page = tranche.executions(null, next, PAGE);
      page.forEach(execution -> gone.remove(execution.execution()));
      next = page.size() < PAGE ? oldest : page.get(PAGE - 1).execution();
    }
    gone.forEach(logs::remove);
    return gone.size();
  }

  @Override
  public void close() {
    hourly.shutdownNow();
  }
}
