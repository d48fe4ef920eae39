package dev.tranche.store;

/** Another attempt owns the partition now: whatever this one has open was rolled back. */
public final class SupersededException extends Exception {

  private static final long serialVersionUID = 1L;

  public SupersededException(PartitionKey partition, String detail) {
    super(
        (partition.number() == 0 ? "the publishing" : "partition " + partition.name())
            + " is owned by another attempt: "
            + detail);
  }
}
