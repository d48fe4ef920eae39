package dev.tranche.store;

/**
 * What became of the items that were committed: read = written + filtered + rejected.
 *
 * @param read also those that could not be decoded
 * @param readSkips rejected, since they could not be decoded
 * @param processSkips rejected by a process step
 * @param writeSkips rejected by the target
 */
public record Tally(
    long read, long written, long filtered, long readSkips, long processSkips, long writeSkips) {

  public static final Tally ZERO = new Tally(0, 0, 0, 0, 0, 0);

  /** All that are set aside, wherever they were refused. */
  public long rejected() {
    return readSkips + processSkips + writeSkips;
  }

  public Tally plus(Tally other) {
    return new Tally(
        read + other.read,
        written + other.written,
        filtered + other.filtered,
        readSkips + other.readSkips,
        processSkips + other.processSkips,
        writeSkips + other.writeSkips);
  }

  public Tally minus(Tally other) {
    return new Tally(
        read - other.read,
        written - other.written,
        filtered - other.filtered,
        readSkips - other.readSkips,
        processSkips - other.processSkips,
        writeSkips - other.writeSkips);
  }

  /** Whether every item read is accounted for. */
  public boolean addsUp() {
    return read == written + filtered + rejected();
  }
}
