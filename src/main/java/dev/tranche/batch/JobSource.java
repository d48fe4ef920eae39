package dev.tranche.batch;

import dev.tranche.NotFoundException;
import dev.tranche.RefusedException;
import dev.tranche.Tranche;
import dev.tranche.definition.Change;
import dev.tranche.definition.InvalidDefinitionException;
import dev.tranche.definition.JobDefinition;
import dev.tranche.definition.JobFile;
import dev.tranche.definition.JobFiles;
import dev.tranche.definition.ParameterDefinition;
import dev.tranche.definition.Placeholders;
import dev.tranche.definition.ScheduleDefinition;
import dev.tranche.definition.StepDefinition;
import dev.tranche.definition.With;
import dev.tranche.plan.JobPlan;
import dev.tranche.plan.PlanException;
import dev.tranche.plan.Planner;
import dev.tranche.store.Definitions;
import dev.tranche.store.Executions;
import dev.tranche.store.Layouts;
import dev.tranche.store.StepState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecution;

/**
 * The job files of this process, as they are whenever they are asked for. Safe for all threads.
 *
 * @param environment Spring properties and environment variables
 */
record JobSource(
    JobFolder folder,
    Placeholders environment,
    Planner planner,
    Layouts layouts,
    Executions executions,
    Definitions definitions) {

  JobFiles files() {
    return folder.files();
  }

  /** @throws NotFoundException if there is no such job; the message names those there are */
  JobFile file(String job) {
    JobFiles files = files();
    JobFile file = files.get(job);
    if (file == null) {
      throw new NotFoundException(
          files.byName().isEmpty()
              ? "there is no job '" + job + "': there are no job files in " + folder.path()
              : "there is no job '"
                  + job
                  + "' in "
                  + folder.path()
                  + ". Known: "
                  + String.join(", ", files.byName().keySet()));
    }
    return file;
  }

  /** The schedules of all jobs without problems, by name. */
  Map<String, ScheduleDefinition> schedules() {
    Map<String, ScheduleDefinition> schedules = new TreeMap<>();
    files().byName().forEach((name, file) -> {
      ScheduleDefinition schedule = file.schedule(environment);
      if (schedule != null && file.problems(environment).isEmpty()) {
        schedules.put(name, schedule);
      }
    });
    return schedules;
  }

  /** A job as a list shows it, as far as that can be known without parameters. */
  Tranche.JobView view(JobFile file) {
    List<String> steps = List.of();
    String description = null;
    try {
      JobDefinition definition = file.resolve(examples(file).or(environment));
      steps = definition.steps().stream().map(StepDefinition::name).toList();
      description = definition.description();
    } catch (InvalidDefinitionException needsParameters) {
      // What it does depends on them.
    }
    return new Tranche.JobView(
        file.name(), description, file.file(), steps, List.copyOf(file.parameters().keySet()));
  }

  private static Placeholders examples(JobFile file) {
    Map<String, String> values = new HashMap<>();
    file.parameters()
        .forEach(
            (name, parameter) ->
                values.put(
                    name,
                    parameter.defaultValue() == null
                        ? example(parameter.type())
                        : parameter.defaultValue()));
    return Placeholders.of(values);
  }

  private static String example(ParameterDefinition.Type type) {
    return switch (type) {
      case STRING, LONG, DOUBLE -> "1";
      case DATE -> "2000-01-01";
      case TIMESTAMP -> "2000-01-01T00:00:00Z";
    };
  }

  /**
   * What a run of a new instance would do.
   *
   * @throws RefusedException if it cannot work here
   */
  JobPlan plan(String job, Map<String, String> given) {
    JobFile file = file(job);
    return refusing(() -> planner.plan(file, given, environment));
  }

  /** What an execution will do. @param with what was chosen if the file was edited; null: nothing */
  JobPlan plan(JobExecution execution, @Nullable With with) {
    return plan(
        execution.getJobInstance().getJobName(),
        execution.getJobInstance().getInstanceId(),
        ParameterTexts.of(execution.getJobParameters()),
        with);
  }

  /** What an execution of an instance with these parameters would do. */
  JobPlan plan(String job, long instance, Map<String, String> texts, @Nullable With with) {
    return plan(job, layouts.find(instance), texts, with);
  }

  /**
   * As above. A redrive takes the steps that it has not begun as those were whose rejects it runs,
   * and goes by the job file as it is.
   *
   * @param begun the steps of the instance that were started before
   */
  JobPlan plan(
      String job, List<StepState> begun, Map<String, String> texts, @Nullable With chosen) {
    String origin = texts.get(ParameterTexts.REDRIVE_OF);
    List<StepState> frozen = new ArrayList<>(begun);
    if (origin != null) {
      redriven(origin).stream()
          .filter(state -> begun.stream().noneMatch(own -> own.step().equals(state.step())))
          .forEach(frozen::add);
    }
    With with = origin != null && chosen == null ? With.NEW : chosen;
    JobFile file = file(job);
    return refusing(
        () ->
            planner.plan(
                file,
                ParameterTexts.declared(texts, file.parameters()),
                environment,
                frozen,
                version -> definitions.find(version).orElse(null),
                with));
  }

  /** The steps of the instance that execution {@code origin} belongs to. */
  List<StepState> redriven(String origin) {
    return executions
        .find(Long.parseLong(origin))
        .map(execution -> layouts.find(execution.instance()))
        .orElseThrow(
            () -> new RefusedException("execution " + origin + ", which is redriven, is gone"));
  }

  /** What was edited in the file of a job since the steps of an instance began. */
  List<Change> changes(String job, long instance) {
    return planner.changes(
        file(job),
        environment,
        layouts.find(instance),
        version -> definitions.find(version).orElse(null));
  }

  private static JobPlan refusing(Supplier<JobPlan> planning) {
    try {
      return planning.get();
    } catch (PlanException problems) {
      throw new RefusedException(String.valueOf(problems.getMessage()), problems);
    }
  }
}
