package dev.tranche.batch;

import dev.tranche.LogKeys;
import dev.tranche.chunk.ChunkLoop;
import dev.tranche.chunk.ChunkObserver;
import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.Ending;
import dev.tranche.chunk.SkipBudget;
import dev.tranche.chunk.StopSignal;
import dev.tranche.process.ProcessorStreams;
import dev.tranche.reader.BeanSource;
import dev.tranche.store.Claim;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.Tally;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * One execution of a {@link ChunkStep}: finds or makes its layout, claims its only partition and
 * runs it, again after an outage. One thread.
 */
final class ChunkStepRun {

  /** Where the step's execution context holds the layout's UUID. */
  private static final String LAYOUT = "tranche.layout";

  /** There once the partition was claimed: from then on its checkpoint must be in the target. */
  private static final String OWNER = "tranche.owner";

  private static final Log log = LogFactory.getLog(ChunkStep.class);

  // -- given --
  private final StepHost host;
  private final ObservationRegistry observations;
  private final String step;
  private final ChunkStep.Parts parts;
  private final StepExecution execution;
  private final StopSignal stop;
  private final Patience patience;

  // -- so far --
  private @Nullable Tally before;
  private Tally safe = Tally.ZERO;

  /** @param step its name, without that of a partition */
  ChunkStepRun(
      StepHost host,
      ObservationRegistry observations,
      String step,
      ChunkStep.Parts parts,
      StepExecution execution,
      StopSignal stop) {
    this.host = host;
    this.observations = observations;
    this.step = step;
    this.parts = parts;
    this.execution = execution;
    this.stop = stop;
    this.patience = new Patience(host.settings().patience(), System::nanoTime);
  }

  Outcome run() throws Exception {
    Engine.requireStored(host.jobRepository());
    bear(
        () -> {
          host.ready().accept(host.databases().repository());
          host.ready().accept(parts.target());
          host.requireAlone(execution.getJobExecution());
          parts.destination().prepare();
          return parts;
        });
    if (parts.reader() instanceof SliceReader slices) {
      slices.freeze(context());
    }
    PartitionKey partition = new PartitionKey(layout(), 1);
    try {
      return toTheEnd(partition);
    } finally {
      AttemptCounts.set(execution, before == null ? Tally.ZERO : safe.minus(before));
    }
  }

  /** The UUID is stored before anything is claimed under it. */
  private String layout() throws Exception {
    if (!context().containsKey(LAYOUT)) {
      context().putString(LAYOUT, UUID.randomUUID().toString());
      storeContext();
    }
    return context().getString(LAYOUT);
  }

  private Outcome toTheEnd(PartitionKey partition) throws Exception {
    Patience.Wait wait = patience.begin(stop);
    while (true) {
      Ending ending = attempt(partition);
      if (!(ending instanceof Ending.CutOff cut)) {
        return outcome(ending);
      }
      if (cut.tally().read() > 0) {
        wait.succeeded();
      }
      notice(cut.cause());
      if (!wait.again()) {
        return stop.requested() ? Outcome.stopped("") : outcome(cut);
      }
    }
  }

  private Ending attempt(PartitionKey partition) throws Exception {
    boolean claimedBefore = context().containsKey(OWNER);
    StageWorkers workers = workers();
    try (Taken taken = bear(() -> Taken.by(parts.destination(), partition, claimedBefore))) {
      Claim claim = taken.claim();
      if (!claimedBefore) {
        context().putLong(OWNER, claim.fence().owner());
        storeContext();
      }
      if (before == null) {
        before = claim.checkpoint().tally();
      }
      safe = claim.checkpoint().tally();
      ChunkLoop<Object, Object> loop = new ChunkLoop<>(loopParts(taken, workers));
      try (Carried.Scope seen = carried().open()) {
        return loop.run(claim);
      } finally {
        safe = loop.tally();
      }
    } finally {
      workers.close();
    }
  }

  private StageWorkers workers() {
    return StageWorkers.of(
        parts.stages().stream().map(stage -> parts.chunk().with(stage.workers())).toList(),
        execution.getStepName());
  }

  /** A target whose partition is claimed. */
  private record Taken(ChunkTarget<Object> target, Claim claim) implements AutoCloseable {

    static Taken by(Destination destination, PartitionKey partition, boolean mustExist)
        throws Exception {
      ChunkTarget<Object> target = destination.target(partition);
      boolean claimed = false;
      try {
        Taken taken = new Taken(target, target.claim(0, mustExist));
        claimed = true;
        return taken;
      } finally {
        if (!claimed) {
          target.close();
        }
      }
    }

    @Override
    public void close() {
      target.close();
    }
  }

  private ChunkLoop.Parts<Object, Object> loopParts(Taken taken, StageWorkers workers) {
    Carried carried = carried();
    return new ChunkLoop.Parts<>(
        execution.getStepName(),
        parts.chunk(),
        parts.onError(),
        source(),
        workers.pipeline(parts.stages().stream().map(ChunkStep.Stage::step).toList()),
        ProcessorStreams.of(parts.processors(), givenContext()),
        taken.target(),
        new SkipBudget(parts.onError().skip(), taken.claim().checkpoint().tally()),
        stop,
        observer(),
        work -> carried.around(AttemptScope.inWorker(execution, work)));
  }

  /** What this thread has, which is the step's, and what the run's log lines go by. */
  private Carried carried() {
    JobExecution job = execution.getJobExecution();
    return Carried.from(observations)
        .with(LogKeys.JOB, job.getJobInstance().getJobName())
        .with(LogKeys.EXECUTION, job.getId())
        .with(LogKeys.STEP, execution.getStepName());
  }

  private ChunkSource<Object> source() {
    if (parts.reader() instanceof SliceReader slices) {
      return slices.source(context());
    }
    return new BeanSource(
        execution.getStepName(), parts.reader(), parts.repeatable(), givenContext());
  }

  /** What a partitioner put into the context, without what Spring Batch and this step did. */
  private Map<String, Object> givenContext() {
    Map<String, Object> given = new HashMap<>(context().toMap());
    given.keySet().removeIf(key -> key.startsWith("batch.") || key.startsWith("tranche."));
    return given;
  }

  private ChunkObserver observer() {
    List<ChunkObserver> observers = new ArrayList<>();
    observers.add(new AttemptCounts(execution));
    observers.add(new Pulse(host.jobRepository(), execution, stop));
    String job = execution.getJobExecution().getJobInstance().getJobName();
    observers.addAll(Measurements.of(observations, host.meters(), job, step));
    observers.add(new Recordings(execution.getStepName()));
    Listeners listeners = new Listeners(parts.candidates());
    if (!listeners.isEmpty()) {
      observers.add(listeners);
    }
    return Observers.of(observers);
  }

  private Outcome outcome(Ending ending) {
    if (ending instanceof Ending.Completed) {
      return Outcome.completed();
    }
    if (ending instanceof Ending.Stopped) {
      return Outcome.stopped("");
    }
    JobExecutionException why = failure(ending);
    execution.addFailureException(why);
    return Outcome.failed(String.valueOf(why.getMessage()));
  }

  private JobExecutionException failure(Ending ending) {
    if (ending instanceof Ending.Failed failed) {
      return new JobExecutionException(failed.failure().message(), failed.failure().cause());
    }
    if (ending instanceof Ending.Superseded superseded) {
      return new JobExecutionException(superseded.message());
    }
    Exception away = ((Ending.CutOff) ending).cause();
    return new JobExecutionException(
        execution.getStepName()
            + " was cut off from a database, and patience (tranche.patience, "
            + patience.limit().toSeconds()
            + " s) is over: "
            + away.getMessage()
            + ". What is committed is safe; a restart goes on from there",
        away);
  }

  private ExecutionContext context() {
    return execution.getExecutionContext();
  }

  private void storeContext() throws Exception {
    bear(
        () -> {
          host.jobRepository().updateExecutionContext(execution);
          return parts;
        });
  }

  private <T> T bear(Callable<T> call) throws Exception {
    return patience.bear(stop, this::notice, call);
  }

  private void notice(Exception away) {
    log.warn(execution.getStepName() + " waits for a database: " + away.getMessage());
  }
}
