package dev.tranche.batch;

import dev.tranche.RefusedException;
import dev.tranche.StepView;
import dev.tranche.definition.InvalidDefinitionException;
import dev.tranche.plan.ChunkStepPlan;
import dev.tranche.plan.JobPlan;
import dev.tranche.plan.SqlStepPlan;
import dev.tranche.plan.StepPlan;
import dev.tranche.plan.TaskletStepPlan;
import dev.tranche.store.Tally;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.AbstractJob;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/**
 * The steps of one execution, one after the other, until one does not complete. Steps that an
 * earlier execution completed are not run again.
 */
final class StepSequence extends AbstractJob {

  // -- given --
  private final Engine engine;
  private final LocalRun run;
  private final JobSource jobs;

  // -- so far --
  private @Nullable JobExecution current;

  StepSequence(Engine engine, LocalRun run, JobSource jobs) {
    super(run.job());
    this.engine = engine;
    this.run = run;
    this.jobs = jobs;
    setJobRepository(engine.guarded(run));
    setObservationRegistry(engine.observations());
  }

  @Override
  protected void doExecute(JobExecution execution) throws JobExecutionException {
    current = execution;
    JobPlan plan = patiently(() -> jobs.plan(execution, run.with()));
    new Edited(execution.getExecutionContext()).keep(run.with(), plan.changes());
    plan.changes().forEach(it -> run.observer().notice(it.step(), "", it.words()));
    Redrives.Redrive redrive =
        new Redrives(engine, jobs).of(ParameterTexts.of(execution.getJobParameters()));
    Freezer freezer = new Freezer(engine, run, plan, redrive);
    for (StepPlan step : plan.steps()) {
      if (redrive != null && !redrive.concerns(step, run)) {
        continue;
      }
      if (run.stop().requested()) {
        throw new JobInterruptedException("stopped before step " + step.name());
      }
      StepExecution ended = handleStep(step(step, freezer), execution);
      execution.upgradeStatus(ended.getStatus());
      execution.setExitStatus(ended.getExitStatus());
      if (ended.getStatus() != BatchStatus.COMPLETED) {
        return;
      }
      if (step instanceof ChunkStepPlan chunks) {
        new Publishing(engine, run, chunks).cleanUp();
      }
    }
  }

  /** What is read before the first step bears an outage as its steps do. */
  private <T> T patiently(Callable<T> read) throws JobExecutionException {
    try {
      return engine.bear(run, run.job(), read);
    } catch (RuntimeException | JobExecutionException known) {
      throw known;
    } catch (Exception away) {
      throw new JobExecutionException(String.valueOf(away.getMessage()), away);
    }
  }

  /** The words of the step that was stopped, which the exception does not have. */
  private String stoppedWith() {
    JobExecution execution = current;
    return execution == null
        ? ""
        : execution.getStepExecutions().stream()
            .filter(step -> !Lane.isLane(step.getStepName()))
            .reduce((earlier, later) -> later)
            .map(step -> step.getExitStatus().getExitDescription())
            .orElse("");
  }

  private Step step(StepPlan plan, Freezer freezer) {
    AbstractStep step = unwatched(plan, freezer);
    step.registerStepExecutionListener(new EndOfStep(engine, run));
    return step;
  }

  private AbstractStep unwatched(StepPlan plan, Freezer freezer) {
    if (plan instanceof ChunkStepPlan chunks) {
      return new PartitionedStep(engine, run, chunks, freezer, getJobRepository());
    }
    if (plan instanceof SqlStepPlan sql) {
      return new SqlStep(engine, run, sql, freezer, getJobRepository());
    }
    return Tasklets.step(engine, run, (TaskletStepPlan) plan, getJobRepository());
  }

  /** Tells the observer how a step ended. */
  private record EndOfStep(Engine engine, LocalRun run) implements StepExecutionListener {

    @Override
    public @Nullable ExitStatus afterStep(StepExecution step) {
      Tally own = AttemptCounts.of(step);
      Tally earlier =
          engine.earlier(run.row().jobInstance(), run.execution(), step.getStepName());
      Duration took =
          step.getStartTime() == null
              ? null
              : Duration.between(step.getStartTime(), LocalDateTime.now());
      run.observer()
          .stepEnded(
              new StepView(
                  step.getStepName(),
                  step.getStatus().name(),
                  Views.tally(earlier.plus(own)),
                  Views.tally(own),
                  took,
                  null,
                  List.of()));
      return null;
    }
  }

  /** In words, where Spring Batch would store a stack trace. */
  @Override
  protected ExitStatus getDefaultExitStatusForFailure(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof JobInterruptedException) {
        return ExitStatus.STOPPED.addExitDescription(stoppedWith());
      }
      if (cause instanceof InvalidDefinitionException
          || cause instanceof RefusedException) {
        return ExitStatus.FAILED.addExitDescription(Outcome.REFUSED + cause.getMessage());
      }
    }
    return super.getDefaultExitStatusForFailure(failure);
  }

  @Override
  public @Nullable Step getStep(String name) {
    return null;
  }

  @Override
  public Collection<String> getStepNames() {
    return List.of();
  }
}
