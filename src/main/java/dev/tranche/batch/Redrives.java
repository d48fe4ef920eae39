package dev.tranche.batch;

import dev.tranche.RefusedException;
import dev.tranche.partition.InputException;
import dev.tranche.plan.ChunkStepPlan;
import dev.tranche.plan.JobPlan;
import dev.tranche.plan.StepPlan;
import dev.tranche.store.Executions;
import dev.tranche.store.Rejects;
import dev.tranche.store.StepState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.parameters.JobParameter;
import org.springframework.batch.core.job.parameters.JobParameters;

/**
 * Rejects that are run again: an instance of their own of the same job, whose parameter {@code
 * redrive.of} names an execution of the instance that rejected them.
 *
 * <p>Such an instance has only those steps that have rejects, and a partition for each partition
 * with rejects. It is restarted as any other. Safe for all threads.
 */
final class Redrives {

  private static final Set<String> OVER = Set.of("COMPLETED", "ABANDONED");

  private final Engine engine;
  private final JobSource jobs;

  Redrives(Engine engine, JobSource jobs) {
    this.engine = engine;
    this.jobs = jobs;
  }

  /**
   * The parameters of a new instance that runs the rejects of {@code execution}'s again.
   *
   * @throws RefusedException if there are none, they are under way, or cannot be run again
   */
  JobParameters prepare(Executions.Execution execution, JobParameters parameters) {
    requireNoOther(execution);
    Map<String, String> texts = new HashMap<>(ParameterTexts.of(parameters));
    texts.put(ParameterTexts.REDRIVE_OF, String.valueOf(execution.id()));
    JobPlan plan = jobs.plan(execution.job(), List.of(), texts, null);
    int open = 0;
    for (StepState state : engine.layouts().find(execution.instance())) {
      List<Rejects.Open> rejects = engine.openRejects(state);
      if (!rejects.isEmpty()) {
        requirePossible(plan, state);
        open += rejects.size();
      }
    }
    if (open == 0) {
      throw new RefusedException(
          "there is nothing to redrive: execution " + execution.id()
              + " has no rejects that were not run again already");
    }
    return marked(parameters, execution);
  }

  private void requireNoOther(Executions.Execution execution) {
    List<Long> ids =
        engine.executions().ofInstance(execution.instance()).stream()
            .map(Executions.Execution::id)
            .toList();
    Set<Long> seen = new HashSet<>();
    for (Executions.Execution other : engine.executions().redrivesOf(ids)) {
      boolean isLast = seen.add(other.instance());
      if (isLast && !OVER.contains(other.status())) {
        throw new RefusedException(
            "execution " + other.id() + " redrives these rejects and is " + other.status()
                + (other.isRunning()
                    ? ". End it with: stop " + other.id()
                    : "; run what is missing with: restart " + other.id()));
      }
    }
  }

  private static void requirePossible(JobPlan plan, StepState state) {
    StepPlan step =
        plan.steps().stream()
            .filter(each -> each.name().equals(state.step()))
            .findFirst()
            .orElse(null);
    String obstacle =
        step instanceof ChunkStepPlan chunks
            ? obstacle(chunks, state.files())
            : "it is no step of chunks of the job any more";
    if (obstacle != null) {
      throw new RefusedException(
          "the rejects of step '" + state.step() + "' cannot be redriven: " + obstacle);
    }
  }

  private static @Nullable String obstacle(ChunkStepPlan step, String files) {
    try {
      return step.redriveObstacle(files);
    } catch (InputException unfit) {
      return unfit.getMessage();
    }
  }

  private JobParameters marked(JobParameters parameters, Executions.Execution execution) {
    Set<JobParameter<?>> marked = new HashSet<>();
    for (JobParameter<?> parameter : parameters) {
      if (!ParameterTexts.isOurs(parameter.name())) {
        marked.add(parameter);
      }
    }
    long next = engine.executions().lastRunId(execution.job()) + 1;
    marked.add(new JobParameter<>(ParameterTexts.RUN_ID, next, Long.class, true));
    marked.add(
        new JobParameter<>(ParameterTexts.REDRIVE_OF, execution.id(), Long.class, true));
    return new JobParameters(marked);
  }

  /**
   * What an execution redrives; null if it is an ordinary one.
   *
   * @param texts its parameters
   */
  @Nullable Redrive of(Map<String, String> texts) {
    String origin = texts.get(ParameterTexts.REDRIVE_OF);
    if (origin == null) {
      return null;
    }
    Map<String, StepState> states = new HashMap<>();
    jobs.redriven(origin).forEach(state -> states.put(state.step(), state));
    return new Redrive(engine, states);
  }

  /** @param states the steps of the instance whose rejects they are, by name */
  record Redrive(Engine engine, Map<String, StepState> states) {

    /** Whether a step is to be run at all. */
    boolean concerns(StepPlan step, LocalRun run) {
      StepState state = states.get(step.name());
      return step instanceof ChunkStepPlan
          && state != null
          && (engine.layouts().find(run.row().jobInstance(), step.name()).isPresent()
              || !engine.openRejects(state).isEmpty());
    }

    StepState state(String step) {
      StepState state = states.get(step);
      if (state == null) {
        throw new IllegalStateException(step + " has no rejects");
      }
      return state;
    }

    /** What is open of a step, in the order of partitions. */
    List<Rejects.Open> open(StepState state, ChunkStepPlan step) {
      String obstacle = obstacle(step, state.files());
      if (obstacle != null) {
        throw new RefusedException(
            "the rejects of step '" + state.step() + "' cannot be redriven: " + obstacle);
      }
      return new ArrayList<>(engine.openRejects(state));
    }
  }
}
