package dev.tranche.plan;

import dev.tranche.definition.Change;
import dev.tranche.definition.Change.Effect;
import dev.tranche.definition.Changes;
import dev.tranche.definition.InvalidDefinitionException;
import dev.tranche.definition.JobDefinition;
import dev.tranche.definition.JobFile;
import dev.tranche.definition.Placeholders;
import dev.tranche.definition.StepDefinition;
import dev.tranche.definition.With;
import dev.tranche.store.StepState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What was edited in a job file since the steps of an instance began, and whether they can go on.
 *
 * <p>Steps that are done are not run again, and steps that never began have nothing to keep to: only
 * what lies between counts. One use, one thread.
 */
final class Edits {

  private final Placeholders environment;
  private final List<StepState> frozen;
  private final UnaryOperator<@Nullable String> texts;

  /** @param texts the text of a definition by its version, null if there is none */
  Edits(
      Placeholders environment, List<StepState> frozen, UnaryOperator<@Nullable String> texts) {
    this.environment = environment;
    this.frozen = frozen;
    this.texts = texts;
  }

  /** The file as it was when the last step that is not done began; the file itself if none is. */
  JobFile old(JobFile file) {
    JobFile old = file;
    for (StepState state : frozen) {
      String text = state.phase() == StepState.Phase.DONE ? null : texts.apply(state.definition());
      old = text == null ? old : JobFile.parse(file.file(), text);
    }
    return old;
  }

  /** Key by key. */
  List<Change> changes(JobFile file, JobDefinition now) {
    List<Change> changes = new ArrayList<>();
    for (StepState state : frozen) {
      String text = state.phase() == StepState.Phase.DONE ? null : texts.apply(state.definition());
      boolean edited = text != null && !text.equals(file.text());
      JobDefinition then = edited ? then(file, String.valueOf(text), state) : null;
      StepDefinition before = then == null ? null : step(then, state.step());
      if (then != null && before != null) {
        changes.addAll(Changes.between(file, before, step(now, state.step())));
        changes.addAll(
            Changes.order(file, names(then, state.step()), names(now, state.step())));
      }
    }
    return changes;
  }

  /** Why these changes cannot be gone on with unless somebody chooses; empty if they can. */
  static List<String> problems(String job, List<Change> changes, @Nullable With with) {
    List<String> problems = new ArrayList<>();
    boolean impossible = false;
    for (Change change : changes) {
      boolean undecided = change.effect() == Effect.DECISION && with == null;
      if (change.effect() == Effect.IMPOSSIBLE || undecided) {
        problems.add(change.toString());
      }
      impossible |= change.effect() == Effect.IMPOSSIBLE;
    }
    if (impossible) {
      problems.add(
          "What is done and what is missing would not fit together. Go on by the definition that"
              + " the run began with, by restart --with old; or start over with: run " + job
              + " --new");
    } else if (!problems.isEmpty()) {
      problems.add(
          "Rows that are loaded were made by the old definition. Make the missing ones by the new"
              + " one with restart --with new, or by the old one with restart --with old");
    }
    return problems;
  }

  /** The job as it was defined; null if this version cannot read that any more. */
  private @Nullable JobDefinition then(JobFile file, String text, StepState state) {
    try {
      Placeholders placeholders = Placeholders.of(state.placeholders()).or(environment);
      return JobFile.parse(file.file(), text).resolve(placeholders);
    } catch (InvalidDefinitionException unreadable) {
      return null;
    }
  }

  private static @Nullable StepDefinition step(JobDefinition job, String name) {
    return job.steps().stream().filter(step -> step.name().equals(name)).findFirst().orElse(null);
  }

  /** The steps up to {@code last}; none if that is not among them. */
  private static List<String> names(JobDefinition job, String last) {
    List<String> names = job.steps().stream().map(StepDefinition::name).toList();
    return names.subList(0, names.indexOf(last) + 1);
  }
}
