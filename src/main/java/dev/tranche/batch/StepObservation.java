package dev.tranche.batch;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.step.StepExecution;

/**
 * A {@link ChunkStep}'s observation, under Spring Batch's name but with the step's name as its tag,
 * where Spring Batch has the partition's: as many time series as there are partitions.
 */
final class StepObservation {

  private static final String NAME = "spring.batch.step";

  private final Observation observation;
  private final Observation.Scope scope;
  private final StepExecution execution;

  private StepObservation(Observation observation, StepExecution execution) {
    this.observation = observation;
    this.scope = observation.openScope();
    this.execution = execution;
  }

  /** @param step without the name of a partition */
  static StepObservation start(ObservationRegistry registry, String step, StepExecution execution) {
    return new StepObservation(
        Observation.createNotStarted(NAME, registry)
            .parentObservation(Carried.current(registry))
            .highCardinalityKeyValue(NAME + ".executionId", String.valueOf(execution.getId()))
            .lowCardinalityKeyValue(NAME + ".name", step)
            .lowCardinalityKeyValue(NAME + ".type", ChunkStep.class.getName())
            .lowCardinalityKeyValue(
                NAME + ".job.name", execution.getJobExecution().getJobInstance().getJobName())
            .start(),
        execution);
  }

  void stop() {
    ExitStatus exit = ExitStatus.COMPLETED.and(execution.getExitStatus());
    execution.getFailureExceptions().forEach(observation::error);
    observation.lowCardinalityKeyValue(NAME + ".status", exit.getExitCode());
    scope.close();
    observation.stop();
  }
}
