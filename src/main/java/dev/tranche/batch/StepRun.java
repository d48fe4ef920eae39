package dev.tranche.batch;

import dev.tranche.LogKeys;
import dev.tranche.chunk.Pace;
import dev.tranche.chunk.SkipBudget;
import dev.tranche.plan.ChunkStepPlan;
import dev.tranche.plan.ReadyStep;
import dev.tranche.store.Layouts;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.PartitionState;
import dev.tranche.store.StepState;
import dev.tranche.store.SupersededException;
import dev.tranche.store.Tally;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/** One execution of a partitioned step: what its lanes share. Safe for all threads. */
final class StepRun {

  /** So many failures are told in full; the others are in the list of partitions. */
  private static final int TOLD = 5;

  /** So many partitions are claimed at once at most. */
  private static final int MOST_AT_ONCE = 64;

  private static final Log log = LogFactory.getLog(StepRun.class);

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
  private final Queue<ClaimsAhead> ahead = new ConcurrentLinkedQueue<>();
  private final Pace pace = new Pace(1, MOST_AT_ONCE, System.nanoTime());
  private final List<Layouts.Ended> untold = new ArrayList<>();
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

  /** For a new lane. */
  ClaimsAhead claimsAhead() {
    ClaimsAhead mine = new ClaimsAhead(plan.target());
    ahead.add(mine);
    return mine;
  }

  /** Protocol 1, for a lane, with patience; false if no partition is left. */
  boolean claim(PartitionAttempt attempt, ClaimsAhead mine) throws Exception {
    return run.patience().bear(run.stop(), this::claimCutOff, () -> claimOnce(attempt, mine));
  }

  private boolean claimOnce(PartitionAttempt attempt, ClaimsAhead mine) throws Exception {
    Layouts.Claimed next = next(mine);
    while (next != null && !begins(attempt, next, mine)) {
      next = next(mine);
    }
    return next != null || claimAdrift(attempt);
  }

  /** One that the lane claimed ahead, or claims with others, or takes over from another lane. */
  private Layouts.@Nullable Claimed next(ClaimsAhead mine) throws Exception {
    Layouts.Claimed next = mine.next();
    if (next != null) {
      return next;
    }
    List<Layouts.Claimed> more =
        engine
            .layouts()
            .claim(
                state().layout(),
                run.execution(),
                run.row().process(),
                only,
                atOnce(),
                mine::claim);
    more.forEach(each -> claimed.add(each.partition().key()));
    mine.add(more);
    if (more.isEmpty()) {
      mine.close(); // what another lane claimed was claimed on another connection
      return ahead.stream()
          .map(ClaimsAhead::giveAway)
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(null);
    }
    return mine.next();
  }

  private synchronized int atOnce() {
    return pace.size();
  }

  /** False if it is somebody else's by now. */
  private boolean begins(PartitionAttempt attempt, Layouts.Claimed next, ClaimsAhead mine)
      throws Exception {
    boolean begun = false;
    try {
      Connection session = mine.session();
      if (session == null) {
        claimAgain(next.partition().key(), attempt);
      } else {
        attempt.takeUp(next, session);
        running.add(attempt);
      }
      begun = true;
      return true;
    } catch (SupersededException gone) {
      begun = true;
      notice(next.partition().key().name(), String.valueOf(gone.getMessage()));
      return false;
    } finally {
      if (!begun) {
        mine.putBack(next);
      }
    }
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

  /** A partition ended for this execution; stored with as many others as are claimed at once. */
  void ended(Layouts.Ended end, long estimate) {
    boolean enough;
    synchronized (this) {
      if (end.status() == PartitionState.Status.COMPLETED) {
        completed++;
        completedEstimate += estimate;
        pace.committed(System.nanoTime());
      } else if (end.status() == PartitionState.Status.FAILED) {
        failed++;
        tell(end.failure());
      }
      untold.add(end);
      enough = untold.size() >= pace.size();
    }
    if (enough) {
      storeEnds();
    }
  }

  /** The checkpoint is the truth: if this cannot be stored, the next claim or recovery finds out. */
  void storeEnds() {
    List<Layouts.Ended> ends;
    synchronized (this) {
      ends = List.copyOf(untold);
      untold.clear();
    }
    if (!ends.isEmpty()) {
      store("How partitions ended", () -> engine.layouts().ended(ends));
    }
  }

  /** All lanes are through: what they claimed and did not begin with is free again. */
  void finish() {
    storeEnds();
    List<Layouts.Claimed> left =
        ahead.stream().flatMap(each -> each.leave().stream()).toList();
    if (!left.isEmpty()) {
      store("That partitions are free again", () -> engine.layouts().giveBack(left));
    }
  }

  private void store(String what, Runnable work) {
    try {
      engine.bear(run, name(), Executors.callable(work));
    } catch (Exception away) {
      log.warn(what + " could not be stored: " + away.getMessage());
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
