package dev.tranche.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tables TRANCHE_SCHEDULE and TRANCHE_FIRE: how far the times of each job are decided, and what
 * became of each.
 *
 * <p>All that is decided about a job is decided in a transaction that holds its row of
 * TRANCHE_SCHEDULE, by whichever process. Safe for all threads.
 */
public final class Fires {

  private static final String COLUMNS =
      "JOB_NAME, FIRE_TIME, BY_HAND, STATE, REASON, DECIDED_AT, PROCESS_ID, EXECUTION_ID";
  private static final String SELECT = "select " + COLUMNS + " from TRANCHE_FIRE";
  private static final String SCHEDULE =
      "select TIMES, DECIDED_TO, PAUSED from TRANCHE_SCHEDULE where JOB_NAME = ?";
  private static final String LOCK = SCHEDULE + " for update";
  private static final String THE_FIRE = " where JOB_NAME = ? and FIRE_TIME = ?";
  private static final String OF_PROCESS =
      THE_FIRE + " and STATE = 'RUNNING' and PROCESS_ID = ?";

  private final Database repository;
  private final String running;

  /** @param prefix of Spring Batch's tables */
  public Fires(Database repository, String prefix) {
    this.repository = repository;
    this.running =
        "select R.EXECUTION_ID from TRANCHE_RUN R join " + prefix + "JOB_INSTANCE I"
            + " on I.JOB_INSTANCE_ID = R.JOB_INSTANCE_ID where R.ACTIVE = true and I.JOB_NAME = ?"
            + " order by R.EXECUTION_ID";
  }

  /**
   * How far a job's times are decided.
   *
   * @param times a timetable as text
   * @param decidedTo every time up to and with this one is decided, once and for all
   */
  public record Timing(String times, Instant decidedTo, boolean paused) {}

  /** What is decided about a job, with nobody else deciding about it meanwhile. */
  @FunctionalInterface
  public interface Decision<T> {
    T about(Timing timing, Page page) throws SQLException;
  }

  /**
   * Decides about a job, whose times begin with {@code first} if they were never decided about.
   */
  public <T> T decide(String job, Timing first, Decision<T> decision) {
    return repository.transact("decide about the schedule of '" + job + "'", (connection, platform) -> {
      Page page = new Page(job, connection, platform);
      return decision.about(page.lock(first), page);
    });
  }

  /** The timing of a job; empty if nothing was ever decided about it. */
  public Optional<Timing> timing(String job) {
    Sql find = new Sql(SCHEDULE, job);
    return repository.transact(
        "read the schedule of '" + job + "'",
        (connection, platform) -> find.first(connection, Fires::timing));
  }

  /** Fires, the latest time first, of {@code job} only if it is not null. */
  public List<Fire> newest(@Nullable String job, int limit) {
    String rest = " order by FIRE_TIME desc, JOB_NAME fetch first " + limit + " rows only";
    return list(
        job == null ? new Sql(SELECT + rest) : new Sql(SELECT + " where JOB_NAME = ?" + rest, job));
  }

  /** The latest fires of {@code job} that did not become runs and never will. */
  public List<Fire> fallen(String job, int limit) {
    return list(
        new Sql(
            SELECT + " where JOB_NAME = ? and STATE in ('SKIPPED', 'FAILED')"
                + " order by FIRE_TIME desc fetch first " + limit + " rows only",
            job));
  }

  /** The latest fire of {@code job} that became a run. */
  public Optional<Fire> lastRun(String job) {
    return list(
            new Sql(
                SELECT + " where JOB_NAME = ? and STATE = 'RAN'"
                    + " order by FIRE_TIME desc fetch first 1 row only",
                job))
        .stream()
        .findFirst();
  }

  public Optional<Fire> find(String job, Instant time) {
    return list(new Sql(SELECT + THE_FIRE, job, time.toEpochMilli())).stream().findFirst();
  }

  /** Those that run or are to, in the order of their times. */
  public List<Fire> open() {
    return list(
        new Sql(SELECT + " where STATE in ('QUEUED', 'RUNNING') order by FIRE_TIME, JOB_NAME"));
  }

  private List<Fire> list(Sql sql) {
    return repository.transact(
        "list fires", (connection, platform) -> sql.all(connection, Fires::fire));
  }

  /** Makes {@code process} carry out the first queued fire of a job, if the job does not run. */
  public Optional<Fire> begin(String job, String process) {
    return repository.transact("begin a fire of '" + job + "'", (connection, platform) -> {
      Page page = new Page(job, connection, platform);
      boolean known = new Sql(LOCK, job).first(connection, row -> true).isPresent();
      if (!known || page.first(Fire.State.RUNNING).isPresent() || page.running() != 0) {
        return Optional.empty();
      }
      Optional<Fire> first = page.first(Fire.State.QUEUED);
      return first.isEmpty() ? first : Optional.of(page.begin(first.get(), process));
    });
  }

  /** Takes a fire over from a process that is dead; false if somebody else was first. */
  public boolean takeOver(Fire fire, String process) {
    return changes(
        "take over",
        fire,
        new Sql(
            "update TRANCHE_FIRE set PROCESS_ID = ?" + OF_PROCESS,
            process,
            fire.job(),
            fire.time().toEpochMilli(),
            fire.process()));
  }

  /** Stores which execution is run for a fire; false if it is another process's by now. */
  public boolean runs(Fire fire, long execution) {
    return changes(
        "follow",
        fire,
        new Sql(
            "update TRANCHE_FIRE set EXECUTION_ID = ?" + OF_PROCESS,
            execution,
            fire.job(),
            fire.time().toEpochMilli(),
            fire.process()));
  }

  /** Stores what became of a fire that its process carried out; false if it is another's by now. */
  public boolean end(Fire fire, Fire.State state, @Nullable String reason, long execution) {
    return changes(
        "end",
        fire,
        new Sql(
            "update TRANCHE_FIRE set STATE = ?, REASON = ?, EXECUTION_ID = ?" + OF_PROCESS,
            state.name(),
            reason,
            execution == 0 ? null : execution,
            fire.job(),
            fire.time().toEpochMilli(),
            fire.process()));
  }

  private boolean changes(String doing, Fire fire, Sql update) {
    return repository.transact(
        doing + " the fire of '" + fire.job() + "' at " + fire.time(),
        (connection, platform) -> update.update(connection) == 1);
  }

  private static Timing timing(ResultSet row) throws SQLException {
    return new Timing(
        row.getString("TIMES"),
        Instant.ofEpochMilli(row.getLong("DECIDED_TO")),
        row.getBoolean("PAUSED"));
  }

  private static Fire fire(ResultSet row) throws SQLException {
    return new Fire(
        row.getString("JOB_NAME"),
        Instant.ofEpochMilli(row.getLong("FIRE_TIME")),
        row.getBoolean("BY_HAND"),
        Fire.State.valueOf(row.getString("STATE")),
        row.getString("REASON"),
        Instant.ofEpochMilli(row.getLong("DECIDED_AT")),
        row.getString("PROCESS_ID"),
        row.getLong("EXECUTION_ID"));
  }

  /** The fires of one job while nobody else decides about them; of one transaction. */
  public final class Page {

    private final String job;
    private final Connection connection;
    private final Platform platform;

    private Page(String job, Connection connection, Platform platform) {
      this.job = job;
      this.connection = connection;
      this.platform = platform;
    }

    private Timing lock(Timing first) throws SQLException {
      Sql lock = new Sql(LOCK, job);
      Optional<Timing> known = lock.first(connection, Fires::timing);
      if (known.isPresent()) {
        return known.get();
      }
      new Sql(
              "insert into TRANCHE_SCHEDULE (JOB_NAME, TIMES, DECIDED_TO, PAUSED) values (?, ?, ?, ?)",
              job,
              first.times(),
              first.decidedTo().toEpochMilli(),
              first.paused())
          .insert(connection, platform);
      return lock.first(connection, Fires::timing).orElseThrow();
    }

    public void store(Timing timing) throws SQLException {
      new Sql(
              "update TRANCHE_SCHEDULE set TIMES = ?, DECIDED_TO = ?, PAUSED = ? where JOB_NAME = ?",
              timing.times(),
              timing.decidedTo().toEpochMilli(),
              timing.paused(),
              job)
          .update(connection);
    }

    /** Records a fire; false if its time is decided already, which stays as it is. */
    public boolean add(Fire fire) throws SQLException {
      return new Sql(
              "insert into TRANCHE_FIRE (" + COLUMNS + ") values (?, ?, ?, ?, ?, ?, null, null)",
              fire.job(),
              fire.time().toEpochMilli(),
              fire.byHand(),
              fire.state().name(),
              fire.reason(),
              fire.decided().toEpochMilli())
          .insert(connection, platform);
    }

    public boolean has(Instant time) throws SQLException {
      return new Sql("select 1 from TRANCHE_FIRE" + THE_FIRE, job, time.toEpochMilli())
          .first(connection, row -> true)
          .isPresent();
    }

    /** The first open fire in {@code state}; empty if there is none. */
    public Optional<Fire> first(Fire.State state) throws SQLException {
      return new Sql(
              SELECT + " where JOB_NAME = ? and STATE = ? order by FIRE_TIME fetch first 1 row only",
              job,
              state.name())
          .first(connection, Fires::fire);
    }

    /** The execution that runs the job now, of whichever instance; 0 if none does. */
    public long running() throws SQLException {
      return new Sql(running, job).first(connection, row -> row.getLong(1)).orElse(0L);
    }

    private Fire begin(Fire fire, String process) throws SQLException {
      new Sql(
              "update TRANCHE_FIRE set STATE = 'RUNNING', PROCESS_ID = ?" + THE_FIRE,
              process,
              job,
              fire.time().toEpochMilli())
          .update(connection);
      return new Fire(
          job,
          fire.time(),
          fire.byHand(),
          Fire.State.RUNNING,
          fire.reason(),
          fire.decided(),
          process,
          fire.execution());
    }
  }
}
