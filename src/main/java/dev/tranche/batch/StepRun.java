package dev.tranche.batch;

import dev.tranche.LogKeys;
import dev.tranche.chunk.SkipBudget;
import dev.tranche.plan.ChunkStepPlan;
import dev.tranche.plan.ReadyStep;
import dev.tranche.store.Layouts;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.PartitionState;
import dev.tranche.store.StepState;
import dev.tranche.store.Tally;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One execution of a partitioned step: what its lanes share. Safe for all threads. */
final class StepRun {

  /** So many failures are told in full; the others are in the list of partitions. */
  private static final int TOLD = 5;

  // -- given --
  private final Engine engine;
  private final LocalRun run;
  private final ChunkStepPlan plan;
  private final Freezer.Frozen frozen;
  private final Layouts.Extent extent;
  private final SkipBudget budget;
  private final @Nullable Collection<Integer> only;
  private final Carried carried;

  // -- so far --
  private final Set<PartitionAttempt> running = ConcurrentHashMap.newKeySet();
  private final Set<PartitionKey> claimed = ConcurrentHashMap.newKeySet();
  private final List<String> failures = new ArrayList<>();
  private Tally tally;
  private int failed;
  private int completed;
  private long completedEstimate;
  private boolean claimLost;
  private @Nullable String refusal;

  /**
   * Made on the step's thread, whose log context and trace its lanes and workers get.
   *
   * @param extent of the layout as this execution found it
   * @param committed the step's tally then
   */
  StepRun(
      Engine engine,
      LocalRun run,
      ChunkStepPlan plan,
      Freezer.Frozen frozen,
      Layouts.Extent extent,
      Tally committed) {
    this.engine = engine;
    this.run = run;
    this.plan = plan;
    this.frozen = frozen;
    this.extent = extent;
    this.tally = committed;
    this.only = run.only(plan.name());
    this.budget = new SkipBudget(plan.definition().onError().skip(), committed);
    this.carried = Carried.from(engine.observations()).with(LogKeys.STEP, plan.name());
  }

  Engine engine() {
    return engine;
  }

  LocalRun run() {
    return run;
  }

  ChunkStepPlan plan() {
    return plan;
  }

  StepState state() {
    return frozen.state();
  }

  ReadyStep ready() {
    return frozen.ready();
  }

  SkipBudget budget() {
    return budget;
  }

  String name() {
    return plan.name();
  }

  Carried carried() {
    return carried;
  }

  /** Whether lanes go on claiming. */
  synchronized boolean goesOn() {
    Integer limit = plan.definition().onError().failedPartitions();
    boolean ends = run.stop().requested() || run.patience().isOver() || refusal != null;
    return !ends && (limit == null || failed < limit);
  }

  /** Protocol 1, for a lane, with patience; false if no partition is left. */
  boolean claim(PartitionAttempt attempt) throws Exception {
    return run.patience().bear(run.stop(), this::claimCutOff, () -> claimOnce(attempt));
  }

  private boolean claimOnce(PartitionAttempt attempt) throws Exception {
    Optional<Layouts.Claimed> next =
        engine
            .layouts()
            .claim(
                state().layout(), run.execution(), run.row().process(), only, attempt::claim);
    if (next.isEmpty() && !claimAdrift(attempt)) {
      return false;
    }
    claimed.add(attempt.found().key());
    running.add(attempt);
    return true;
  }

  private void claimCutOff(Exception failure) {
    synchronized (this) {
      claimLost = true;
    }
    notice("", "waits for a database: " + failure.getMessage());
  }

  /** A claim whose commit was of unknown outcome may have left a partition that nobody runs. */
  private synchronized boolean claimAdrift(PartitionAttempt attempt) throws Exception {
    if (!claimLost) {
      return false;
    }
    for (PartitionState found :
        engine.layouts().partitions(state().layout(), PartitionState.Status.STARTED)) {
      if (found.execution() == run.execution() && claimed.add(found.key())) {
        claimAgain(found.key(), attempt);
        return true;
      }
    }
    return false;
  }

  /** Takes a new owner number for a partition that this execution has. */
  void claimAgain(PartitionKey key, PartitionAttempt attempt) throws Exception {
    engine.layouts().reclaim(key, run.execution(), run.row().process(), attempt::claim);
    running.add(attempt);
  }

  /** An attempt is over; {@code delta} is what it committed. */
  synchronized void left(PartitionAttempt attempt, Tally delta) {
    running.remove(attempt);
    tally = tally.plus(delta);
  }

  /** A partition ended for this execution. */
  synchronized void settled(
      PartitionState.Status status, long estimate, @Nullable String failure) {
    if (status == PartitionState.Status.COMPLETED) {
      completed++;
      completedEstimate += estimate;
    } else if (status == PartitionState.Status.FAILED) {
      failed++;
      tell(failure);
    }
  }

  private void tell(@Nullable String failure) {
    if (failure != null && failures.size() < TOLD) {
      failures.add(failure);
    }
  }

  /** A lane ended by a fault of its own; partitions may be left. */
  synchronized void broke(String lane, Throwable failure) {
    tell(lane + " broke: " + failure);
  }

  synchronized int failed() {
    return failed;
  }

  /** The first failures, in words. */
  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  /** The step cannot go on, and a restart as it is would meet the same. */
  synchronized void refuse(String reason) {
    if (refusal == null) {
      refusal = reason;
    }
  }

  synchronized @Nullable String refusal() {
    return refusal;
  }

  void notice(String partition, String message) {
    run.observer().notice(name(), partition, message);
  }

  /** Tells the observer how far the step is. */
  void tellProgress() {
    Tally now;
    int done;
    double share;
    synchronized (this) {
      now = tally;
      done = extent.complete() + completed;
      share = (double) extent.estimateComplete() + completedEstimate;
    }
    for (PartitionAttempt attempt : running) {
      now = now.plus(attempt.delta());
      share += attempt.share() * attempt.found().estimate();
    }
    double of = extent.estimate() == 0 ? 1 : share / extent.estimate();
    run.observer().progress(name(), Views.tally(now), done, Math.min(1, of));
  }
}
