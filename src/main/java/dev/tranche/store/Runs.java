package dev.tranche.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The table TRANCHE_RUN: who runs a job instance, one row an instance.
 *
 * <p>Every method but {@link #holds} is a transaction of its own. Safe for all threads.
 */
public final class Runs {

  private static final String COLUMNS =
      "JOB_INSTANCE_ID, EXECUTION_ID, PROCESS_ID, EPOCH, ACTIVE, STOP_ASKED, CRASHES,"
          + " ITEMS_AT_CRASH";
  private static final String SELECT = "select " + COLUMNS + " from TRANCHE_RUN";
  private static final String FIND = SELECT + " where JOB_INSTANCE_ID = ?";
  private static final String RETAKE =
      "update TRANCHE_RUN set EXECUTION_ID = ?, PROCESS_ID = ?, EPOCH = EPOCH + 1, ACTIVE = true,"
          + " STOP_ASKED = false where JOB_INSTANCE_ID = ? and ACTIVE = false";
  private static final String FIRST =
      "insert into TRANCHE_RUN (" + COLUMNS + ") values (?, ?, ?, 1, true, false, 0, 0)";
  private static final String THE_RUN =
      " where JOB_INSTANCE_ID = ? and EPOCH = ? and ACTIVE = true";

  private final Database repository;

  public Runs(Database repository) {
    this.repository = repository;
  }

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
      super("execution " + holder.execution() + " runs this instance");
      this.holder = holder;
    }

    public Run holder() {
      return holder;
    }
  }

  /**
   * Takes the instance for {@code execution}, if nobody holds it. The count of crashes stays as it
   * is; an execution that holds it on the same process already gets the run it holds.
   */
  public Run take(long jobInstance, long execution, String process) throws HeldException {
    return repository.transact("take job instance " + jobInstance, (connection, platform) -> {
      Sql retake = new Sql(RETAKE, execution, process, jobInstance);
      Sql first = new Sql(FIRST, jobInstance, execution, process);
      while (true) {
        boolean taken = retake.update(connection) == 1 || first.insert(connection, platform);
        Run run = find(connection, jobInstance).orElseThrow();
        if (taken || isHeldBy(run, execution, process)) {
          return run;
        }
        if (run.active()) {
          throw new HeldException(run);
        }
        // Released since the update had looked: it can be taken now.
      }
    });
  }

  /** Gives the instance back; nothing happens if the epoch is not the stored one any more. */
  public void release(Run run) {
    update(
        "release",
        run,
        new Sql("update TRANCHE_RUN set ACTIVE = false" + THE_RUN, run.jobInstance(), run.epoch()));
  }

  public Optional<Run> find(long jobInstance) {
    return repository.transact(
        "find the run of job instance " + jobInstance,
        (connection, platform) -> find(connection, jobInstance));
  }

  /** All runs that say they are active. */
  public List<Run> active() {
    Sql active = new Sql(SELECT + " where ACTIVE = true order by JOB_INSTANCE_ID");
    return repository.transact(
        "list the active runs", (connection, platform) -> active.all(connection, Runs::run));
  }

  /**
   * Takes a dead process's run away from it: raises the epoch and hands it to {@code process}, still
   * active, so that only one settles it.
   *
   * @return empty if somebody else was first
   */
  public Optional<Run> seize(Run dead, String process) {
    Sql seize = new Sql(
        "update TRANCHE_RUN set EPOCH = EPOCH + 1, PROCESS_ID = ?" + THE_RUN,
        process,
        dead.jobInstance(),
        dead.epoch());
    return repository.transact(
        "seize the run of job instance " + dead.jobInstance(),
        (connection, platform) -> seize.update(connection) == 1
            ? find(connection, dead.jobInstance())
            : Optional.empty());
  }

  /** Stores the crash count of a run that was seized. */
  public void crashed(Run run, int crashes, long tallyAtCrash) {
    update(
        "store a crash of",
        run,
        new Sql(
            "update TRANCHE_RUN set CRASHES = ?, ITEMS_AT_CRASH = ?" + THE_RUN,
            crashes,
            tallyAtCrash,
            run.jobInstance(),
            run.epoch()));
  }

  /** Asks the run to stop at its next commit; false if it is not active. */
  public boolean askStop(long jobInstance) {
    Sql ask = new Sql(
        "update TRANCHE_RUN set STOP_ASKED = true where JOB_INSTANCE_ID = ? and ACTIVE = true",
        jobInstance);
    return repository.transact(
        "ask job instance " + jobInstance + " to stop",
        (connection, platform) -> ask.update(connection) == 1);
  }

  /**
   * Whether {@code run} still has its epoch, seen in the transaction that is open on {@code
   * connection}, which keeps the row from changing hands until it ends.
   */
  public boolean holds(Connection connection, Run run) throws SQLException {
    Sql lock = new Sql(
        "select 1 from TRANCHE_RUN" + THE_RUN + " for update", run.jobInstance(), run.epoch());
    return lock.first(connection, row -> true).isPresent();
  }

  private void update(String doing, Run run, Sql update) {
    repository.transact(
        doing + " the run of job instance " + run.jobInstance(),
        (connection, platform) -> update.update(connection));
  }

  /** A take whose commit was of unknown outcome is taken again: that is no other run. */
  private static boolean isHeldBy(Run run, long execution, String process) {
    return run.active() && run.execution() == execution && run.process().equals(process);
  }

  private static Optional<Run> find(Connection connection, long jobInstance) throws SQLException {
    return new Sql(FIND, jobInstance).first(connection, Runs::run);
  }

  private static Run run(ResultSet row) throws SQLException {
    return new Run(
        row.getLong("JOB_INSTANCE_ID"),
        row.getLong("EXECUTION_ID"),
        row.getString("PROCESS_ID"),
        row.getLong("EPOCH"),
        row.getBoolean("ACTIVE"),
        row.getBoolean("STOP_ASKED"),
        row.getInt("CRASHES"),
        row.getLong("ITEMS_AT_CRASH"));
  }
}
