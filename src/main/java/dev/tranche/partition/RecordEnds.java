package dev.tranche.partition;

/** Finds where records end in bytes that come block by block. One thread. */
public interface RecordEnds {

  /** Stands at the start of a record again; line ends count from 0. */
  void reset();

  /**
   * Goes on through the bytes {@code from} to before {@code to}, which follow those of the last
   * call, to where the next record starts.
   *
   * @return that place, or -1 if it is not known to lie within these bytes
   */
  int next(byte[] bytes, int from, int to);

  /** Whether a quote is open, so that the record cannot end here. */
  boolean isQuoted();

  /** How many line ends were passed since {@link #reset()}, those inside of quotes included. */
  long lineEnds();
}
