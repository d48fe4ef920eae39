package dev.tranche.batch;

import dev.tranche.store.Checkpoints;
import dev.tranche.store.Database;
import dev.tranche.store.Runs;
import dev.tranche.store.StepState;
import dev.tranche.store.Tally;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.List;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * Ends Spring Batch's rows of an execution that nobody runs any more: none is left STARTED or
 * UNKNOWN. Only for the holder of the run.
 */
final class BatchRows {

  private final Engine engine;

  BatchRows(Engine engine) {
    this.engine = engine;
  }

  /**
   * @param run seized by this process
   * @return in words, what the execution is now
   */
  String settle(Runs.Run run, List<StepState> steps, String why) {
    LocalRun holder = new LocalRun(run, "", Launch.plain(), engine.patience());
    JobRepository guarded = engine.guarded(holder);
    JobExecution execution = engine.jobRepository().getJobExecution(run.execution());
    if (execution == null) {
      return "its execution " + run.execution() + " is not there any more";
    }
    for (StepExecution step : execution.getStepExecutions()) {
      if (isOpen(step.getStatus())) {
        steps.stream()
            .filter(state -> state.step().equals(step.getStepName()))
            .forEach(state -> AttemptCounts.set(step, done(run, state)));
        step.setStatus(BatchStatus.FAILED);
        step.setExitStatus(ExitStatus.FAILED.addExitDescription(why));
        step.setEndTime(LocalDateTime.now());
        guarded.update(step);
      }
    }
    if (isOpen(execution.getStatus())) {
      execution.setStatus(BatchStatus.FAILED);
      execution.setExitStatus(ExitStatus.FAILED.addExitDescription(why));
    }
    if (execution.getEndTime() == null) {
      execution.setEndTime(LocalDateTime.now());
    }
    guarded.update(execution);
    return "execution " + run.execution() + " is " + execution.getStatus();
  }

  private static boolean isOpen(BatchStatus status) {
    return status.isRunning() || status == BatchStatus.UNKNOWN;
  }

  /** What the execution did of a step: what the target has, less what earlier ones did. */
  private Tally done(Runs.Run run, StepState state) {
    Database target = engine.databases().find(state.target());
    if (target == null) {
      return Tally.ZERO;
    }
    try (Connection connection = target.connect()) {
      Tally all = new Checkpoints(target.platform()).tally(connection, state.layout());
      return all.minus(
          engine.earlier(run.jobInstance(), run.execution(), state.step()));
    } catch (SQLException away) {
      return Tally.ZERO;
    }
  }
}
