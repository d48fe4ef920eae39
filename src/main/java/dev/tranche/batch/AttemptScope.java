package dev.tranche.batch;

import java.util.concurrent.atomic.AtomicLong;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.scope.context.JobSynchronizationManager;
import org.springframework.batch.core.scope.context.StepSynchronizationManager;
import org.springframework.batch.core.step.StepExecution;

/**
 * The step scope of one attempt at a partition, around a step execution that is never stored.
 *
 * <p>Opened and closed by the lane's thread; {@link #inWorker} carries it to the workers.
 */
final class AttemptScope implements AutoCloseable {

  /** Never the id of a stored step execution: those are positive. */
  private static final AtomicLong NEXT_ID = new AtomicLong(-1);

  private final StepExecution execution;

  private AttemptScope(StepExecution execution) {
    this.execution = execution;
  }

  /** @param name what the step scope's {@code stepExecution.stepName} is: {@code load:p3} */
  static AttemptScope open(String name, JobExecution job) {
    StepExecution execution = new StepExecution(NEXT_ID.getAndDecrement(), name, job);
    StepSynchronizationManager.register(execution);
    return new AttemptScope(execution);
  }

  StepExecution execution() {
    return execution;
  }

  Runnable inWorker(Runnable work) {
    return inWorker(execution, work);
  }

  /** {@code work} within the step scope of an execution that another thread opened. */
  static Runnable inWorker(StepExecution execution, Runnable work) {
    return () -> {
      StepSynchronizationManager.register(execution);
      JobSynchronizationManager.register(execution.getJobExecution());
      try {
        work.run();
      } finally {
        JobSynchronizationManager.close();
        StepSynchronizationManager.close();
      }
    };
  }

  /** Destroys the beans of the scope; call only when no worker can use them any more. */
  @Override
  public void close() {
    StepSynchronizationManager.release();
  }

  /** Leaves the scope's beans alone, since a worker that does not stop may still use them. */
  void abandon() {
    StepSynchronizationManager.close();
  }
}
