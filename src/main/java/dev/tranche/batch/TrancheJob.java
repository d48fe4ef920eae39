package dev.tranche.batch;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParametersValidator;

/**
 * A job from a definition, as Spring Batch knows it: a name in the registry. The definition is read
 * when an execution begins.
 *
 * <p>Deliberately no step locator: Spring Batch's own operator then writes to the job's row only
 * when it stops one, and never to the rows of steps that still run.
 */
final class TrancheJob implements Job {

  private final String name;
  private final Conductor conductor;
  private final @Nullable Launch launch;

  /** @param launch what a front end asked of the one execution that this is for; null for any */
  TrancheJob(String name, Conductor conductor, @Nullable Launch launch) {
    this.name = name;
    this.conductor = conductor;
    this.launch = launch;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public JobParametersValidator getJobParametersValidator() {
    return parameters -> conductor.validate(name, parameters);
  }

  @Override
  public void execute(JobExecution execution) {
    conductor.conduct(execution, launch == null ? Launch.plain() : launch);
  }

  @Override
  public String toString() {
    return "TrancheJob: [name=" + name + "]";
  }
}
