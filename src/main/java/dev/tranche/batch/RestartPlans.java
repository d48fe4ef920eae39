package dev.tranche.batch;

import dev.tranche.RefusedException;
import dev.tranche.Tranche.RestartPlan;
import dev.tranche.Tranche.RestartPlan.Action;
import dev.tranche.Tranche.RestartPlan.Decision;
import dev.tranche.definition.Change;
import dev.tranche.definition.With;
import dev.tranche.plan.ChunkStepPlan;
import dev.tranche.plan.JobPlan;
import dev.tranche.plan.StepPlan;
import dev.tranche.store.Claim;
import dev.tranche.store.Executions;
import dev.tranche.store.PartitionState;
import dev.tranche.store.StepState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a restart would do with each partition, and why. Safe for all threads. */
final class RestartPlans {

  /** Stands for a step that has no partitions yet. */
  private static final String ALL = "*";

  private final Engine engine;
  private final JobSource jobs;

  RestartPlans(Engine engine, JobSource jobs) {
    this.engine = engine;
    this.jobs = jobs;
  }

  RestartPlan plan(Executions.Execution execution, Set<String> only, @Nullable With with) {
    requireKnown(execution.instance(), only);
    Map<String, String> texts =
        engine
            .executions()
            .parameters(List.of(execution.id()))
            .getOrDefault(execution.id(), Map.of());
    Map<String, StepState> states = states(execution.instance());
    List<Change> changes =
        with == With.OLD ? List.of() : jobs.changes(execution.job(), execution.instance());
    String refusal = null;
    JobPlan plan;
    try {
      plan = jobs.plan(execution.job(), execution.instance(), texts, with);
    } catch (RefusedException refused) {
      if (changes.stream().allMatch(change -> change.effect() == Change.Effect.HARMLESS)) {
        throw refused;
      }
      refusal = refused.getMessage();
      plan = jobs.plan(execution.job(), execution.instance(), texts, With.OLD);
    }
    List<Decision> decisions = new ArrayList<>();
    List<Executions.Step> rows = engine.executions().steps(List.of(execution.instance()));
    for (StepPlan step : plan.steps()) {
      StepState state = states.get(step.name());
      boolean readsFiles = !texts.containsKey(ParameterTexts.REDRIVE_OF);
      if (refusal == null && readsFiles && state != null && step instanceof ChunkStepPlan chunks) {
        refusal = EditedInput.refusal(engine, chunks, state);
      }
      decide(step.name(), state, only, rows, decisions);
    }
    return new RestartPlan(execution.id(), execution.job(), changes, refusal, decisions);
  }

  private void decide(
      String step,
      @Nullable StepState state,
      Set<String> only,
      List<Executions.Step> rows,
      List<Decision> decisions) {
    if (state != null) {
      Map<Integer, Claim> checkpoints = engine.checkpoints(state);
      engine.eachPartition(
          state.layout(),
          partition -> {
            Claim claim = checkpoints.get(partition.key().number());
            decisions.add(leftOut(decide(step, partition, claim), only));
          });
    } else if (isComplete(step, rows)) {
      decisions.add(new Decision(step, ALL, Action.KEEP, "", "the step is complete"));
    } else {
      decisions.add(
          leftOut(
              new Decision(step, ALL, Action.START, "the beginning", "the step was never begun"),
              only));
    }
  }

  private static boolean isComplete(String step, List<Executions.Step> rows) {
    return rows.stream().anyMatch(row -> row.name().equals(step) && row.status().equals("COMPLETED"));
  }

  private static Decision decide(String step, PartitionState partition, @Nullable Claim claim) {
    String name = partition.key().name();
    if (claim != null && claim.checkpoint().complete()) {
      return new Decision(step, name, Action.KEEP, "", "complete");
    }
    if (claim == null) {
      return new Decision(step, name, Action.START, "the beginning", "it was never begun");
    }
    return new Decision(
        step, name, Action.RERUN, Words.position(claim.checkpoint().watermark()), why(partition));
  }

  private static String why(PartitionState partition) {
    String failure = partition.failure();
    return switch (partition.status()) {
      case FAILED -> failure == null ? "it failed" : failure;
      case STOPPED -> "it was stopped";
      case STARTED -> "it runs, or its process died";
      default -> "it is not complete";
    };
  }

  private static Decision leftOut(Decision decision, Set<String> only) {
    boolean named =
        only.isEmpty()
            || decision.action() == Action.KEEP
            || only.contains(decision.step() + "/" + decision.partition());
    return named
        ? decision
        : new Decision(
            decision.step(), decision.partition(), Action.SKIP, decision.from(), "left out by --only");
  }

  /** @throws RefusedException if a name stands for no partition; the message says which there are */
  void requireKnown(long instance, Set<String> only) {
    Map<String, StepState> states = only.isEmpty() ? Map.of() : states(instance);
    for (String name : only) {
      String[] parts = name.split("/", 2);
      StepState state = states.get(parts[0]);
      if (state == null) {
        throw new RefusedException(
            "there is no partition '" + name + "'. Steps that have partitions: "
                + (states.isEmpty() ? "none yet" : String.join(", ", states.keySet())));
      }
      boolean numbered = parts.length == 2 && parts[1].matches("p[1-9]\\d{0,8}");
      if (!numbered || Integer.parseInt(parts[1].substring(1)) > state.partitions()) {
        throw new RefusedException(
            "there is no partition '" + name + "'. Step " + parts[0] + " has "
                + (state.partitions() == 0
                    ? "none"
                    : parts[0] + "/p1 to " + parts[0] + "/p" + state.partitions()));
      }
    }
  }

  private Map<String, StepState> states(long instance) {
    Map<String, StepState> states = new LinkedHashMap<>();
    engine.layouts().find(instance).forEach(state -> states.put(state.step(), state));
    return states;
  }
}
