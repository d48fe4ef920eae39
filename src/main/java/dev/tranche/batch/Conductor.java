package dev.tranche.batch;

import dev.tranche.LogKeys;
import dev.tranche.RefusedException;
import dev.tranche.definition.InvalidDefinitionException;
import dev.tranche.store.Executions;
import dev.tranche.store.Runs;
import dev.tranche.store.StoreException;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.InvalidJobParametersException;
import org.springframework.batch.core.job.parameters.JobParameters;

/**
 * Carries an execution through, whoever launched it: takes the instance, runs the steps, gives the
 * instance back. Safe for all threads.
 */
final class Conductor {

  private static final Log log = LogFactory.getLog(Conductor.class);

  private final Engine engine;
  private final Settlement settlement;
  private final JobSource jobs;

  Conductor(Engine engine, Settlement settlement, JobSource jobs) {
    this.engine = engine;
    this.settlement = settlement;
    this.jobs = jobs;
  }

  void validate(String job, @Nullable JobParameters parameters)
      throws InvalidJobParametersException {
    try {
      Map<String, String> texts =
          ParameterTexts.of(parameters == null ? new JobParameters() : parameters);
      jobs.file(job).parameters(ParameterTexts.declared(texts, jobs.file(job).parameters()));
    } catch (InvalidDefinitionException invalid) {
      throw new InvalidJobParametersException(invalid.getMessage());
    }
  }

  /** Returns when the execution has ended and the instance is free again. */
  void conduct(JobExecution execution, Launch launch) {
    Launch.Ended ended =
        Launch.Ended.of(execution.getId(), "it ended without a word. This is a bug in tranche");
    engine.local().attendAnyway(execution.getId());
    try {
      ended = takeAndRun(execution, launch);
    } finally {
      engine.local().leave(execution.getId());
      launch.ended().complete(ended);
    }
  }

  private Launch.Ended takeAndRun(JobExecution execution, Launch launch) {
    Runs.Run row;
    try {
      engine.requireRepository();
      row = engine.patiently(engine.patience().anew(), () -> take(execution));
    } catch (RefusedException unusable) {
      return refuse(execution, Outcome.REFUSED + unusable.getMessage());
    } catch (StoreException failure) {
      return Patience.mayPass(failure)
          ? cutOff(execution, failure)
          : refuse(execution, Outcome.REFUSED + failure.getMessage());
    }
    String job = execution.getJobInstance().getJobName();
    LocalRun run = new LocalRun(row, job, launch, engine.patience());
    engine.local().add(run);
    try {
      Optional<String> decided = engine.patiently(run.patience(), () -> decidedMeanwhile(run));
      if (decided.isPresent()) {
        return refuse(execution, Outcome.REFUSED + decided.get());
      }
      runOnItsOwnThread(new StepSequence(engine, run, jobs), run, execution);
      String refusal =
          run.lost() != null ? run.lost() : Views.refusal(execution.getExitStatus());
      return new Launch.Ended(execution.getId(), refusal, run.untold());
    } catch (StoreException away) {
      return cutOff(execution, away);
    } finally {
      release(run);
    }
  }

  /** Its row tells of a process that died, unless the database is back in this moment. */
  private Launch.Ended cutOff(JobExecution execution, StoreException away) {
    String words = "could not begin: " + Words.sentence(away.getMessage());
    try {
      end(execution, words);
    } catch (RuntimeException still) {
      log.debug("Execution " + execution.getId() + " is settled by the next process", still);
    }
    return new Launch.Ended(
        execution.getId(),
        null,
        "execution " + execution.getId() + " " + words + " Nothing was loaded. Once the job"
            + " repository's database is back, run it with: restart " + execution.getId());
  }

  /** The first act of every execution; a holder that is dead is settled first. */
  private Runs.Run take(JobExecution execution) {
    long instance = execution.getJobInstance().getInstanceId();
    String process = engine.heartbeat().process();
    while (true) {
      try {
        return engine.runs().take(instance, execution.getId(), process);
      } catch (Runs.HeldException held) {
        if (settlement.settle(held.holder()).isEmpty()) {
          throw new RefusedException(String.valueOf(held.getMessage()), held);
        }
      }
    }
  }

  /**
   * Between its making and its beginning an execution may have been taken for orphaned and settled,
   * or another one may have run the instance to its end. That is certain only now that the instance
   * is taken.
   */
  private Optional<String> decidedMeanwhile(LocalRun run) {
    for (Executions.Execution each : engine.executions().ofInstance(run.row().jobInstance())) {
      if (each.id() != run.execution() && each.status().equals("COMPLETED")) {
        return Optional.of("execution " + each.id() + " completed this instance");
      }
      if (each.id() == run.execution() && each.ended() != null) {
        if (!each.status().startsWith("STOP")) {
          return Optional.of("execution " + run.execution() + " was given up before it began");
        }
        run.stop().request();
      }
    }
    return Optional.empty();
  }

  private Launch.Ended refuse(JobExecution execution, String reason) {
    log.warn("Execution " + execution.getId() + " of " + execution.getJobInstance().getJobName()
        + " is " + reason);
    end(execution, reason);
    return Launch.Ended.of(
        execution.getId(),
        reason.startsWith(Outcome.REFUSED) ? reason.substring(Outcome.REFUSED.length()) : reason);
  }

  private void end(JobExecution execution, String reason) {
    LocalDateTime now = LocalDateTime.now();
    execution.setStartTime(now);
    execution.setEndTime(now);
    execution.setStatus(BatchStatus.FAILED);
    execution.setExitStatus(ExitStatus.FAILED.addExitDescription(reason));
    engine.jobRepository().update(execution);
  }

  /**
   * Nobody can interrupt that thread: an interrupt in the middle of file access would close an
   * embedded database. One of the calling thread is a stop.
   */
  private void runOnItsOwnThread(StepSequence steps, LocalRun run, JobExecution execution) {
    Carried carried =
        Carried.from(engine.observations())
            .with(LogKeys.JOB, run.job())
            .with(LogKeys.EXECUTION, run.execution());
    Thread thread =
        new Thread(
            carried.around(() -> execute(steps, run, execution)), "tranche-" + run.execution());
    thread.start();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException interrupt) {
        interrupted = true;
        run.stop().request();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void execute(StepSequence steps, LocalRun run, JobExecution execution) {
    try {
      log.info("Execution " + run.execution() + " of " + run.job() + " begins");
      run.observer().started(run.execution(), run.job());
      steps.execute(execution);
      log.info("Execution " + run.execution() + " of " + run.job() + " is "
          + execution.getStatus());
    } catch (RunLostException lost) {
      log.debug("A lost run leaves no trace", lost);
    } catch (Exception | Error failure) {
      log.error("Execution " + run.execution() + " could not store how it ended", failure);
      run.untold(failure);
    }
  }

  private void release(LocalRun run) {
    run.givingBack();
    try {
      engine.runs().release(run.row());
    } catch (RuntimeException failure) {
      log.warn("Execution " + run.execution() + " is released as soon as the database is back");
      engine.heartbeat().releaseLater(run.row());
    } finally {
      engine.local().remove(run);
    }
  }
}
