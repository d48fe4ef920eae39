package dev.tranche.batch;

import dev.tranche.RefusedException;
import dev.tranche.chunk.OutageException;
import dev.tranche.partition.InputException;
import dev.tranche.plan.ChunkStepPlan;
import dev.tranche.plan.PlanException;
import dev.tranche.store.Layouts;
import dev.tranche.store.MissingCheckpointException;
import dev.tranche.store.PartitionState;
import dev.tranche.store.StepState;
import dev.tranche.store.StoreException;
import dev.tranche.store.Tally;
import dev.tranche.writer.UnfitTableException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/**
 * A step cut into partitions: lays them out once, has lanes run those that are missing, and is
 * COMPLETED only when the target itself counts as many complete checkpoints as there are partitions,
 * and its file, if it writes one, is published.
 *
 * <p>Built for one execution of a job.
 */
final class PartitionedStep extends AbstractStep {

  private static final Log log = LogFactory.getLog(PartitionedStep.class);

  /** So many partitions are named in a message. */
  private static final int NAMED = 20;

  // -- given --
  private final Engine engine;
  private final LocalRun run;
  private final ChunkStepPlan plan;
  private final Freezer freezer;
  private final Publishing publishing;

  PartitionedStep(
      Engine engine, LocalRun run, ChunkStepPlan plan, Freezer freezer, JobRepository guarded) {
    super(guarded);
    this.engine = engine;
    this.run = run;
    this.plan = plan;
    this.freezer = freezer;
    this.publishing = new Publishing(engine, run, plan);
    setName(plan.name());
    setObservationRegistry(engine.observations());
  }

  @Override
  protected void doExecute(StepExecution execution) throws Exception {
    execution.getExecutionContext().putString(Step.STEP_TYPE_KEY, PartitionedStep.class.getName());
    if (run.leavesOut(getName())) {
      Outcome.stopped("left out by --only").put(execution);
      return;
    }
    try {
      work(execution).put(execution);
    } catch (PlanException | RefusedException no) {
      Outcome.refused(String.valueOf(no.getMessage())).put(execution);
    } catch (InputException | UnfitTableException | MissingCheckpointException no) {
      Outcome.refused("step '" + getName() + "': " + no.getMessage()).put(execution);
    } catch (StoreException | OutageException | SQLException away) {
      Outcome.failed(
              getName() + " cannot go on: " + Words.sentence(away.getMessage())
                  + " What is committed is safe; a restart goes on from there")
          .put(execution);
    }
  }

  private Outcome work(StepExecution execution) throws Exception {
    engine.bear(run, getName(), () -> {
      engine.ready().accept(plan.target());
      return plan;
    });
    Freezer.Frozen frozen = freezer.freeze(plan);
    StepState state = frozen.state();
    engine.bear(run, getName(), () -> {
      frozen.ready().prepare();
      return state;
    });
    publishing.prepare(frozen);
    Truth truth = engine.truth(plan.target(), run, getName());
    Layouts.Extent extent =
        engine.bear(run, getName(), () -> engine.layouts().extent(state.layout()));
    StepRun step =
        new StepRun(engine, run, plan, frozen, extent, truth.tally(state.layout()));
    runLanes(step, extent, execution);
    Tally total = truth.tally(state.layout());
    AttemptCounts.set(
        execution,
        total.minus(engine.earlier(run.row().jobInstance(), run.execution(), getName())));
    return outcome(step, frozen, truth.complete(state.layout()));
  }

  private void runLanes(StepRun step, Layouts.Extent extent, StepExecution execution) {
    int open = extent.partitions() - extent.complete();
    int lanes = Math.min(open, plan.definition().partition().concurrency());
    run.observer().stepStarted(getName(), extent.partitions(), lanes, extent.estimate());
    engine.layouts().phase(step.state().layout(), StepState.Phase.RUNNING);
    List<Thread> threads = new ArrayList<>();
    CountDownLatch left = new CountDownLatch(lanes);
    for (int number = 1; number <= lanes; number++) {
      threads.add(lane(step, number, execution.getJobExecution(), left));
    }
    threads.forEach(Thread::start);
    while (!awaited(left)) {
      step.tellProgress();
      step.storeEnds();
    }
    step.finish();
    step.tellProgress();
  }

  /** Lanes are threads of their own, so that nobody's pool can interrupt or reject them. */
  private Thread lane(StepRun step, int number, JobExecution job, CountDownLatch left) {
    Lane lane = new Lane(step, number, getJobRepository());
    StepExecution execution = getJobRepository().createStepExecution(lane.getName(), job);
    return new Thread(
        step.carried().around(() -> {
          try {
            lane.execute(execution);
          } catch (JobInterruptedException stopped) {
            run.stop().request();
          } catch (RunLostException lost) {
            log.debug("A lane of a lost run ends", lost);
          } catch (RuntimeException | Error failure) {
            step.broke(lane.getName(), failure);
          } finally {
            left.countDown();
          }
        }),
        lane.getName());
  }

  private boolean awaited(CountDownLatch left) {
    try {
      return left.await(Heartbeat.PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupt) {
      run.stop().request();
      return false;
    }
  }

  private Outcome outcome(StepRun step, Freezer.Frozen frozen, long complete) throws Exception {
    int all = step.state().partitions();
    String lost = run.lost();
    if (lost != null) {
      return Outcome.failed(lost);
    }
    if (complete == all) {
      Outcome published = publishing.publish(frozen);
      if (published.status() == BatchStatus.COMPLETED) {
        engine.layouts().phase(step.state().layout(), StepState.Phase.DONE);
      }
      return published;
    }
    String refusal = step.refusal();
    if (refusal != null) {
      return Outcome.refused(refusal);
    }
    if (step.failed() > 0) {
      return Outcome.failed(
          step.failed()
              + " of "
              + all
              + " partitions failed. "
              + String.join(" | ", step.failures()));
    }
    if (run.stop().requested()) {
      return Outcome.stopped("stopped with " + complete + " of " + all + " partitions complete");
    }
    String missing = missing(step.state(), all - complete);
    if (run.isPartial()) {
      return Outcome.stopped("left by --only: " + missing);
    }
    String broke = step.failures().isEmpty() ? "" : ". " + String.join(" | ", step.failures());
    return Outcome.failed(
        (all - complete) + " of " + all + " partitions are not complete: " + missing + broke);
  }

  private String missing(StepState state, long count) {
    List<String> names = new ArrayList<>();
    engine.eachPartition(
        state.layout(),
        partition -> {
          boolean open = partition.status() != PartitionState.Status.COMPLETED;
          if (open && names.size() < NAMED) {
            names.add(getName() + "/" + partition.key().name());
          }
        });
    String more = count > names.size() ? " and " + (count - names.size()) + " more" : "";
    return String.join(", ", names) + more;
  }
}
