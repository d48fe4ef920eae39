package dev.tranche.store;

/** The repository says that a partition ran before, and the target has no checkpoint of it. */
public final class MissingCheckpointException extends Exception {

  private static final long serialVersionUID = 1L;

  public MissingCheckpointException(PartitionKey partition) {
    super("partition "
        + partition.name()
        + " ran before, but its checkpoint is gone from TRANCHE_CHECKPOINT in the target"
        + " (layout "
        + partition.layout()
        + "): somebody removed it. What was loaded is not known any more");
  }
}
