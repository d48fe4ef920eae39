package dev.tranche.cli;

import dev.tranche.ExecutionView;
import dev.tranche.PartitionView;
import dev.tranche.RefusedException;
import dev.tranche.RejectView;
import dev.tranche.RunObserver;
import dev.tranche.StepView;
import dev.tranche.TallyView;
import dev.tranche.Tranche;
import dev.tranche.Tranche.Explanation.StepExplanation;
import dev.tranche.Tranche.RestartPlan.Action;
import dev.tranche.Tranche.RestartPlan.Decision;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A door behind which one story is told, again and again: execution 1 loads the earthquakes;
 * execution 2, of one region only, fails at a bad row; execution 3 takes it up and completes it.
 */
class FakeTranche implements Tranche {

  static final TallyView ALL = new TallyView(21816, 21816, 0, 0);
  private static final String SLICE = "jobs/data/earthquakes/oklahoma-region.csv bytes ";
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
  public List<String> lint(List<Path> files) {
    throw new AssertionError("lint must not need the door");
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
          "load-earthquakes ran with these parameters and is complete (execution 1)."
              + " To load again:  run load-earthquakes region=worldwide-2017 --new");
    }
    return parameters.isEmpty() ? tell(first(), observer) : tell(second(), observer);
  }

  @Override
  public ExecutionView restart(long execution, Set<String> only, RunObserver observer) {
    asked.add("restart " + execution + " " + only);
    return tell(third(), observer);
  }

  @Override
  public RestartPlan plan(long execution, Set<String> only) {
    asked.add("plan " + execution + " " + only);
    return new RestartPlan(
        2,
        "load-earthquakes",
        List.of(
            new Decision("load", "p1", Action.KEEP, "", "complete: 9,120 items"),
            new Decision(
                "load", "p2", Action.RERUN, "byte 1,302,528, item 1,501", "failed in execution 2"),
            new Decision("load", "p3", Action.START, "its beginning", "never started")));
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
        new Recovery(4, "load-earthquakes", "its process is gone: FAILED, can be restarted", true),
        new Recovery(5, "load-earthquakes", "runs on host beta", false));
  }

  @Override
  public ExecutionView abandon(long execution) {
    asked.add("abandon " + execution);
    return new ExecutionView(
        2, "load-earthquakes", "ABANDONED", Map.of(), null, null, ALL, ALL, List.of(), List.of());
  }

  @Override
  public List<ExecutionView> executions(@Nullable String job, int limit) {
    asked.add("executions " + job + " " + limit);
    return List.of(withoutSteps(second()), withoutSteps(first()));
  }

  @Override
  public ExecutionView show(long execution) {
    return switch ((int) execution) {
      case 1 -> first();
      case 2 -> second();
      case 3 -> third();
      default ->
        throw new RefusedException(
            "There is no execution " + execution + ". To see which there are:  executions");
    };
  }

  @Override
  public List<PartitionView> partitions(long execution) {
    return second().steps().get(0).partitions();
  }

  @Override
  public List<RejectView> rejects(long execution, int offset, int limit) {
    asked.add("rejects " + execution + " " + offset + " " + limit);
    return List.of(new RejectView(
        "load",
        "p2",
        1204,
        "process",
        "jobs/data/earthquakes/oklahoma-region.csv",
        10325,
        1401202,
        "magnitude",
        "2017-03-01T00:12:09.000Z,36.1,-97.7,,11.2,us2000abcd,Oklahoma",
        "dev.tranche.process.CheckException",
        "magnitude is 11.2, but must be at most 10.",
        "9ac1f3"));
  }

  @Override
  public Explanation explain(String job, Map<String, String> parameters) {
    asked.add("explain " + job + " " + parameters);
    return new Explanation(
        job,
        Map.of("region", "oklahoma-region"),
        List.of(new StepExplanation(
            "load",
            "csv: jobs/data/earthquakes/oklahoma-region.csv (1.9 MB)",
            "upsert into earthquake",
            3,
            2,
            List.of("p1: " + SLICE + "0-900000", "p2: " + SLICE + "900000-1800000"),
            "500 rows, futures, 2 workers, 8 in flight",
            "exactly-once: rows and checkpoint commit together",
            Map.of("default", 2),
            List.of("merge into earthquake (id, place) key (id) values (?, ?)"),
            List.of("upsert: if ids repeat in the input, which one wins is undefined"))));
  }

  /** The execution as an observer hears of it. */
  private static ExecutionView tell(ExecutionView execution, RunObserver observer) {
    observer.started(execution.execution(), execution.job());
    for (StepView step : execution.steps()) {
      observer.stepStarted(step.name(), step.partitions().size(), 2, 1900000);
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
            partition(
                "p1", "COMPLETED", "0-900000", "900000", 1, new TallyView(9120, 9120, 0, 0), null),
            partition(
                "p2",
                "COMPLETED",
                "900000-1900000",
                "1900000",
                1,
                new TallyView(12696, 12696, 0, 0),
                null)),
        List.of());
  }

  private static ExecutionView second() {
    TallyView tally = new TallyView(10620, 10619, 0, 1);
    String failure =
        "load/p2: jobs/data/earthquakes/oklahoma-region.csv:10622, column magnitude: '4,1' is not a"
            + " decimal. 1,500 items of p2 are committed; a restart goes on at item 1,501.";
    return execution(
        2,
        "FAILED",
        Map.of("region", "oklahoma-region"),
        tally,
        tally,
        List.of(
            partition(
                "p1", "COMPLETED", "0-900000", "900000", 1, new TallyView(9120, 9120, 0, 0), null),
            partition(
                "p2",
                "FAILED",
                "900000-1800000",
                "1302528",
                1,
                new TallyView(1500, 1499, 0, 1),
                "'4,1' is not a decimal"),
            partition(
                "p3", "STARTING", "1800000-1900000", null, 0, new TallyView(0, 0, 0, 0), null)),
        List.of(failure));
  }

  private static ExecutionView third() {
    return execution(
        3,
        "COMPLETED",
        Map.of("region", "oklahoma-region"),
        new TallyView(13954, 13953, 0, 1),
        new TallyView(3334, 3334, 0, 0),
        List.of(
            partition(
                "p1", "COMPLETED", "0-900000", "900000", 1, new TallyView(9120, 9120, 0, 0), null),
            partition(
                "p2",
                "COMPLETED",
                "900000-1800000",
                "1800000",
                2,
                new TallyView(4010, 4009, 0, 1),
                null),
            partition(
                "p3",
                "COMPLETED",
                "1800000-1900000",
                "1900000",
                1,
                new TallyView(824, 824, 0, 0),
                null)),
        List.of());
  }

  private static PartitionView partition(
      String name,
      String status,
      String bytes,
      @Nullable String position,
      int attempts,
      TallyView tally,
      @Nullable String failure) {
    return new PartitionView(
        "load", name, status, SLICE + bytes, position, attempts, tally, failure);
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
