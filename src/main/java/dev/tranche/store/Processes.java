package dev.tranche.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The table TRANCHE_PROCESS: living processes and their beat.
 *
 * <p>A process is dead when its beat counter stood still for the lease on the observer's own
 * monotonic clock, or at once when this host and boot show its pid gone or started at another time.
 * Clocks are never compared. Safe for all threads.
 */
public final class Processes {

  /** @param nanoTime a monotonic clock, {@code System::nanoTime} but for tests */
  public Processes(Database repository, Duration lease, LongSupplier nanoTime) {}

  /** Registers this process; returns its id, a random UUID. */
  public String register() {
    throw new UnsupportedOperationException();
  }

  /**
   * Raises the beat counter, on a connection that is not from a pool.
   *
   * @return false if the row is gone: others take this process for dead
   */
  public boolean beat(Connection connection, String process) throws SQLException {
    throw new UnsupportedOperationException();
  }

  /** Removes this process. */
  public void unregister(String process) {
    throw new UnsupportedOperationException();
  }

  /**
   * Looks at a process once. A beat that stands still is only known by looking again later with the
   * same object.
   */
  public boolean isDead(String process) {
    throw new UnsupportedOperationException();
  }

  /** Whether the process, not known dead, can only be judged by waiting for its lease. */
  public String describe(String process) {
    throw new UnsupportedOperationException();
  }
}
