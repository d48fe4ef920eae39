package dev.tranche.batch;

import dev.tranche.chunk.ChunkObserver;
import dev.tranche.chunk.StopSignal;
import dev.tranche.store.Tally;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.OptimisticLockingFailureException;

/**
 * Stores an execution's counts about once a second, right after a commit, and hears on that
 * occasion that the job was stopped or the execution taken away. One thread: the step's own.
 */
final class Pulse implements ChunkObserver {

  private static final Log log = LogFactory.getLog(ChunkStep.class);

  // -- given --
  private final JobRepository repository;
  private final StepExecution execution;
  private final StopSignal stop;

  // -- so far --
  private long last = System.nanoTime();

  Pulse(JobRepository repository, StepExecution execution, StopSignal stop) {
    this.repository = repository;
    this.execution = execution;
    this.stop = stop;
  }

  @Override
  public void committed(Tally delta, long nanos) {
    if (System.nanoTime() - last >= Heartbeat.PERIOD.toNanos()) {
      beat();
      last = System.nanoTime();
    }
  }

  private void beat() {
    try {
      repository.update(execution);
      if (execution.isTerminateOnly()) {
        stop.request();
      }
    } catch (OptimisticLockingFailureException taken) {
      log.warn(execution.getStepName() + " was settled by somebody else, and stops");
      stop.request();
    } catch (RuntimeException away) {
      log.debug("The counts of " + execution.getStepName() + " are stored later", away);
    }
  }
}
