package dev.tranche.batch;

import dev.tranche.Duties;
import dev.tranche.PurgeView;
import dev.tranche.RefusedException;
import dev.tranche.RunObserver;
import dev.tranche.Tranche;
import dev.tranche.definition.InvalidDefinitionException;
import dev.tranche.definition.Parameters;
import dev.tranche.store.Executions;
import dev.tranche.store.Fire;
import dev.tranche.store.Fires;
import dev.tranche.store.Processes;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a service does: fires become runs, and runs of dead processes go on.
 *
 * <p>A fire is a row before it is a run. Whoever claims it says so in the row, runs the job instance
 * that its time names, and says in the row how that ended. Wherever a process dies in between, the row
 * says that it is not done, and the instance how far it is: so another process does the rest, and
 * nothing twice. Safe for all threads.
 */
final class BatchDuties implements Duties {

  private static final Log log = LogFactory.getLog(BatchDuties.class);

  /** Whoever settled an execution has had time to run what is missing. */
  private static final Duration GOES_ON = Duration.ofSeconds(20);

  /** What was settled before that was left as it is: by hand, or while there was no service. */
  private static final Duration SETTLED = Duration.ofMinutes(15);

  // -- given --
  private final Engine engine;
  private final JobSource jobs;
  private final BatchTranche tranche;
  private final BatchSchedules schedules;
  private final Fires fires;
  private final Launcher launcher;
  private final Processes processes;
  private final Retention retention;

  // -- so far --
  private final Set<Instance> carried = ConcurrentHashMap.newKeySet();
  private final Queue<Executions.Execution> dead = new ConcurrentLinkedQueue<>();

  /** The fires that this process carries out now. */
  private record Instance(String job, Instant time) {
    static Instance of(Fire fire) {
      return new Instance(fire.job(), fire.time());
    }
  }

  BatchDuties(
      Engine engine,
      JobSource jobs,
      BatchTranche tranche,
      BatchSchedules schedules,
      Fires fires,
      Launcher launcher,
      Processes processes,
      Retention retention) {
    this.engine = engine;
    this.jobs = jobs;
    this.tranche = tranche;
    this.schedules = schedules;
    this.fires = fires;
    this.launcher = launcher;
    this.processes = processes;
    this.retention = retention;
  }

  @Override
  public void prepare() {
    schedules.requireTables();
  }

  @Override
  public Set<String> scheduled() {
    return jobs.schedules().keySet();
  }

  @Override
  public List<String> changes() {
    List<String> changes = jobs.folder().changes();
    if (!changes.isEmpty()) {
      tranche.register();
    }
    return changes;
  }

  @Override
  public @Nullable Instant decide(String job) {
    if (!jobs.schedules().containsKey(job)) {
      return null;
    }
    FireRules rules = schedules.decided(job);
    return rules.timetable().next(
        fires.timing(job).map(Fires.Timing::decidedTo).orElse(rules.now()));
  }

  @Override
  public List<Tranche.Recovery> settle() {
    List<Tranche.Recovery> found = tranche.recover();
    Set<Long> ofFires =
        schedules.open().stream().map(Fire::execution).collect(Collectors.toSet());
    Stream<Executions.Execution> settled =
        found.stream()
            .filter(Tranche.Recovery::settled)
            .flatMap(it -> engine.executions().find(it.execution()).stream());
    Stream.concat(settled, forgotten().stream())
        .filter(execution -> !ofFires.contains(execution.id()))
        .forEach(dead::add);
    return found;
  }

  /** What a node settled that died before it could run what was missing. */
  private List<Executions.Execution> forgotten() {
    LocalDateTime now = LocalDateTime.now();
    return engine.executions().failed(Settlement.DIED, now.minus(SETTLED), now.minus(GOES_ON));
  }

  @Override
  public synchronized Optional<Duty> next() {
    for (Executions.Execution died = dead.poll(); died != null; died = dead.poll()) {
      if (launcher.goesOn(died)) {
        Executions.Execution execution = died;
        return Optional.of(() -> goOn(execution));
      }
    }
    return claim().map(fire -> {
      carried.add(Instance.of(fire));
      return () -> carryOut(fire);
    });
  }

  private void goOn(Executions.Execution died) {
    log.info("Execution " + died.id() + " of " + died.job()
        + " ended with its process; what is missing is run now, as on-crash says");
    try {
      launcher.restart(died, Set.of(), null, RunObserver.NONE);
    } catch (RefusedException refused) {
      log.warn("Execution " + died.id() + " of " + died.job() + " does not go on: "
          + refused.getMessage());
    }
  }

  /** First what dead processes left, then what is queued. */
  private Optional<Fire> claim() {
    List<Fire> open = schedules.open();
    for (Fire fire : open) {
      if (fire.state() == Fire.State.RUNNING && isOrphan(fire)) {
        Optional<Fire> taken = takeOver(fire);
        if (taken.isPresent()) {
          return taken;
        }
      }
    }
    return open.stream()
        .filter(fire -> fire.state() == Fire.State.QUEUED)
        .map(Fire::job)
        .distinct()
        .flatMap(job -> fires.begin(job, engine.heartbeat().process()).stream())
        .findFirst();
  }

  private boolean isOrphan(Fire fire) {
    String process = String.valueOf(fire.process());
    return engine.heartbeat().isThisProcess(process)
        ? !carried.contains(Instance.of(fire))
        : processes.isDead(process);
  }

  private Optional<Fire> takeOver(Fire fire) {
    String process = engine.heartbeat().process();
    if (!fires.takeOver(fire, process)) {
      return Optional.empty();
    }
    log.info("The fire of " + fire.job() + " at " + fire.time()
        + " was left by its process, and is carried out here");
    return fires.find(fire.job(), fire.time());
  }

  private void carryOut(Fire fire) {
    try {
      Map<String, String> given = Map.of(Parameters.SCHEDULED_AT, fire.time().toString());
      try {
        long execution = launcher.fire(fire.job(), given, fire.execution(), new Follower(fire));
        ended(fire, execution);
      } catch (RefusedException | InvalidDefinitionException refused) {
        refused(fire, given, refused);
      }
    } catch (RuntimeException failure) {
      log.warn("The fire of " + fire.job() + " at " + fire.time() + " is tried again: " + failure);
    } finally {
      carried.remove(Instance.of(fire));
    }
  }

  private void ended(Fire fire, long execution) {
    String status =
        engine.executions().find(execution).map(Executions.Execution::status).orElse("(gone)");
    boolean goesOn = status.equals("STOPPED") && engine.local().isEnding();
    fires.end(fire, goesOn ? Fire.State.QUEUED : Fire.State.RAN, null, execution);
    String words = "The fire of " + fire.job() + " at " + fire.time() + " ran: execution "
        + execution + " is " + status;
    if (status.equals("COMPLETED")) {
      log.info(words);
    } else if (!goesOn) {
      log.warn(words);
    }
  }

  private void refused(Fire fire, Map<String, String> given, RuntimeException refused) {
    if (isRunning(fire.job(), given)) {
      fires.end(fire, Fire.State.QUEUED, null, fire.execution());
      return;
    }
    String reason = String.valueOf(refused.getMessage());
    log.error("The fire of " + fire.job() + " at " + fire.time() + " could not run: " + reason);
    fires.end(fire, Fire.State.FAILED, reason, fire.execution());
  }

  private boolean isRunning(String job, Map<String, String> given) {
    try {
      return launcher.isRunning(job, given);
    } catch (RefusedException | InvalidDefinitionException gone) {
      return false;
    }
  }

  /** Stores which execution it is as soon as there is one. */
  private final class Follower implements RunObserver {

    private final Fire fire;

    private Follower(Fire fire) {
      this.fire = fire;
    }

    @Override
    public void started(long execution, String job) {
      try {
        fires.runs(fire, execution);
      } catch (RuntimeException away) {
        log.debug("Which execution it is will be stored at its end", away);
      }
    }
  }

  @Override
  public @Nullable String nightly() {
    return retention.nightly();
  }

  @Override
  public PurgeView purge() {
    return retention.purge(null, null, false);
  }
}
