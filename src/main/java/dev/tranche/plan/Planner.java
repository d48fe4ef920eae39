package dev.tranche.plan;

import dev.tranche.definition.Change;
import dev.tranche.definition.ChunkStepDefinition;
import dev.tranche.definition.InvalidDefinitionException;
import dev.tranche.definition.JobFile;
import dev.tranche.definition.Parameters;
import dev.tranche.definition.Placeholders;
import dev.tranche.definition.ProcessDefinition.LookedUp;
import dev.tranche.definition.ResolvedJob;
import dev.tranche.definition.SqlStepDefinition;
import dev.tranche.definition.StepDefinition;
import dev.tranche.definition.TaskletStepDefinition;
import dev.tranche.definition.With;
import dev.tranche.store.Database;
import dev.tranche.store.Databases;
import dev.tranche.store.StepState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes plans of definitions: binds parameters, resolves names, examines inputs, and finds what
 * cannot work before anything is started. Reads, never writes. Safe for all threads.
 */
public final class Planner {

  private final Databases databases;
  private final Inputs inputs;
  private final NamedBeans beans;

  /**
   * @param baseDirectory what paths of files are resolved against
   * @param mayLeave whether files outside of it may be read
   */
  public Planner(
      Databases databases,
      Path baseDirectory,
      boolean mayLeave,
      Partitioning partitioning,
      NamedBeans beans) {
    this.databases = databases;
    this.inputs = new Inputs(baseDirectory, mayLeave, partitioning, databases);
    this.beans = beans;
  }

  /** What a run that starts a new instance would do. */
  public JobPlan plan(JobFile file, Map<String, String> given, Placeholders environment) {
    return plan(file, given, environment, List.of(), version -> null, null);
  }

  /**
   * What an execution of an instance would do.
   *
   * @param given its parameters
   * @param environment Spring properties and environment variables
   * @param frozen the steps of the instance that were started before
   * @param texts the text of a definition by its version, null if there is none
   * @param with what was chosen, if the file was edited since; null: nothing
   * @throws InvalidDefinitionException if the definition or a parameter is wrong
   * @throws PlanException if it cannot work here
   */
  public JobPlan plan(
      JobFile current,
      Map<String, String> given,
      Placeholders environment,
      List<StepState> frozen,
      UnaryOperator<@Nullable String> texts,
      @Nullable With with) {
    Edits edits = new Edits(environment, frozen, texts);
    JobFile file = with == With.OLD ? edits.old(current) : current;
    Parameters parameters = file.parameters(given);
    Placeholders known = parameters.placeholders().or(environment);
    ResolvedJob resolved =
        file.resolved(
            frozen.isEmpty() ? known : Placeholders.of(frozen.get(0).placeholders()).or(known));
    List<Change> changes =
        with == With.OLD ? List.of() : edits.changes(file, resolved.definition());
    List<String> problems = new ArrayList<>(Edits.problems(file.name(), changes, with));
    List<StepPlan> steps = new ArrayList<>();
    for (StepDefinition step : resolved.definition().steps()) {
      StepPlan plan = plan(step, parameters.values(), problems);
      if (plan != null) {
        steps.add(plan);
      }
    }
    new Feasibility(databases, beans, problems).check(steps, frozen);
    if (!problems.isEmpty()) {
      throw new PlanException(problems);
    }
    return new JobPlan(
        file,
        parameters,
        resolved.placeholders(),
        resolved.definition().onCrash(),
        steps,
        changes);
  }

  /** What was edited in a job file since the steps of an instance began. */
  public List<Change> changes(
      JobFile file,
      Placeholders environment,
      List<StepState> frozen,
      UnaryOperator<@Nullable String> texts) {
    Placeholders known =
        frozen.isEmpty()
            ? environment
            : Placeholders.of(frozen.get(0).placeholders()).or(environment);
    return new Edits(environment, frozen, texts).changes(file, file.resolve(known));
  }

  private @Nullable StepPlan plan(
      StepDefinition step, Map<String, Object> parameters, List<String> problems) {
    if (step instanceof TaskletStepDefinition tasklet) {
      return new TaskletStepPlan(tasklet, databases.repository());
    }
    if (step instanceof SqlStepDefinition sql) {
      Database target = find(step, sql.connection(), problems);
      return target == null ? null : new SqlStepPlan(sql, target);
    }
    ChunkStepDefinition chunks = (ChunkStepDefinition) step;
    Database target = find(step, chunks.write().connection(), problems);
    Database source = find(step, chunks.read().connection(), problems);
    boolean found = true;
    for (LookedUp lookup : LookupTables.of(chunks)) {
      found &= find(step, lookup.connection(), problems) != null;
    }
    return target == null || source == null || !found
        ? null
        : new ChunkStepPlan(chunks, target, databases.repository(), parameters, inputs);
  }

  private @Nullable Database find(
      StepDefinition step, @Nullable String name, List<String> problems) {
    Database found = databases.find(name);
    if (found == null) {
      problems.add(
          "step '" + step.name() + "': there is no connection '" + name + "'. Known: "
              + String.join(", ", databases.names()) + ". Name others as tranche.connections."
              + name + ".url and so on");
    }
    return found;
  }
}
