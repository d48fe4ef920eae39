package dev.tranche.store;

/**
 * What an attempt must still hold to commit: its owner number, and the sequence number of the
 * checkpoint it goes on from.
 */
public record Fence(PartitionKey partition, long owner, long seq) {

  /** The fence after one more commit. */
  public Fence next() {
    return new Fence(partition, owner, seq + 1);
  }
}
