package dev.tranche.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The table TRANCHE_PROCESS: living processes and their beat.
 *
 * <p>A process is dead when its beat counter stood still for the lease on the observer's own
 * monotonic clock, or at once when this host and boot show its pid gone or started at another time.
 * Clocks are never compared. Safe for all threads.
 */
public final class Processes {

  private static final String FIND =
      "select HOST, BOOT, PID, STARTED, BEAT from TRANCHE_PROCESS where PROCESS_ID = ?";

  private static final String IDLE =
      "select PROCESS_ID from TRANCHE_PROCESS p where not exists (select 1 from TRANCHE_RUN r"
          + " where r.PROCESS_ID = p.PROCESS_ID and r.ACTIVE = true)";
  private static final String REMOVE = "delete from TRANCHE_PROCESS where PROCESS_ID = ?";

  private final Database repository;
  private final Duration lease;
  private final LongSupplier nanoTime;
  private final Machine machine = Machine.here();

  /** What this observer saw of others, by their id. */
  private final Map<String, Sighting> sightings = new ConcurrentHashMap<>();

  /** A beat, and when it was seen for the first time. */
  private record Sighting(long beat, long since) {}

  private record Row(Machine.Identity identity, long beat) {}

  /** @param nanoTime a monotonic clock, {@code System::nanoTime} but for tests */
  public Processes(Database repository, Duration lease, LongSupplier nanoTime) {
    this.repository = repository;
    this.lease = lease;
    this.nanoTime = nanoTime;
  }

  /** Registers this process; returns its id, a random UUID. */
  public String register() {
    removeGone();
    return register(machine.self());
  }

  /**
   * Removes processes that are certainly gone and left no run to settle: they ended while the
   * database was away.
   */
  public void removeGone() {
    repository.transact("look for processes that are gone", (connection, platform) -> {
      for (String process : new Sql(IDLE).all(connection, row -> row.getString(1))) {
        if (new Sql(FIND, process).first(connection, Processes::row)
            .filter(this::isGoneFromHere).isPresent()) {
          new Sql(REMOVE, process).update(connection);
        }
      }
      return this;
    });
  }

  String register(Machine.Identity identity) {
    String process = UUID.randomUUID().toString();
    Sql insert = new Sql(
        "insert into TRANCHE_PROCESS (PROCESS_ID, HOST, BOOT, PID, STARTED, BEAT)"
            + " values (?, ?, ?, ?, ?, 0)",
        process,
        identity.host(),
        identity.boot(),
        identity.pid(),
        identity.started());
    repository.transact(
        "register this process", (connection, platform) -> insert.update(connection));
    return process;
  }

  /**
   * Raises the beat counter, on a connection that is not from a pool, and commits.
   *
   * @return false if the row is gone: others take this process for dead
   */
  public boolean beat(Connection connection, String process) throws SQLException {
    Sql beat = new Sql("update TRANCHE_PROCESS set BEAT = BEAT + 1 where PROCESS_ID = ?", process);
    boolean registered = beat.update(connection) == 1;
    if (!connection.getAutoCommit()) {
      connection.commit();
    }
    return registered;
  }

  /** Removes a process: this one as it ends, or a dead one that is settled. */
  public void unregister(String process) {
    Sql delete = new Sql(REMOVE, process);
    repository.transact(
        "unregister a process", (connection, platform) -> delete.update(connection));
    sightings.remove(process);
  }

  /**
   * Looks at a process once. A beat that stands still is only known by looking again later with the
   * same object.
   *
   * @throws StoreException if the database cannot be asked. The wait for every lease then begins
   *     anew, since the others could not beat either
   */
  public boolean isDead(String process) {
    long before = nanoTime.getAsLong();
    Optional<Row> row = look(process);
    if (row.isEmpty() || isGoneFromHere(row.get())) {
      sightings.remove(process);
      return true;
    }
    long beat = row.get().beat();
    long after = nanoTime.getAsLong();
    Sighting first = sightings.compute(
        process,
        (id, seen) -> seen != null && seen.beat == beat ? seen : new Sighting(beat, after));
    // From after the one look to before the other: however long a look took, it stood still.
    return before - first.since >= lease.toNanos();
  }

  /** Its beat counter now; empty if it is not registered. */
  public OptionalLong beat(String process) {
    return look(process).map(row -> OptionalLong.of(row.beat())).orElseGet(OptionalLong::empty);
  }

  /** How long a beat may stand still before its process is taken for dead. */
  public Duration lease() {
    return lease;
  }

  /** A process in words: which one it is, and what can tell whether it lives. */
  public String describe(String process) {
    Optional<Row> row = look(process);
    if (row.isEmpty()) {
      return "process " + process + ", which is not registered any more";
    }
    Machine.Identity identity = row.get().identity();
    if (!machine.canVouchFor(identity)) {
      return "process "
          + identity.pid()
          + " on "
          + identity.host()
          + ", which is taken for dead once its beat stood still for "
          + lease.toSeconds()
          + " s";
    }
    return "process "
        + identity.pid()
        + " on this machine, which "
        + (machine.isAlive(identity) ? "is alive" : "is gone");
  }

  private boolean isGoneFromHere(Row row) {
    return machine.canVouchFor(row.identity()) && !machine.isAlive(row.identity());
  }

  private Optional<Row> look(String process) {
    try {
      return repository.transact(
          "look at a process",
          (connection, platform) -> new Sql(FIND, process).first(connection, Processes::row));
    } catch (StoreException error) {
      sightings.clear();
      throw error;
    }
  }

  private static Row row(ResultSet row) throws SQLException {
    Machine.Identity identity = new Machine.Identity(
        row.getString("HOST"), row.getString("BOOT"), row.getLong("PID"), row.getString("STARTED"));
    return new Row(identity, row.getLong("BEAT"));
  }
}
