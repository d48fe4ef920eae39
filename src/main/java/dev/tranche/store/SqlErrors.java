package dev.tranche.store;

/** What an error of a database means for what was asked of it. Looks through all causes. */
public final class SqlErrors {

  private SqlErrors() {}

  /** Whether the database is away: the same may work on a new connection, later. */
  public static boolean isOutage(Throwable error) {
    throw new UnsupportedOperationException();
  }

  /** Whether the same statements may work at once in a new transaction: deadlock, time-out, … */
  public static boolean isTransient(Throwable error) {
    throw new UnsupportedOperationException();
  }

  /** Whether a COMMIT that failed so was certainly rolled back: SQLState class 23 or 40. */
  public static boolean isRolledBack(Throwable error) {
    throw new UnsupportedOperationException();
  }
}
