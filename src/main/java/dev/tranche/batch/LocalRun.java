package dev.tranche.batch;

import dev.tranche.RunObserver;
import dev.tranche.chunk.StopSignal;
import dev.tranche.definition.With;
import dev.tranche.store.Layouts;
import dev.tranche.store.Runs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/** An execution that this process runs now. Safe for all threads. */
final class LocalRun {

  private static final Log log = LogFactory.getLog(LocalRun.class);

  // -- given --
  private final Runs.Run row;
  private final String job;
  private final Set<String> only;
  private final @Nullable With with;
  private final RunObserver observer;
  private final Patience patience;
  private final StopSignal stop = new StopSignal();

  // -- so far --
  private final Set<Supplier<Layouts.Progress>> attempts = ConcurrentHashMap.newKeySet();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable String lost;
  private volatile @Nullable String untold;
  private volatile boolean awayKnown;
  private volatile boolean givingBack;

  LocalRun(Runs.Run row, String job, Launch launch, Patience patience) {
    this.row = row;
    this.job = job;
    this.only = launch.only();
    this.patience = patience.anew();
    this.with = launch.with();
    this.observer = new SerialObserver(launch.observer());
  }

  Runs.Run row() {
    return row;
  }

  long execution() {
    return row.execution();
  }

  String job() {
    return job;
  }

  /** Whether this execution is to run some partitions only. */
  boolean isPartial() {
    return !only.isEmpty();
  }

  /** Whether none of a step's partitions are to be run. */
  boolean leavesOut(String step) {
    return isPartial() && only.stream().noneMatch(name -> name.startsWith(step + "/"));
  }

  /** The numbers of the partitions of a step that are to be run; null: all that are missing. */
  @Nullable Set<Integer> only(String step) {
    if (!isPartial()) {
      return null;
    }
    return only.stream()
        .filter(name -> name.startsWith(step + "/p"))
        .map(name -> Integer.valueOf(name.substring(step.length() + 2)))
        .collect(Collectors.toSet());
  }

  /** By which definition, if it was edited; null: nobody chose. */
  @Nullable With with() {
    return with;
  }

  RunObserver observer() {
    return observer;
  }

  StopSignal stop() {
    return stop;
  }

  /** How long this run waits for databases. */
  Patience patience() {
    return patience;
  }

  /** Somebody wants the run to end at its next commit. */
  void askToStop() {
    if (!stop.requested()) {
      log.info("Execution " + execution() + " was asked to stop and ends at its next commit");
    }
    stop.request();
  }

  /** This process must not write for the run any more; it ends without a trace. */
  String lost(String reason) {
    if (lost == null) {
      lost = "execution " + execution() + " was taken away from this process: " + reason;
      log.warn(lost);
    }
    stop.request();
    return String.valueOf(lost);
  }

  /** The instance is about to be given back: from now on it is no loss to find it so. */
  void givingBack() {
    givingBack = true;
  }

  boolean isGivingBack() {
    return givingBack;
  }

  /** How this execution ended is not in the repository, which is away for too long. */
  void untold(Throwable failure) {
    untold =
        "execution " + execution() + " could not store how it ended: "
            + Words.sentence(failure.getMessage())
            + " What is committed is safe. Once the job repository's database is back, run what"
            + " is missing with: restart " + execution();
    stop.request();
  }

  /** What to say of an execution that could not store how it ended; null if it did. */
  @Nullable String untold() {
    return untold;
  }

  /** Why the run was lost; null if it was not. */
  @Nullable String lost() {
    return lost;
  }

  /** Says once that the repository is away. */
  void databaseAway(Exception failure) {
    if (!awayKnown) {
      awayKnown = true;
      log.warn("The job repository's database is away; waiting for it: " + failure.getMessage());
    }
  }

  void databaseBack() {
    awayKnown = false;
  }

  void begin(Supplier<Layouts.Progress> attempt) {
    attempts.add(attempt);
  }

  void end(Supplier<Layouts.Progress> attempt) {
    attempts.remove(attempt);
  }

  /** Calls {@code action} when a stop is asked, at once if it was. */
  void onStop(Runnable action) {
    stop.onRequest(action);
  }

  /** What a user does when this instance cannot go on. */
  String wayOut() {
    return "Start over with: run " + job + " --new";
  }

  /** How far the partitions are that run now. */
  List<Layouts.Progress> progress() {
    return new ArrayList<>(attempts.stream().map(Supplier::get).toList());
  }

  void ended() {
    ended.countDown();
  }

  /** Waits, however long it takes; an interrupt is kept for later. */
  void awaitEnd() {
    boolean interrupted = false;
    while (true) {
      try {
        ended.await();
        break;
      } catch (InterruptedException interrupt) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
