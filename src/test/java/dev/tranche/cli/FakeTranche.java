package dev.tranche.cli;

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
import dev.tranche.StepView;
import dev.tranche.TallyView;
import dev.tranche.Tranche.Explanation.StepExplanation;
import dev.tranche.Tranche.RestartPlan.Action;
import dev.tranche.Tranche.RestartPlan.Decision;
import dev.tranche.Tranche;
import dev.tranche.definition.JobFile;
import dev.tranche.definition.Problem;
import dev.tranche.definition.With;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A door behind which one story is told, again and again: execution 1 loads the earthquakes;
 * execution 2, of one region only, fails at a bad row; execution 3 takes it up and completes it.
 */
class FakeTranche implements Tranche {

  static final TallyView ALL = new TallyView(21816, 21816, 0, 0);
  private static final String SLICE = "oklahoma-region.csv";
  private static final String FAILURE =
      "load/p2 failed at item 2111 (jobs/data/earthquakes/oklahoma-region.csv, line 10622):"
          + " magnitude: '4x1' is not a decimal; the step may reject 1 items (on-error.skip.limit)."
          + " 2110 items are safe; a restart goes on at item 2111, line 10622";
  private static final LocalDateTime START = LocalDateTime.parse("2026-11-22T02:15:00");
  private static final String DATABASE = "table earthquake of jdbc:h2:file:./var/tranche";

  /** What was asked, as calls. */
  final List<String> asked = new ArrayList<>();

  @Override
  public Jobs jobs() {
    return new Jobs(
        List.of(new JobView(
            "load-earthquakes",
            "Load the USGS earthquake catalogues into one table",
            "jobs/load-earthquakes.yml",
            List.of("load"),
            List.of("region"))),
        List.of());
  }

  @Override
  public List<Problem> lint(List<Path> files) {
    throw new AssertionError("lint must not need the door");
  }

  @Override
  public List<Problem> lint(String file, String text) {
    asked.add("lint " + file);
    return JobFile.parse(file, text).problems();
  }

  @Override
  public String schema() {
    throw new AssertionError("schema must not need the door");
  }

  @Override
  public ExecutionView run(
      String job, Map<String, String> parameters, boolean anew, RunObserver observer) {
    asked.add("run " + job + " " + parameters + (anew ? " anew" : ""));
    if (parameters.equals(Map.of("region", "worldwide-2017"))) {
      throw new RefusedException(
          "load-earthquakes with region=worldwide-2017 is complete (execution 1); run it anew with:"
              + " run load-earthquakes region=worldwide-2017 --new");
    }
    return parameters.isEmpty() ? tell(first(), observer) : tell(second(), observer);
  }

  @Override
  public ExecutionView start(String job, Map<String, String> parameters, boolean anew) {
    return run(job, parameters, anew, RunObserver.NONE);
  }

  @Override
  public ExecutionView start(long execution, Set<String> only, @Nullable With with) {
    return restart(execution, only, with, RunObserver.NONE);
  }

  @Override
  public ExecutionView restart(
      long execution, Set<String> only, @Nullable With with, RunObserver observer) {
    asked.add("restart " + execution + " " + only + (with == null ? "" : " with " + with));
    return tell(third(), observer);
  }

  @Override
  public RestartPlan plan(long execution, Set<String> only, @Nullable With with) {
    asked.add("plan " + execution + " " + only + (with == null ? "" : " with " + with));
    return new RestartPlan(
        2,
        "load-earthquakes",
        List.of(),
        null,
        List.of(
            new Decision("load", "p1", Action.KEEP, "", "complete"),
            new Decision("load", "p2", Action.RERUN, "item 2111, line 10622", FAILURE),
            new Decision("load", "p3", Action.START, "the beginning", "it was never begun")));
  }

  @Override
  public void stop(long execution) {
    asked.add("stop " + execution);
  }

  @Override
  public void stopAll() {
    asked.add("stopAll");
  }

  @Override
  public List<Recovery> recover() {
    return List.of(
        new Recovery(
            4, "load-earthquakes", "process 4711 on alpha died; FAILED, 9500 items are safe", true),
        new Recovery(5, "load-earthquakes", "process 815 on beta is alive", false));
  }

  @Override
  public Recovery recover(long execution) {
    asked.add("recover " + execution);
    return recover().get(0);
  }

  @Override
  public Schedules schedules() {
    return new FakeSchedules(asked);
  }

  @Override
  public PurgeView purge(@Nullable String job, @Nullable PurgeRule rule, boolean dryRun) {
    asked.add("purge " + job + " " + rule + (dryRun ? " dry" : ""));
    return new PurgeView(
        dryRun,
        List.of(new PurgeView.Purged("load-earthquakes", "COMPLETED", 120, 131)),
        List.of(new PurgeView.Kept("load-earthquakes", "COMPLETED", 2, 17)));
  }

  @Override
  public ExecutionView startRedrive(long execution) {
    asked.add("start redrive " + execution);
    return second();
  }

  @Override
  public ExecutionView abandon(long execution) {
    asked.add("abandon " + execution);
    return new ExecutionView(
        2, "load-earthquakes", "ABANDONED", Map.of(), null, null, ALL, ALL, List.of(), List.of());
  }

  @Override
  public List<ExecutionView> executions(@Nullable String job, long before, int limit) {
    asked.add("executions " + job + " " + limit);
    return List.of(withoutSteps(second()), withoutSteps(first()));
  }

  @Override
  public ExecutionView show(long execution) {
    return switch ((int) execution) {
      case 1 -> first();
      case 2 -> second();
      case 3 -> third();
      default -> throw new NotFoundException("there is no execution " + execution);
    };
  }

  @Override
  public List<PartitionView> partitions(long execution) {
    return second().steps().get(0).partitions();
  }

  @Override
  public List<RejectView> rejects(long execution, int offset, int limit) {
    asked.add("rejects " + execution + " " + offset + " " + limit);
    return List.of(reject());
  }

  @Override
  public List<RejectGroupView> rejectGroups(long execution) {
    asked.add("rejectGroups " + execution);
    return List.of(new RejectGroupView("load", "767048e6", 1, 0, List.of(reject())));
  }

  @Override
  public ExecutionView redrive(long execution, RunObserver observer) {
    asked.add("redrive " + execution);
    return tell(fourth(), observer);
  }

  private static RejectView reject() {
    return new RejectView(
        "load",
        "p2",
        488,
        "process",
        "jobs/data/earthquakes/oklahoma-region.csv",
        9000,
        1557288,
        "magnitude",
        "2015-05-03T18:09:42.100Z,36.5217,-98.9878,5,11.2,ml,us20002byt,Oklahoma",
        "dev.tranche.chunk.ItemError",
        "column 'magnitude' is 11.2; it must be at most 10",
        "767048e6",
        null);
  }

  @Override
  public @Nullable String leaseTrouble() {
    return null;
  }

  @Override
  public Explanation explain(String job, Map<String, String> parameters) {
    asked.add("explain " + job + " " + parameters);
    return new Explanation(
        job,
        Map.of("region", "oklahoma-region"),
        List.of(new StepExplanation(
            "load",
            "csv files jobs/data/earthquakes/oklahoma-region.csv",
            DATABASE,
            3,
            2,
            List.of(SLICE + "[161..979869)", SLICE + "[979869..1959532)"),
            "of 500 items, in futures mode, with 2 workers for each lane, 8 in flight",
            "exactly once: rows and checkpoint are committed in one transaction",
            Map.of("default", 4),
            List.of(
                "merge into \"PUBLIC\".\"EARTHQUAKE\" (\"ID\", \"PLACE\") key (\"ID\") values (?, ?)"),
            List.of("of rows with equal keys, the last one wins within a chunk"))));
  }

  /** The execution as an observer hears of it. */
  private static ExecutionView tell(ExecutionView execution, RunObserver observer) {
    observer.started(execution.execution(), execution.job());
    for (StepView step : execution.steps()) {
      observer.stepStarted(step.name(), step.partitions().size(), 2, 1900000);
      for (PartitionView partition : step.partitions()) {
        if (partition.failure() != null) {
          observer.notice(step.name(), partition.name(), partition.failure());
        }
      }
      observer.stepEnded(step);
    }
    return execution;
  }

  private static ExecutionView first() {
    return execution(
        1,
        "COMPLETED",
        Map.of(),
        ALL,
        ALL,
        List.of(
            complete("p1", "[161..1245529)", 9120), complete("p2", "[1245529..2449357)", 12696)),
        List.of());
  }

  private static ExecutionView second() {
    TallyView tally = new TallyView(7888, 7887, 0, 1);
    return execution(
        2,
        "FAILED",
        Map.of("region", "oklahoma-region"),
        tally,
        tally,
        List.of(
            complete("p1", "[161..979869)", 5778),
            new PartitionView(
                "load",
                "p2",
                "FAILED",
                SLICE + "[979869..1959532)",
                "item 2111, line 10622",
                1,
                new TallyView(2110, 2109, 0, 1),
                FAILURE),
            new PartitionView(
                "load",
                "p3",
                "STARTING",
                SLICE + "[1959532..2449357)",
                null,
                0,
                new TallyView(0, 0, 0, 0),
                null)),
        List.of(FAILURE));
  }

  private static ExecutionView third() {
    return execution(
        3,
        "COMPLETED",
        Map.of("region", "oklahoma-region"),
        new TallyView(13954, 13953, 0, 1),
        new TallyView(6066, 6066, 0, 0),
        List.of(
            complete("p1", "[161..979869)", 5778),
            new PartitionView(
                "load",
                "p2",
                "COMPLETED",
                SLICE + "[979869..1959532)",
                "item 5450, line 11228",
                2,
                new TallyView(5449, 5448, 0, 1),
                null),
            complete("p3", "[1959532..2449357)", 2727)),
        List.of());
  }

  private static ExecutionView fourth() {
    TallyView one = new TallyView(1, 1, 0, 0);
    return execution(
        4,
        "COMPLETED",
        new TreeMap<>(Map.of("redrive.of", "3", "region", "oklahoma-region", "run.id", "1")),
        one,
        one,
        List.of(
            new PartitionView(
                "load", "p1", "COMPLETED", "rejects of p2", "item 2", 1, one, null)),
        List.of());
  }

  private static PartitionView complete(String name, String bytes, int items) {
    return new PartitionView(
        "load",
        name,
        "COMPLETED",
        SLICE + bytes,
        "item " + (items + 1),
        1,
        new TallyView(items, items, 0, 0),
        null);
  }

  private static ExecutionView execution(
      long id,
      String status,
      Map<String, String> parameters,
      TallyView tally,
      TallyView mine,
      List<PartitionView> partitions,
      List<String> failures) {
    StepView step =
        new StepView("load", status, tally, mine, Duration.ofMillis(2000), DATABASE, partitions);
    return new ExecutionView(
        id,
        "load-earthquakes",
        status,
        parameters,
        START,
        START.plusSeconds(2),
        tally,
        mine,
        List.of(step),
        failures);
  }

  private static ExecutionView withoutSteps(ExecutionView it) {
    return new ExecutionView(
        it.execution(),
        it.job(),
        it.status(),
        it.parameters(),
        it.started(),
        it.ended(),
        it.tally(),
        it.thisExecution(),
        List.of(),
        List.of());
  }
}
