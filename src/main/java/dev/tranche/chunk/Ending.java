package dev.tranche.chunk;

import dev.tranche.store.Tally;

/** How an attempt at a partition ended. */
public sealed interface Ending {

  /** What this attempt committed. */
  Tally tally();

  /** The slice was read to its end and all of it is committed. */
  record Completed(Tally tally) implements Ending {}

  /** A stop was asked; what is missing is for a restart. */
  record Stopped(Tally tally) implements Ending {}

  /** A fault that the step's rules do not allow for. */
  record Failed(Tally tally, Failure failure) implements Ending {}

  /** Another attempt owns the partition; this one committed nothing after that. */
  record Superseded(Tally tally, String message) implements Ending {}

  /**
   * A database is away, or the outcome of a commit is unknown: claim again, then go on from the
   * checkpoint found.
   */
  record CutOff(Tally tally, Exception cause) implements Ending {}
}
