package dev.tranche.batch;

import dev.tranche.LogKeys;
import dev.tranche.chunk.ChunkLoop;
import dev.tranche.chunk.ChunkObserver;
import dev.tranche.chunk.Ending;
import dev.tranche.chunk.Failure;
import dev.tranche.chunk.OutageException;
import dev.tranche.partition.Slice;
import dev.tranche.partition.SliceJson;
import dev.tranche.plan.Bound;
import dev.tranche.store.Claim;
import dev.tranche.store.Layouts;
import dev.tranche.store.PartitionState;
import dev.tranche.store.Tally;
import java.sql.Connection;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/**
 * One try at a partition: its step scope, its beans, its connection and its loop.
 *
 * <p>Claimed, run and closed by one lane's thread; {@link #get} is safe for all.
 */
final class PartitionAttempt implements Supplier<Layouts.Progress>, AutoCloseable {

  private static final Log log = LogFactory.getLog(PartitionAttempt.class);

  // -- given --
  private final StepRun step;
  private final JobExecution job;

  // -- from the claim on --
  private @Nullable AttemptScope scope;
  private @Nullable Bound bound;
  private volatile @Nullable PartitionState found;
  private Listeners listeners = new Listeners(List.of());
  private volatile @Nullable Claim claim;
  private boolean idle = true;
  private volatile @Nullable ChunkLoop<Object, Object> loop;
  private volatile @Nullable WatchedTarget target;

  PartitionAttempt(StepRun step, JobExecution job) {
    this.step = step;
    this.job = job;
  }

  /** What happens while the partition's row is locked: opens the scope, and takes the target. */
  Claim claim(PartitionState state) throws Exception {
    open(state);
    Claim taken = target().claim(state.owner(), state.owner() > 0);
    claim = taken;
    return taken;
  }

  /** Opens the scope for a partition that was claimed on {@code session}, which stays open. */
  void takeUp(Layouts.Claimed claimed, Connection session) throws Exception {
    open(claimed.before());
    target().takeUp(claimed.claim(), session);
    claim = claimed.claim();
  }

  private void open(PartitionState state) throws OutageException {
    close();
    found = state;
    AttemptScope opened = AttemptScope.open(step.name() + ":" + state.key().name(), job);
    scope = opened;
    StepExecution execution = opened.execution();
    Slice slice = SliceJson.read(state.slice());
    step.ready().context(slice).forEach(execution.getExecutionContext()::put);
    execution.getExecutionContext().putString(Step.STEP_TYPE_KEY, PartitionedStep.class.getName());
    AttemptBeans beans = new AttemptBeans(step.engine().beans());
    Bound parts = step.ready().bind(state.key(), slice, beans);
    bound = parts;
    target = new WatchedTarget(parts.target());
    listeners = new Listeners(beans.all());
  }

  /** As messages call it: {@code load/p3}. */
  String name() {
    return step.name() + "/" + found().key().name();
  }

  PartitionState found() {
    return Objects.requireNonNull(found, "not claimed");
  }

  long owner() {
    return Objects.requireNonNull(claim, "not claimed").fence().owner();
  }

  /** What log lines and traces about this partition go by. */
  Carried carried() {
    return step.carried().with(LogKeys.PARTITION, found().key().name());
  }

  /** Runs the partition; the claim must be stored by now. */
  Ending run(StageWorkers workers) {
    Carried carried = carried();
    // The lane's own step execution is not observed: what is of interest is the step's.
    try (Carried.Scope seen = carried.open();
        PartitionObservation observed =
            PartitionObservation.start(
                step.engine().observations(), step.run().job(), step.name(), found().key().name())) {
      Ending ending = run(workers, carried.in(step.engine().observations()));
      observed.ended(ending);
      return ending;
    }
  }

  private Ending run(StageWorkers workers, Carried carried) {
    StepExecution execution = Objects.requireNonNull(scope, "not claimed").execution();
    execution.setStartTime(LocalDateTime.now());
    execution.setStatus(BatchStatus.STARTED);
    listeners.beforeStep(execution);
    ChunkLoop<Object, Object> running = new ChunkLoop<>(parts(workers, carried));
    loop = running;
    step.run().begin(this);
    try {
      Ending ending = running.run(Objects.requireNonNull(claim));
      end(execution, ending);
      return ending;
    } finally {
      idle = workers.isIdle();
      step.run().end(this);
      if (Thread.interrupted()) { // no flag may be left for what follows: H2's files do not bear it
        step.run().stop().request();
      }
    }
  }

  private ChunkLoop.Parts<Object, Object> parts(StageWorkers workers, Carried carried) {
    AttemptScope opened = Objects.requireNonNull(scope);
    Bound made = Objects.requireNonNull(bound);
    return new ChunkLoop.Parts<>(
        name(),
        step.plan().definition().chunk(),
        step.plan().definition().onError(),
        made.source(),
        workers.pipeline(made.stages()),
        made.streams(),
        target(),
        step.budget(),
        step.run().stop(),
        observer(opened.execution()),
        work -> carried.around(opened.inWorker(work)));
  }

  private ChunkObserver observer(StepExecution execution) {
    List<ChunkObserver> observers = new ArrayList<>();
    observers.add(new AttemptCounts(execution));
    observers.addAll(
        Measurements.of(
            step.engine().observations(),
            step.engine().meters(),
            step.run().job(),
            step.name()));
    observers.add(new Recordings(name()));
    if (!listeners.isEmpty()) {
      observers.add(listeners);
    }
    return Observers.of(observers);
  }

  private void end(StepExecution execution, Ending ending) {
    execution.setStatus(
        ending instanceof Ending.Completed
            ? BatchStatus.COMPLETED
            : ending instanceof Ending.Stopped ? BatchStatus.STOPPED : BatchStatus.FAILED);
    execution.setExitStatus(new ExitStatus(execution.getStatus().name()));
    execution.setEndTime(LocalDateTime.now());
    listeners.afterStep(execution);
  }

  /** How an attempt ends that threw: a listener, a bean of its scope, or a bug. */
  Ending broken(Throwable fault) {
    log.error(name() + " broke", fault);
    String message = name() + " broke: " + fault + ". " + Words.safePoint(claim);
    return new Ending.Failed(delta(), new Failure(message, fault));
  }

  /** How far it was when it was claimed, in words. */
  String safePoint() {
    return Words.safePoint(claim);
  }

  private WatchedTarget target() {
    return Objects.requireNonNull(target, "not claimed");
  }

  /** What is committed of the partition, by this and all earlier attempts. */
  Tally tally() {
    ChunkLoop<Object, Object> running = loop;
    Claim taken = claim;
    return running != null
        ? running.tally()
        : taken == null ? Tally.ZERO : taken.checkpoint().tally();
  }

  /** What this attempt committed. */
  Tally delta() {
    Claim taken = claim;
    return taken == null ? Tally.ZERO : tally().minus(taken.checkpoint().tally());
  }

  /** Share of the partition that is done, from 0 to 1; 0 where that is not known. */
  double share() {
    WatchedTarget watched = target;
    PartitionState state = found;
    if (watched == null || state == null || state.estimate() <= 0) {
      return 0;
    }
    long bytes = watched.bytes();
    long done = bytes == 0 && state.estimate() > 1 ? tally().read() : bytes; // rows, of a table
    return Math.min(1, done / (double) state.estimate());
  }

  @Override
  public Layouts.Progress get() {
    return new Layouts.Progress(found().key(), owner(), tally());
  }

  @Override
  public void close() {
    WatchedTarget opened = target;
    target = null;
    if (opened != null) {
      opened.close();
    }
    AttemptScope left = scope;
    scope = null;
    if (left != null && idle) {
      left.close();
    } else if (left != null) {
      left.abandon();
    }
  }
}
