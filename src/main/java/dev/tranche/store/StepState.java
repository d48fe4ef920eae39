package dev.tranche.store;

import java.util.Map;

/**
 * A step of a job instance, frozen at its first start: a row of TRANCHE_STEP.
 *
 * @param layout the random UUID its partitions and checkpoints go by
 * @param partitions how many there are
 * @param placeholders name to value of everything that was resolved in the definition
 * @param files facts about the input files, as JSON of the partition package
 * @param target the name of the database that holds its checkpoints
 * @param definition the version of the definition, a key of TRANCHE_DEFINITION
 */
public record StepState(
    long jobInstance,
    String step,
    String layout,
    Phase phase,
    int partitions,
    Map<String, String> placeholders,
    String files,
    String target,
    String definition) {

  public enum Phase {
    PLANNED,
    RUNNING,
    FINISHING,
    DONE
  }
}
