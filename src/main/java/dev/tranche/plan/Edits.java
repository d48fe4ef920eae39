package dev.tranche.plan;

import dev.tranche.definition.ChunkStepDefinition;
import dev.tranche.definition.InvalidDefinitionException;
import dev.tranche.definition.JobDefinition;
import dev.tranche.definition.JobFile;
import dev.tranche.definition.PartitionDefinition;
import dev.tranche.definition.Placeholders;
import dev.tranche.definition.SqlStepDefinition;
import dev.tranche.definition.StepDefinition;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.store.StepState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a definition that was edited since a step began still fits what was frozen: what is
 * read, how it is cut and where it goes must be as it was; all else may change.
 */
final class Edits {

  private final JobFile file;
  private final Placeholders environment;
  private final UnaryOperator<@Nullable String> texts;
  private final List<String> problems;

  Edits(
      JobFile file,
      Placeholders environment,
      UnaryOperator<@Nullable String> texts,
      List<String> problems) {
    this.file = file;
    this.environment = environment;
    this.texts = texts;
    this.problems = problems;
  }

  void check(JobDefinition now, List<StepState> frozen) {
    for (StepState state : frozen) {
      String text = texts.apply(state.definition());
      boolean edited = text != null && !text.equals(file.text());
      if (edited && state.phase() != StepState.Phase.DONE) {
        check(state, then(state, text), step(now, state.step()));
      }
    }
  }

  /** The step as it was defined; null if this version cannot read that any more. */
  private @Nullable StepDefinition then(StepState state, String text) {
    try {
      Placeholders placeholders = Placeholders.of(state.placeholders()).or(environment);
      return step(JobFile.parse(file.file(), text).resolve(placeholders), state.step());
    } catch (InvalidDefinitionException unreadable) {
      return null;
    }
  }

  private static @Nullable StepDefinition step(JobDefinition job, String name) {
    return job.steps().stream().filter(step -> step.name().equals(name)).findFirst().orElse(null);
  }

  private void check(StepState state, @Nullable StepDefinition then, @Nullable StepDefinition now) {
    List<String> changed = new ArrayList<>();
    if (now == null) {
      problems.add(
          file.file() + ": step '" + state.step() + "' was begun, and is not in the job any more."
              + wayOut());
      return;
    }
    if (then instanceof ChunkStepDefinition before && now instanceof ChunkStepDefinition after) {
      compare("read", before.read(), after.read(), changed);
      compare("partition", rule(before.partition()), rule(after.partition()), changed);
      compare("write", place(before.write()), place(after.write()), changed);
    } else if (then instanceof SqlStepDefinition before && now instanceof SqlStepDefinition after) {
      compare("connection", before.connection(), after.connection(), changed);
    } else if (then != null && then.getClass() != now.getClass()) {
      changed.add("kind");
    }
    changed.forEach(
        key ->
            problems.add(
                file.file() + ": '" + key + "' of step '" + state.step()
                    + "' is not what it was when the step began, so that what is done and what is"
                    + " missing would not fit together." + wayOut()));
  }

  private String wayOut() {
    return " Put it back, or start over with: run " + file.name() + " --new";
  }

  private static void compare(
      String key, @Nullable Object before, @Nullable Object after, List<String> changed) {
    if (!Objects.equals(before, after)) {
      changed.add(key);
    }
  }

  /** How it is cut; how many lanes run the partitions may change. */
  private static Object rule(PartitionDefinition partition) {
    if (partition instanceof PartitionDefinition.Bytes bytes) {
      return new PartitionDefinition.Bytes(bytes.size(), bytes.count(), 1);
    }
    if (partition instanceof PartitionDefinition.Bean bean) {
      return new PartitionDefinition.Bean(bean.bean(), bean.count(), 1);
    }
    return partition.getClass();
  }

  /** Where it goes; how it is written may change. */
  private static Object place(WriteDefinition write) {
    if (write instanceof WriteDefinition.Jdbc jdbc) {
      return List.of(String.valueOf(jdbc.connection()), jdbc.table());
    }
    if (write instanceof WriteDefinition.Csv csv) { // its segments hold records as they were
      return new WriteDefinition.Csv(
          csv.file(),
          csv.columns(),
          csv.header(),
          csv.delimiter(),
          csv.quote(),
          csv.charset(),
          csv.lineEnd(),
          csv.nullValue(),
          true);
    }
    if (write instanceof WriteDefinition.Jsonl jsonl) {
      return new WriteDefinition.Jsonl(jsonl.file(), jsonl.columns(), true);
    }
    return List.of(String.valueOf(write.connection()), "a bean");
  }
}
