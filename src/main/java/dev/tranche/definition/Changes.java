package dev.tranche.definition;

import dev.tranche.definition.Change.Effect;
import dev.tranche.definition.WriteDefinition.Jdbc.Mode;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares a step as it is now with what it was, key by key. One use, one thread. */
public final class Changes {

  private final JobFile now;
  private final String step;
  private final List<Change> found = new ArrayList<>();

  private Changes(JobFile now, String step) {
    this.now = now;
    this.step = step;
  }

  /**
   * What differs, in the order of the language.
   *
   * @param file where {@code after} is from
   * @param after null: the step is not there any more
   */
  public static List<Change> between(
      JobFile file, StepDefinition before, @Nullable StepDefinition after) {
    Changes changes = new Changes(file, before.name());
    if (after == null) {
      changes.add(List.of(), Effect.IMPOSSIBLE, "there", "missing");
    } else if (before.getClass() != after.getClass()) {
      changes.add(List.of(), Effect.IMPOSSIBLE, kind(before), kind(after));
    } else {
      changes.compare((Record) before, (Record) after, List.of());
    }
    return List.copyOf(changes.found);
  }

  /** The order of steps, as far as they have begun: another one is another run. */
  public static List<Change> order(JobFile file, List<String> before, List<String> after) {
    if (before.equals(after) || after.isEmpty()) {
      return List.of(); // a step that is not there any more is a change of its own
    }
    Changes changes = new Changes(file, before.get(before.size() - 1));
    changes.add(
        List.of(),
        Effect.IMPOSSIBLE,
        "in the order " + String.join(", ", before),
        "in the order " + String.join(", ", after));
    return changes.found;
  }

  private static String kind(StepDefinition step) {
    return step instanceof SqlStepDefinition
        ? "a 'sql' step"
        : step instanceof TaskletStepDefinition ? "a 'tasklet' step" : "a 'read' step";
  }

  private void compare(Record before, Record after, List<String> way) {
    for (RecordComponent component : before.getClass().getRecordComponents()) {
      Object was = value(component, before);
      Object is = value(component, after);
      List<String> deeper = new ArrayList<>(way);
      deeper.add(key(component));
      if (was instanceof Record one && one.getClass().isInstance(is)) {
        compare(one, (Record) is, deeper);
      } else if (!Objects.equals(was, is)) {
        add(deeper, effect(component, was, is), written(was), written(is));
      }
    }
  }

  /** Stages and caches say who does it and how, not what is done. */
  private static Effect effect(
      RecordComponent component, @Nullable Object was, @Nullable Object is) {
    if (was == Mode.REPLACE || is == Mode.REPLACE) {
      return Effect.IMPOSSIBLE; // what was written so far is in another table
    }
    boolean sameWork = was instanceof List<?> && work(was).equals(work(is));
    return sameWork ? Effect.HARMLESS : Effects.of(component);
  }

  private static List<?> work(@Nullable Object process) {
    return process instanceof List<?> entries
        ? entries.stream()
            .filter(entry -> !(entry instanceof ProcessDefinition.Stage))
            .map(entry ->
                entry instanceof ProcessDefinition.Lookup lookup ? lookup.from().work() : entry)
            .toList()
        : List.of();
  }

  private void add(List<String> way, Effect effect, String before, String after) {
    Problem place = now.problem(step, way, "");
    found.add(new Change(step, String.join(".", way), effect, before, after, place));
  }

  private static @Nullable Object value(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String key(RecordComponent component) {
    Key key = component.getAnnotation(Key.class);
    return key == null || key.name().isEmpty() ? kebab(component.getName()) : key.name();
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** As it would be written in one line. */
  private static String written(@Nullable Object value) {
    if (value == null) {
      return "none";
    }
    if (value instanceof Enum<?> word) {
      return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
    if (value instanceof Duration time) {
      return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }
    if (value instanceof Collection<?> items) {
      return items.stream().map(Changes::written).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Map<?, ?> entries) {
      return entries.entrySet().stream()
          .map(entry -> entry.getKey() + ": " + written(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return value instanceof Record record ? written(record) : value.toString();
  }

  private static String written(Record record) {
    String keys =
        Arrays.stream(record.getClass().getRecordComponents())
            .filter(component -> value(component, record) != null)
            .map(component -> key(component) + ": " + written(value(component, record)))
            .collect(Collectors.joining(", ", "{", "}"));
    return record instanceof ProcessDefinition
        ? kebab(record.getClass().getSimpleName()).substring(1) + " " + keys
        : keys;
  }
}
