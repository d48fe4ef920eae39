package dev.tranche.batch;

import dev.tranche.ExecutionView;
import dev.tranche.PartitionView;
import dev.tranche.RejectGroupView;
import dev.tranche.RejectView;
import dev.tranche.StepView;
import dev.tranche.TallyView;
import dev.tranche.partition.SliceJson;
import dev.tranche.definition.Secrets;
import dev.tranche.store.Claim;
import dev.tranche.store.Executions;
import dev.tranche.store.PartitionState;
import dev.tranche.store.Position;
import dev.tranche.store.StepState;
import dev.tranche.store.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;

/** What the tables say, as front ends show it. Safe for all threads. */
final class Views {

  private static final Log log = LogFactory.getLog(Views.class);

  private final Engine engine;
  private final Targets targets;

  Views(Engine engine, Targets targets) {
    this.engine = engine;
    this.targets = targets;
  }

  static TallyView tally(Tally tally) {
    return new TallyView(tally.read(), tally.written(), tally.filtered(), tally.rejected());
  }

  /** Why an execution was refused; null if it was not. */
  static @Nullable String refusal(ExitStatus exit) {
    String words = exit.getExitDescription();
    return words.startsWith(Outcome.REFUSED) ? words.substring(Outcome.REFUSED.length()) : null;
  }

  /** Without their steps. */
  List<ExecutionView> list(List<Executions.Execution> executions) {
    Set<Long> ids = executions.stream().map(Executions.Execution::id).collect(Collectors.toSet());
    Set<Long> instances =
        executions.stream().map(Executions.Execution::instance).collect(Collectors.toSet());
    Map<Long, Map<String, String>> parameters = engine.executions().parameters(ids);
    List<Executions.Step> steps = engine.executions().steps(instances);
    return executions.stream()
        .map(
            execution ->
                view(
                    execution,
                    parameters.getOrDefault(execution.id(), Map.of()),
                    new History(execution, steps, runningNow(execution)),
                    List.of(),
                    List.of(),
                    Edited.NOTHING))
        .toList();
  }

  /** With its steps and their partitions. */
  ExecutionView show(Executions.Execution execution) {
    List<Executions.Step> rows = engine.executions().steps(List.of(execution.instance()));
    History history = new History(execution, rows, runningNow(execution));
    List<StepView> steps = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    Map<String, StepState> states = states(execution.instance());
    for (String name : history.stepNames(states.keySet())) {
      StepState state = states.get(name);
      List<PartitionView> partitions = state == null ? List.of() : partitions(state);
      steps.add(step(history, name, state, partitions));
      failures.addAll(failures(partitions, history.words(name)));
    }
    String own = execution.exitMessage();
    if (failures.isEmpty() && execution.status().equals("FAILED") && !own.isEmpty()) {
      failures.add(own);
    }
    Map<String, String> parameters =
        engine.executions().parameters(List.of(execution.id())).getOrDefault(execution.id(), Map.of());
    return view(execution, parameters, history, steps, failures, edited(execution, states));
  }

  /** What was edited; an execution that is not Tranche's own has nothing of that kind. */
  private Edited edited(Executions.Execution execution, Map<String, StepState> states) {
    try {
      JobExecution stored =
          states.isEmpty() ? null : engine.jobRepository().getJobExecution(execution.id());
      return stored == null ? Edited.NOTHING : new Edited(stored.getExecutionContext());
    } catch (IllegalArgumentException unreadable) {
      // By another serializer, or of a class that is gone: all else can be shown.
      log.debug("The execution context of " + execution.id() + " cannot be read", unreadable);
      return Edited.NOTHING;
    }
  }

  private static ExecutionView view(
      Executions.Execution execution,
      Map<String, String> parameters,
      History history,
      List<StepView> steps,
      List<String> failures,
      Edited edited) {
    return new ExecutionView(
        execution.id(),
        execution.job(),
        execution.status(),
        masked(parameters),
        execution.started(),
        execution.ended(),
        tally(history.total()),
        tally(history.own()),
        steps,
        failures,
        edited.with(),
        edited.changes());
  }

  private static Map<String, String> masked(Map<String, String> parameters) {
    Map<String, String> masked = new LinkedHashMap<>(parameters);
    masked.replaceAll((name, value) -> Secrets.isSecret(name) ? Secrets.MASK : value);
    return masked;
  }

  private StepView step(
      History history, String name, @Nullable StepState state, List<PartitionView> partitions) {
    return new StepView(
        name,
        history.status(name),
        tally(history.total(name)),
        tally(history.own(name)),
        history.duration(name),
        state == null ? null : targets.describe(history.execution().job(), state),
        partitions);
  }

  private static List<String> failures(List<PartitionView> partitions, String words) {
    List<String> failures = new ArrayList<>();
    for (PartitionView partition : partitions) {
      if (partition.status().equals("FAILED") && partition.failure() != null) {
        failures.add(partition.failure());
      }
    }
    if (failures.isEmpty() && !words.isEmpty()) {
      failures.add(words);
    }
    return failures;
  }

  private Map<String, StepState> states(long instance) {
    Map<String, StepState> states = new LinkedHashMap<>();
    found(instance).forEach(state -> states.put(state.step(), state));
    return states;
  }

  private List<StepState> found(long instance) {
    return engine.hasTables() ? engine.layouts().find(instance) : List.of();
  }

  /** The partitions of all steps of an instance. */
  List<PartitionView> partitions(long instance) {
    List<PartitionView> all = new ArrayList<>();
    states(instance).values().forEach(state -> all.addAll(partitions(state)));
    return all;
  }

  /** The rejected items of all steps of an instance, step by step. */
  List<RejectView> rejects(long instance, int offset, int limit) {
    return new RejectViews(engine).list(states(instance).values(), offset, limit);
  }

  /** The same by kind of error. */
  List<RejectGroupView> rejectGroups(long instance) {
    return new RejectViews(engine).groups(states(instance).values());
  }

  private List<PartitionView> partitions(StepState state) {
    List<PartitionView> views = new ArrayList<>();
    Map<Integer, Claim> checkpoints = engine.checkpoints(state);
    engine.eachPartition(
        state.layout(),
        partition ->
            views.add(partition(state, partition, checkpoints.get(partition.key().number()))));
    return views;
  }

  /** The checkpoint is the truth; without it (the target is away) the repository's copy is shown. */
  private static PartitionView partition(
      StepState state, PartitionState partition, @Nullable Claim claim) {
    Tally tally = claim == null ? partition.tally() : claim.checkpoint().tally();
    Position watermark = claim == null ? null : claim.checkpoint().watermark();
    return new PartitionView(
        state.step(),
        partition.key().name(),
        partition.status().name(),
        SliceJson.read(partition.slice()).describe(),
        watermark == null ? null : Words.position(watermark),
        partition.attempts(),
        tally(tally),
        partition.failure());
  }

  /** What the partitions of a running instance have done so far; null if the execution has ended. */
  private @Nullable Map<String, Tally> runningNow(Executions.Execution execution) {
    if (!execution.isRunning()) {
      return null;
    }
    Map<String, Tally> tallies = new LinkedHashMap<>();
    for (StepState state : found(execution.instance())) {
      tallies.put(state.step(), engine.layouts().extent(state.layout()).tally());
    }
    return tallies;
  }

  /** The step executions of an instance up to one execution, lanes left out. */
  private record History(
      Executions.Execution execution,
      List<Executions.Step> rows,
      @Nullable Map<String, Tally> running) {

    History {
      rows =
          rows.stream()
              .filter(row -> row.instance() == execution.instance())
              .filter(row -> row.execution() <= execution.id() && !Lane.isLane(row.name()))
              .toList();
    }

    Collection<String> stepNames(Set<String> laidOut) {
      Set<String> names = new java.util.LinkedHashSet<>(laidOut);
      rows.forEach(row -> names.add(row.name()));
      return names;
    }

    Tally total(String step) {
      Tally now = running == null ? null : running.get(step);
      return now != null ? now : sum(step, false);
    }

    Tally own(String step) {
      Tally now = running == null ? null : running.get(step);
      return now != null ? now.minus(earlier(step)) : sum(step, true);
    }

    private Tally earlier(String step) {
      return sum(step, false).minus(sum(step, true));
    }

    private Tally sum(String step, boolean ownOnly) {
      return rows.stream()
          .filter(row -> row.name().equals(step))
          .filter(row -> !ownOnly || row.execution() == execution.id())
          .map(Executions.Step::tally)
          .reduce(Tally.ZERO, Tally::plus);
    }

    Tally total() {
      return names().stream().map(this::total).reduce(Tally.ZERO, Tally::plus);
    }

    Tally own() {
      return names().stream().map(this::own).reduce(Tally.ZERO, Tally::plus);
    }

    private Collection<String> names() {
      return stepNames(running == null ? Set.of() : running.keySet());
    }

    private Executions.@Nullable Step last(String step) {
      return rows.stream()
          .filter(row -> row.name().equals(step))
          .reduce((earlier, later) -> later)
          .orElse(null);
    }

    String status(String step) {
      Executions.Step last = last(step);
      return last == null ? "STARTING" : last.status();
    }

    /** What its own execution of a step says, if it failed. */
    String words(String step) {
      Executions.Step last = last(step);
      boolean failed =
          last != null && last.execution() == execution.id() && last.status().equals("FAILED");
      return failed && last != null ? last.exitMessage() : "";
    }

    @Nullable Duration duration(String step) {
      Executions.Step last = last(step);
      return last == null || last.started() == null || last.ended() == null
          ? null
          : Duration.between(last.started(), last.ended());
    }
  }
}
