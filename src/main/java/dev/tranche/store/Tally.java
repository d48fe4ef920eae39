package dev.tranche.store;

/** What became of the items that were committed: read = written + filtered + rejected. */
public record Tally(long read, long written, long filtered, long rejected) {

  public static final Tally ZERO = new Tally(0, 0, 0, 0);

  public Tally plus(Tally other) {
    return new Tally(
        read + other.read,
        written + other.written,
        filtered + other.filtered,
        rejected + other.rejected);
  }

  public Tally minus(Tally other) {
    return new Tally(
        read - other.read,
        written - other.written,
        filtered - other.filtered,
        rejected - other.rejected);
  }

  /** Whether every item read is accounted for. */
  public boolean addsUp() {
    return read == written + filtered + rejected;
  }
}
