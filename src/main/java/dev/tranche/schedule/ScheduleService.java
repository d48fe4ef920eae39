package dev.tranche.schedule;

import dev.tranche.Duties;
import dev.tranche.Readiness;
import dev.tranche.Tranche;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * A node of a service: once a second it looks what there is to do, and does it on threads of its own.
 * Every few seconds another thread settles what dead processes left. Safe for all threads.
 */
public final class ScheduleService implements SmartLifecycle, Readiness {

  /*
   * One thread looks (rounds), and only it starts duties; another one settles, for that may take as long
   * as a lease. A duty holds one of `free` until it ends;
   * `news` wakes the thread before its second is over. Stopped, it looks no more, and then every duty
   * is asked to stop until it has: one that was claimed a moment ago may not be known as a run yet.
   */

  private static final Log log = LogFactory.getLog(ScheduleService.class);

  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final long MILLIS_TO_SETTLE_AGAIN = 5_000;
  private static final int ROUNDS_TO_FOLLOW = 60;
  private static final long MILLIS_TO_STOP_AGAIN = 200;
  private static final Duration SILENCE = Duration.ofSeconds(30);

  // -- given --
  private final Tranche tranche;
  private final Duties duties;
  private final DataSource database;
  private final int runs;

  // -- so far --
  private final Semaphore free;
  private final Semaphore news = new Semaphore(0);
  private @Nullable Triggers triggers;
  private List<Thread> threads = List.of();
  private CountDownLatch stopping = new CountDownLatch(1);
  private volatile boolean running;
  private volatile long lastRound = System.nanoTime();
  private volatile @Nullable String trouble;

  /**
   * @param database the job repository's
   * @param runs how many duties this node does at the same time
   */
  public ScheduleService(Tranche tranche, Duties duties, DataSource database, int runs) {
    this.tranche = tranche;
    this.duties = duties;
    this.database = database;
    this.runs = runs;
    this.free = new Semaphore(runs);
  }

  @Override
  public synchronized void start() {
    duties.prepare();
    duties.changes().forEach(log::info);
    Triggers started = new Triggers(database, duties, news::release);
    triggers = started;
    started.start();
    running = true;
    stopping = new CountDownLatch(1);
    threads = List.of(
        new Thread(() -> rounds(started), "tranche-service"),
        new Thread(this::settle, "tranche-settle"));
    threads.forEach(thread -> {
      thread.setDaemon(true);
      thread.start();
    });
  }

  private void settle() {
    try {
      do {
        try {
          if (!duties.settle().isEmpty()) {
            news.release();
          }
        } catch (RuntimeException failure) {
          log.debug("What dead processes left is settled later", failure);
        }
      } while (!stopping.await(MILLIS_TO_SETTLE_AGAIN, TimeUnit.MILLISECONDS));
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    }
  }

  private void rounds(Triggers started) {
    for (int round = 0; running; round++) {
      try {
        round(round, started);
        lastRound = System.nanoTime();
        if (trouble != null) {
          log.info("The service goes on");
        }
        trouble = null;
      } catch (RuntimeException failure) {
        if (trouble == null) {
          log.warn("The service cannot do its round, and tries again: " + failure);
        }
        trouble = String.valueOf(failure.getMessage());
      }
      awaitNews();
    }
  }

  private void round(int round, Triggers started) {
    List<String> changes = duties.changes();
    changes.forEach(log::info);
    if (!changes.isEmpty() || round % ROUNDS_TO_FOLLOW == 0) {
      started.follow(duties.scheduled());
    }
    while (running && free.tryAcquire()) {
      Optional<Duties.Duty> duty = duties.next();
      if (duty.isEmpty()) {
        free.release();
        return;
      }
      Thread thread = new Thread(() -> carryOut(duty.get()), "tranche-duty");
      thread.start();
    }
  }

  private void carryOut(Duties.Duty duty) {
    try {
      duty.carryOut();
    } finally {
      free.release();
      news.release();
    }
  }

  private void awaitNews() {
    try {
      news.tryAcquire(ROUND.toMillis(), TimeUnit.MILLISECONDS);
      news.drainPermits();
    } catch (InterruptedException nobodyDoes) {
      running = false;
    }
  }

  @Override
  public synchronized void stop() {
    Triggers started = triggers;
    if (started == null) {
      return;
    }
    running = false;
    stopping.countDown();
    news.release();
    join(threads.get(0));
    started.stop();
    awaitDuties();
    join(threads.get(1));
    triggers = null;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitDuties() {
    try {
      do {
        tranche.stopAll();
      } while (!free.tryAcquire(runs, MILLIS_TO_STOP_AGAIN, TimeUnit.MILLISECONDS));
      free.release(runs);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits on a thread of its own, no longer than an application waits for one of its phases. */
  @Override
  public void stop(Runnable callback) {
    Thread thread = new Thread(
        () -> {
          try {
            stop();
          } finally {
            callback.run();
          }
        },
        "tranche-service-stop");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public String part() {
    return "scheduler";
  }

  @Override
  public @Nullable String trouble() {
    if (!running) {
      return "it is stopped";
    }
    String known = trouble;
    if (known != null) {
      return known;
    }
    Duration silent = Duration.ofNanos(System.nanoTime() - lastRound);
    return silent.compareTo(SILENCE) > 0
        ? "its last round was " + silent.toSeconds() + " s ago"
        : null;
  }
}
