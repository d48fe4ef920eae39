package dev.tranche.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The table TRANCHE_RUN: who runs a job instance, one row an instance.
 *
 * <p>Every method but {@link #check} is a transaction of its own. Safe for all threads.
 */
public final class Runs {

  public Runs(Database repository) {}

  /**
   * @param epoch raised whenever the run changes hands; writes to Spring Batch's rows check it
   * @param process the process that runs it, of TRANCHE_PROCESS
   * @param crashes how often in a row its process died without progress
   * @param tallyAtCrash items done, over all steps, when a process of it last died
   */
  public record Run(
      long jobInstance,
      long execution,
      String process,
      long epoch,
      boolean active,
      boolean stopAsked,
      int crashes,
      long tallyAtCrash) {}

  /** The instance is run by {@code holder}: an execution that is alive. */
  public static final class HeldException extends Exception {

    private static final long serialVersionUID = 1L;
    private final transient Run holder;

    public HeldException(Run holder) {
      super("refused: execution " + holder.execution() + " runs this instance");
      this.holder = holder;
    }

    public Run holder() {
      return holder;
    }
  }

  /** Takes the instance for {@code execution}, if nobody holds it. */
  public Run take(long jobInstance, long execution, String process) throws HeldException {
    throw new UnsupportedOperationException();
  }

  /** Gives the instance back; nothing happens if the epoch is not the stored one any more. */
  public void release(Run run) {
    throw new UnsupportedOperationException();
  }

  public Optional<Run> find(long jobInstance) {
    throw new UnsupportedOperationException();
  }

  /** All runs that say they are active. */
  public List<Run> active() {
    throw new UnsupportedOperationException();
  }

  /**
   * Takes a dead process's run away from it: raises the epoch and hands it to {@code process}, still
   * active, so that only one settles it.
   *
   * @return empty if somebody else was first
   */
  public Optional<Run> seize(Run dead, String process) {
    throw new UnsupportedOperationException();
  }

  /** Stores the crash count of a run that was seized. */
  public void crashed(Run run, int crashes, long tallyAtCrash) {
    throw new UnsupportedOperationException();
  }

  /** Asks the run to stop at its next commit; false if it is not active. */
  public boolean askStop(long jobInstance) {
    throw new UnsupportedOperationException();
  }

  /**
   * Whether {@code run} still has its epoch, seen in the transaction that is open on {@code
   * connection}, which keeps the row from changing hands until it ends.
   */
  public boolean holds(Connection connection, Run run) throws SQLException {
    throw new UnsupportedOperationException();
  }
}
