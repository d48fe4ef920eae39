package dev.tranche.batch;

import dev.tranche.Duties;
import dev.tranche.ExecutionView;
import dev.tranche.NotFoundException;
import dev.tranche.PartitionView;
import dev.tranche.PurgeRule;
import dev.tranche.PurgeView;
import dev.tranche.RefusedException;
import dev.tranche.RejectGroupView;
import dev.tranche.RejectView;
import dev.tranche.RunObserver;
import dev.tranche.Schedules;
import dev.tranche.Tranche;
import dev.tranche.UntoldException;
import dev.tranche.definition.JobFile;
import dev.tranche.definition.JobFiles;
import dev.tranche.definition.JobSchema;
import dev.tranche.definition.Problem;
import dev.tranche.definition.With;
import dev.tranche.store.Executions;
import dev.tranche.store.Fires;
import dev.tranche.store.Processes;
import dev.tranche.store.Runs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.launch.JobExecutionAlreadyRunningException;
import org.springframework.batch.core.launch.JobOperator;

/**
 * The door, on Spring Batch: every job file is a job of the registry, and every run of it an
 * ordinary job execution.
 *
 * <p>Safe for all threads. Close it to stop what runs here and to end its sign of life.
 */
public final class BatchTranche implements Tranche, AutoCloseable {

  private final Engine engine;
  private final JobSource jobs;
  private final JobOperator operator;
  private final Settlement settlement;
  private final Launcher launcher;
  private final Registration registration;
  private final Views views;
  private final BatchSchedules schedules;
  private final Retention retention;
  private final BatchDuties duties;

  BatchTranche(
      Engine engine,
      JobSource jobs,
      JobOperator operator,
      Settlement settlement,
      Launcher launcher,
      Registration registration,
      BatchSchedules schedules,
      Fires fires,
      Processes processes,
      Retention retention) {
    this.engine = engine;
    this.jobs = jobs;
    this.operator = operator;
    this.settlement = settlement;
    this.launcher = launcher;
    this.registration = registration;
    this.schedules = schedules;
    this.retention = retention;
    this.duties =
        new BatchDuties(engine, jobs, this, schedules, fires, launcher, processes, retention);
    this.views = new Views(engine, new Targets(engine, jobs));
  }

  /** Whether an execution that runs here was asked to stop. */
  boolean isStopping(long execution) {
    return engine.local().find(execution).map(run -> run.stop().requested()).orElse(true);
  }

  /** Calls {@code action} once an execution that runs here is asked to stop. */
  void onStop(long execution, Runnable action) {
    engine.local().find(execution).orElseThrow().onStop(action);
  }

  /** What a service does here without being asked. */
  public Duties duties() {
    return duties;
  }

  /** Makes the jobs known to Spring Batch's own operator; call it again when files were added. */
  public void register() {
    registration.register();
  }

  @Override
  public Jobs jobs() {
    JobFiles files = jobs.files();
    List<JobView> valid =
        files.byName().values().stream()
            .filter(file -> file.problems(jobs.environment()).isEmpty())
            .map(jobs::view)
            .toList();
    return new Jobs(valid, files.problems());
  }

  @Override
  public List<Problem> lint(List<Path> files) {
    return (files.isEmpty() ? jobs.files() : JobFiles.of(files, jobs.environment())).lint();
  }

  @Override
  public List<Problem> lint(String file, String text) {
    return JobFile.parse(file, text).lint(jobs.environment());
  }

  @Override
  public String schema() {
    return JobSchema.text();
  }

  @Override
  public ExecutionView run(
      String job, Map<String, String> parameters, boolean anew, RunObserver observer) {
    return ended(launcher.run(job, parameters, anew, observer));
  }

  /** What has ended is not to look failed because the database is away in this moment. */
  private ExecutionView ended(long execution) {
    try {
      return engine.patiently(engine.patience().anew(), () -> show(execution));
    } catch (RuntimeException failure) {
      if (!Patience.mayPass(failure)) {
        throw failure;
      }
      throw new UntoldException(
          "execution " + execution + " has ended, and how cannot be read: "
              + Words.sentence(failure.getMessage()) + " Once the job repository's database is"
              + " back, see it with: show " + execution);
    }
  }

  @Override
  public ExecutionView start(String job, Map<String, String> parameters, boolean anew) {
    return show(Beginning.of(observer -> launcher.run(job, parameters, anew, observer)));
  }

  @Override
  public ExecutionView start(long execution, Set<String> only, @Nullable With with) {
    Executions.Execution found = find(execution);
    Set<String> names = Set.copyOf(only);
    return show(Beginning.of(observer -> launcher.restart(found, names, with, observer)));
  }

  @Override
  public ExecutionView restart(
      long execution, Set<String> only, @Nullable With with, RunObserver observer) {
    return ended(launcher.restart(find(execution), Set.copyOf(only), with, observer));
  }

  @Override
  public RestartPlan plan(long execution, Set<String> only, @Nullable With with) {
    return new RestartPlans(engine, jobs).plan(find(execution), Set.copyOf(only), with);
  }

  @Override
  public void stop(long execution) {
    Executions.Execution found = find(execution);
    engine.local().find(execution).ifPresent(LocalRun::askToStop);
    Runs.Run run = engine.runs().find(found.instance()).orElse(null);
    boolean runs = run != null && run.active() && run.execution() == execution;
    if (!runs || !engine.runs().askStop(found.instance())) {
      throw new RefusedException(
          "execution " + execution + " does not run: it is " + found.status());
    }
  }

  @Override
  public void stopAll() {
    engine.local().stopAndWait();
  }

  @Override
  public List<Tranche.Recovery> recover() {
    engine.requireRepository(); // nothing may ever have run here
    settlement.removeGone();
    List<Tranche.Recovery> found = new ArrayList<>();
    Set<Long> held = new HashSet<>();
    for (Runs.Run run : engine.runs().active()) {
      held.add(run.execution());
      report(run.execution(), () -> settlement.settle(run).orElse(null), found);
    }
    Set<String> ours = jobs.files().byName().keySet();
    for (Executions.Execution execution : engine.executions().unsettled()) {
      if (ours.contains(execution.job()) && !held.contains(execution.id())) {
        report(execution.id(), () -> settlement.settleOrphan(execution).orElse(null), found);
      }
    }
    return found;
  }

  @Override
  public Tranche.Recovery recover(long id) {
    Executions.Execution execution = find(id);
    if (!execution.isRunning() && !execution.status().equals("UNKNOWN")) {
      throw new RefusedException(
          "execution " + id + " is " + execution.status() + ": there is nothing to settle");
    }
    List<Tranche.Recovery> found = new ArrayList<>();
    if (jobs.files().byName().containsKey(execution.job())) {
      report(id, () -> settle(execution), found);
    } else {
      report(id, () -> settleForeign(id), found);
    }
    return found.isEmpty()
        ? new Tranche.Recovery(id, execution.job(), "not settled: its process is alive", false)
        : found.get(0);
  }

  private @Nullable String settle(Executions.Execution execution) {
    Runs.Run run = engine.runs().find(execution.instance()).orElse(null);
    return (run != null && run.active() && run.execution() == execution.id()
            ? settlement.settle(run)
            : settlement.settleOrphan(execution))
        .orElse(null);
  }

  /** A job of the application's own: Spring Batch's operator ends its rows. */
  private String settleForeign(long id) {
    JobExecution stored = engine.jobRepository().getJobExecution(id);
    if (stored == null) {
      throw new RefusedException("execution " + id + " is not there any more");
    }
    return "it was taken for dead, as said; execution " + id + " is "
        + operator.recover(stored).getStatus();
  }

  private interface Settling {
    @Nullable String run();
  }

  private void report(long execution, Settling settling, List<Tranche.Recovery> found) {
    String job =
        engine.executions().find(execution).map(Executions.Execution::job).orElse("(gone)");
    try {
      String outcome = settling.run();
      if (outcome != null) {
        found.add(new Tranche.Recovery(execution, job, outcome, true));
      }
    } catch (RuntimeException failure) {
      found.add(
          new Tranche.Recovery(
              execution, job, "not settled: " + failure.getMessage(), false));
    }
  }

  @Override
  public ExecutionView abandon(long execution) {
    find(execution);
    JobExecution stored = engine.jobRepository().getJobExecution(execution);
    try {
      if (stored != null) {
        operator.abandon(stored);
      }
    } catch (JobExecutionAlreadyRunningException refused) {
      throw new RefusedException(
          "execution " + execution + " is " + stored.getStatus()
              + ": only one that failed or was stopped can be given up",
          refused);
    }
    return show(execution);
  }

  @Override
  public List<ExecutionView> executions(@Nullable String job, long before, int limit) {
    return views.list(engine.executions().newest(job, before, limit));
  }

  @Override
  public ExecutionView show(long execution) {
    return views.show(find(execution));
  }

  @Override
  public List<PartitionView> partitions(long execution) {
    return views.partitions(find(execution).instance());
  }

  @Override
  public List<RejectView> rejects(long execution, int offset, int limit) {
    return views.rejects(find(execution).instance(), offset, limit);
  }

  @Override
  public @Nullable String leaseTrouble() {
    return engine.heartbeat().trouble();
  }

  @Override
  public List<RejectGroupView> rejectGroups(long execution) {
    return views.rejectGroups(find(execution).instance());
  }

  @Override
  public ExecutionView redrive(long execution, RunObserver observer) {
    return ended(launcher.redrive(find(execution), observer));
  }

  @Override
  public ExecutionView startRedrive(long execution) {
    Executions.Execution found = find(execution);
    return show(Beginning.of(observer -> launcher.redrive(found, observer)));
  }

  @Override
  public Explanation explain(String job, Map<String, String> parameters) {
    return new Explanations(jobs, new Targets(engine, jobs)).explain(job, parameters);
  }

  @Override
  public Schedules schedules() {
    return schedules;
  }

  @Override
  public PurgeView purge(@Nullable String job, @Nullable PurgeRule rule, boolean dryRun) {
    return retention.purge(job, rule, dryRun);
  }

  private Executions.Execution find(long execution) {
    return engine
        .executions()
        .find(execution)
        .orElseThrow(() -> new NotFoundException("there is no execution " + execution));
  }

  /**
   * Asks what runs here to stop, without waiting, and takes this process out of the tables if
   * nothing runs any more.
   */
  @Override
  public void close() {
    engine.local().askToStop();
    engine.heartbeat().close();
  }
}
