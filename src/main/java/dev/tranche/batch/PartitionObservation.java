package dev.tranche.batch;

import dev.tranche.chunk.Ending;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;

/**
 * An attempt at a partition of a job file's step, as an observation: in the step's, and around what
 * its workers do and what is committed. The partition's name is no tag of a meter. One thread.
 */
final class PartitionObservation implements AutoCloseable {

  private static final String NAME = "tranche.partition";

  // -- given --
  private final Observation observation;
  private final Observation.Scope scope;

  // -- so far --
  private String status = "FAILED";

  private PartitionObservation(Observation observation) {
    this.observation = observation.start();
    this.scope = this.observation.openScope();
  }

  static PartitionObservation start(
      ObservationRegistry registry, String job, String step, String partition) {
    return new PartitionObservation(
        Observation.createNotStarted(NAME, registry)
            .lowCardinalityKeyValue("job", job)
            .lowCardinalityKeyValue("step", step)
            .highCardinalityKeyValue("partition", partition));
  }

  void ended(Ending ending) {
    if (ending instanceof Ending.Completed) {
      status = "COMPLETED";
    } else if (ending instanceof Ending.Stopped) {
      status = "STOPPED";
    } else if (ending instanceof Ending.Failed failed) {
      observation.error(failed.failure().cause());
    } else if (ending instanceof Ending.CutOff cut) {
      observation.error(cut.cause());
    }
  }

  @Override
  public void close() {
    observation.lowCardinalityKeyValue("status", status);
    scope.close();
    observation.stop();
  }
}
