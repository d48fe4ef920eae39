package dev.tranche.batch;

import dev.tranche.store.Database;
import dev.tranche.store.Executions;
import dev.tranche.store.Layouts;
import dev.tranche.store.Processes;
import dev.tranche.store.Runs;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The sign of life of this process, about once a second while it has runs.
 *
 * <p>The same round stores how far the runs are, and sees what others ask of them: a stop, here or
 * by Spring Batch's own operator, or that a run was taken away. It uses a connection that no run can
 * take from it, and outlives outages: a beat that fails is tried again a second later. Safe for all
 * threads.
 */
final class Heartbeat implements AutoCloseable {

  static final Duration PERIOD = Duration.ofSeconds(1);

  private static final Log log = LogFactory.getLog(Heartbeat.class);

  // -- given --
  private final Database database;
  private final Processes processes;
  private final Runs runs;
  private final Layouts layouts;
  private final Executions executions;
  private final LocalRuns local;
  private final Duration lease;

  // -- so far --
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Queue<Runs.Run> unreleased = new ConcurrentLinkedQueue<>();
  private @Nullable Thread thread;
  private volatile @Nullable String process;
  private volatile long lastRound;
  private boolean failing;

  /**
   * @param database the job repository's, by connections of the heartbeat's own
   * @param processes of that database
   * @param lease how long it may be silent before others take this process for dead
   */
  Heartbeat(
      Database database,
      Processes processes,
      String tablePrefix,
      LocalRuns local,
      Duration lease) {
    this.database = database;
    this.processes = processes;
    this.runs = new Runs(database);
    this.layouts = new Layouts(database);
    this.executions = new Executions(database, tablePrefix);
    this.local = local;
    this.lease = lease;
  }

  /** The id of this process in TRANCHE_PROCESS; from the first call on it beats. */
  synchronized String process() {
    String known = process;
    if (known != null) {
      return known;
    }
    String registered = processes.register();
    lastRound = System.nanoTime();
    process = registered;
    if (thread == null) {
      thread = new Thread(this::beatUntilClosed, "tranche-heartbeat");
      thread.setDaemon(true);
      thread.start();
    }
    return registered;
  }

  /** Whether {@code id} is this process. */
  boolean isThisProcess(String id) {
    return id.equals(process);
  }

  /** A run whose release failed: it is tried again with every beat. */
  void releaseLater(Runs.Run run) {
    unreleased.add(run);
  }

  /** Why others may soon take this process for dead; null while it beats, or has no need to. */
  @Nullable String trouble() {
    Duration silent = Duration.ofNanos(System.nanoTime() - lastRound);
    return process == null || silent.compareTo(lease.dividedBy(2)) < 0
        ? null
        : "the lease was last renewed " + silent.toSeconds() + " s ago, and is over after "
            + lease.toSeconds() + " s";
  }

  /** Never interrupted, since that would close an embedded database's file. */
  private void beatUntilClosed() {
    try {
      while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
        beat();
      }
    } catch (InterruptedException interrupt) {
      log.warn("The heartbeat was interrupted and ends; this process will be taken for dead");
    }
  }

  /** One round. */
  void beat() {
    try {
      round();
      lastRound = System.nanoTime();
      if (failing) {
        log.info("The heartbeat reaches the job repository's database again");
      }
      failing = false;
    } catch (Exception failure) {
      if (!failing) {
        log.warn("The heartbeat cannot reach the job repository's database: " + failure);
      }
      failing = true;
    }
  }

  private void round() throws SQLException {
    String id = process;
    if (id == null) {
      return;
    }
    if (!isRegistered(id)) {
      process = null;
      local.all().forEach(run -> run.lost("others took this process for dead"));
      return;
    }
    for (Runs.Run run = unreleased.peek(); run != null; run = unreleased.peek()) {
      runs.release(run);
      unreleased.remove();
    }
    Collection<LocalRun> running = local.all();
    running.forEach(this::listen);
    listenToOperator(running);
    layouts.progress(running.stream().flatMap(run -> run.progress().stream()).toList());
  }

  private boolean isRegistered(String id) throws SQLException {
    try (Connection connection = database.connect()) {
      boolean registered = processes.beat(connection, id);
      connection.commit();
      return registered;
    }
  }

  private void listen(LocalRun run) {
    Runs.Run stored = runs.find(run.row().jobInstance()).orElse(null);
    if (run.isGivingBack()) {
      return;
    }
    if (stored == null || stored.epoch() != run.row().epoch() || !stored.active()) {
      run.lost("another process took it over");
    } else if (stored.stopAsked()) {
      run.askToStop();
    }
  }

  /** Spring Batch's own operator stops an execution by writing so into its row. */
  private void listenToOperator(Collection<LocalRun> running) {
    List<Long> ids = running.stream().map(LocalRun::execution).toList();
    Map<Long, String> statuses = executions.statuses(ids);
    for (LocalRun run : running) {
      if (statuses.getOrDefault(run.execution(), "").startsWith("STOP")) {
        run.askToStop();
      }
    }
  }

  /** Ends the beat, and takes this process out of the table unless something still runs here. */
  @Override
  public synchronized void close() {
    closed.countDown();
    String id = process;
    if (id != null && local.all().isEmpty()) {
      try {
        processes.unregister(id);
      } catch (RuntimeException failure) {
        log.debug("This process stays in TRANCHE_PROCESS until its lease is over", failure);
      }
      process = null;
    }
  }
}
