package dev.tranche.batch;

import dev.tranche.chunk.StopSignal;
import dev.tranche.store.Checkpoints;
import dev.tranche.store.Claim;
import dev.tranche.store.Database;
import dev.tranche.store.Executions;
import dev.tranche.store.Layouts;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.PartitionState;
import dev.tranche.store.Processes;
import dev.tranche.store.Runs;
import dev.tranche.store.StepState;
import dev.tranche.store.StoreException;
import dev.tranche.store.Tally;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Settles what dead processes left behind, so that it can be restarted.
 *
 * <p>In this order: the run is seized, so that only one settles it and the dead one, should it wake,
 * can write no row of Spring Batch's; the owners of its running partitions are raised in the target,
 * so that it can commit nothing either; only then anything says FAILED. Safe for all threads.
 */
final class Settlement {

  private static final Log log = LogFactory.getLog(Settlement.class);
  /** How the reason begins for which such an execution says that it FAILED. */
  static final String DIED = "its process died";

  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private final Engine engine;
  private final Processes processes;
  private final BatchRows rows;

  Settlement(Engine engine, Processes processes) {
    this.engine = engine;
    this.processes = processes;
    this.rows = new BatchRows(engine);
  }

  /**
   * Settles a run if its process is dead, waiting for its lease where only that can tell.
   *
   * @return what was found, in words; empty if the process is alive, or somebody else settles it
   */
  Optional<String> settle(Runs.Run run) {
    if (!engine.local().attend(run.execution())) {
      return Optional.empty();
    }
    try {
      String process = who(run);
      if (!isDead(run.process())) {
        return Optional.empty();
      }
      return engine
          .runs()
          .seize(run, engine.heartbeat().process())
          .map(seized -> settleSeized(seized, run.process(), process));
    } finally {
      engine.local().leave(run.execution());
    }
  }

  /** Removes what is left of processes that are gone where there is nothing to settle. */
  void removeGone() {
    processes.removeGone();
  }

  /**
   * Looks until there is a sign of life, or there was none for the lease. This process itself holds
   * a run that nobody here minds only if its release failed.
   */
  private boolean isDead(String process) {
    if (engine.heartbeat().isThisProcess(process)) {
      return true;
    }
    OptionalLong first = processes.beat(process);
    while (!processes.isDead(process)) {
      if (!processes.beat(process).equals(first) || !pause()) {
        return false;
      }
    }
    return true;
  }

  private String who(Runs.Run run) {
    return engine.heartbeat().isThisProcess(run.process())
        ? "this process"
        : processes.describe(run.process());
  }

  private String settleSeized(Runs.Run run, String dead, String process) {
    List<StepState> steps = engine.layouts().find(run.jobInstance());
    long items = 0;
    int raised = 0;
    for (StepState step : steps) {
      Database target = target(step);
      raised += fenceOff(step, target, process);
      items += tally(step, target).read();
    }
    int crashes = items > run.tallyAtCrash() ? 1 : run.crashes() + 1;
    engine.runs().crashed(run, crashes, items);
    String status = rows.settle(run, steps, DIED + ": " + process);
    engine.runs().release(run);
    if (!engine.heartbeat().isThisProcess(dead)) {
      processes.unregister(dead);
    }
    String words =
        "its process died ("
            + process
            + "); "
            + status
            + (raised == 0 ? "" : ", " + Words.count(raised, "partition") + " ended in the middle")
            + ", "
            + Words.count(items, "item")
            + " safe"
            + (crashes > 1 ? ". That was crash " + crashes + " in a row without progress" : "");
    log.info("Execution " + run.execution() + " is settled: " + words);
    return words;
  }

  private Database target(StepState step) {
    Database target = engine.databases().find(step.target());
    if (target == null) {
      throw new StoreException(
          "connection '"
              + step.target()
              + "', which holds the checkpoints of step '"
              + step.step()
              + "', is not configured here (tranche.connections."
              + step.target()
              + ")");
    }
    return target;
  }

  /** Raises the owners of the partitions that ran; returns how many there were. */
  private int fenceOff(StepState step, Database target, String process) {
    Layouts layouts = engine.layouts();
    raise(PartitionKey.publishing(step.layout()), 0, target);
    List<PartitionState> ran = layouts.partitions(step.layout(), PartitionState.Status.STARTED);
    for (PartitionState partition : ran) {
      Claim claim = raise(partition.key(), partition.owner(), target);
      Tally safe = claim == null ? Tally.ZERO : claim.checkpoint().tally();
      layouts.ended(
          partition.key(),
          partition.owner(),
          PartitionState.Status.FAILED,
          safe,
          step.step() + "/" + partition.key().name() + ": its process died (" + process + "). "
              + Words.safePoint(claim));
    }
    return ran.size();
  }

  private @Nullable Claim raise(PartitionKey key, long owner, Database target) {
    try (Connection connection = target.connect()) {
      Checkpoints checkpoints = new Checkpoints(target.platform());
      target.takingOver(
          connection, (session, platform) -> checkpoints.raise(session, key, owner));
      int number = key.number();
      Claim claim = checkpoints.find(connection, key.layout(), List.of(number)).get(number);
      connection.commit();
      return claim;
    } catch (SQLException failure) {
      throw away(target, failure);
    }
  }

  private Tally tally(StepState step, Database target) {
    try (Connection connection = target.connect()) {
      return new Checkpoints(target.platform()).tally(connection, step.layout());
    } catch (SQLException failure) {
      throw away(target, failure);
    }
  }

  private static StoreException away(Database target, SQLException failure) {
    return new StoreException(
        "the checkpoints in '" + target.name() + "' cannot be reached: " + failure.getMessage(),
        failure);
  }

  /**
   * Settles an execution that Spring Batch takes for running and that holds no run: its process died
   * before it took the instance, or could not store how it ended.
   *
   * @return in words, what was done; empty if it is alive after all, or the instance is taken
   */
  Optional<String> settleOrphan(Executions.Execution orphan) {
    if (!engine.local().attend(orphan.id())) {
      return Optional.empty();
    }
    try {
      if (orphan.status().equals("STARTING") && !staysBehind(orphan)) {
        return Optional.empty();
      }
      String process = engine.heartbeat().process();
      Runs.Run run = engine.runs().take(orphan.instance(), orphan.id(), process);
      String status =
          rows.settle(run, engine.layouts().find(orphan.instance()), DIED);
      engine.runs().release(run);
      return Optional.of("nobody runs it; " + status);
    } catch (Runs.HeldException held) {
      return Optional.empty();
    } finally {
      engine.local().leave(orphan.id());
    }
  }

  /** Whether it does not begin for as long as a process may be silent. */
  private boolean staysBehind(Executions.Execution orphan) {
    long waited = 0;
    while (waited < processes.lease().toMillis()) {
      if (!pause()) {
        return false;
      }
      waited += LOOK_AGAIN.toMillis();
      String now = engine.executions().statuses(List.of(orphan.id())).get(orphan.id());
      if (!"STARTING".equals(now)) {
        return false;
      }
    }
    return true;
  }

  static boolean pause() {
    try {
      return !new StopSignal().await(LOOK_AGAIN);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
