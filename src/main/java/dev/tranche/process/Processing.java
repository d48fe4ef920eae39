package dev.tranche.process;

import dev.tranche.chunk.ItemStep;
import dev.tranche.definition.ProcessDefinition;
import dev.tranche.row.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/**
 * The {@code process:} list of a step, ready to run: expressions parsed, columns resolved.
 *
 * <p>Built once for a step and {@link #bind bound} to the beans of every partition attempt. Safe
 * for all threads.
 */
public final class Processing {

  /** Either a stretch of entries on rows, or a bean. */
  private sealed interface Part {}

  private record Rows(RowSegment segment) implements Part {}

  private record Bean(String name) implements Part {}

  // -- given --
  private final List<Part> parts;
  private final @Nullable Columns columns;

  /**
   * @param input the columns of the rows read; null if the source gives objects of its own
   * @param parameters the job's parameters: {@code #region} in expressions
   * @throws IllegalArgumentException if {@link #problems} finds any; they are the message
   */
  public Processing(
      List<ProcessDefinition> entries, @Nullable Columns input, Map<String, Object> parameters) {
    List<ProcessProblem> problems = new ArrayList<>();
    parts = cut(entries, new ExpressionParser(parameters));
    columns = prepare(parts, input, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          problems.stream().map(ProcessProblem::toString).collect(Collectors.joining("\n")));
    }
  }

  /** Everything that cannot work: unknown columns, expressions, constraints of the wrong type. */
  public static List<ProcessProblem> problems(
      List<ProcessDefinition> entries, @Nullable Columns input, Map<String, Object> parameters) {
    List<ProcessProblem> problems = new ArrayList<>();
    prepare(cut(entries, new ExpressionParser(parameters)), input, problems);
    return problems;
  }

  /** The columns of the rows that come out; null if a bean makes the items. */
  public @Nullable Columns columns() {
    return columns;
  }

  /** @param beans gives the processor bean of a name, the same for the whole attempt */
  public ItemStep<Object, Object> bind(Function<String, ItemProcessor<Object, Object>> beans) {
    List<ItemStep<Object, Object>> bound = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Rows rows) {
        bound.add(rows.segment::apply);
      } else if (part instanceof Bean bean) {
        bound.add(beans.apply(bean.name)::process);
      }
    }
    return bound.size() == 1 ? bound.get(0) : item -> run(bound, item);
  }

  private static @Nullable Object run(List<ItemStep<Object, Object>> chain, Object item)
      throws Exception {
    Object current = item;
    for (int i = 0; i < chain.size() && current != null; i++) {
      current = chain.get(i).apply(current);
    }
    return current;
  }

  private static List<Part> cut(List<ProcessDefinition> entries, ExpressionParser parser) {
    List<Part> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= entries.size(); i++) {
      boolean end = i == entries.size();
      if (end || entries.get(i) instanceof ProcessDefinition.Bean) {
        if (i > start) {
          parts.add(new Rows(new RowSegment(start, entries.subList(start, i), parser)));
        }
        if (!end) {
          parts.add(new Bean(((ProcessDefinition.Bean) entries.get(i)).bean()));
        }
        start = i + 1;
      }
    }
    return parts;
  }

  private static @Nullable Columns prepare(
      List<Part> parts, @Nullable Columns input, List<ProcessProblem> problems) {
    Columns current = input;
    for (Part part : parts) {
      if (part instanceof Bean) {
        current = null;
      } else if (part instanceof Rows rows) {
        if (current == null) {
          rows.segment.checkExpressions(problems);
        } else {
          current = rows.segment.prepare(current, problems);
        }
      }
    }
    return current;
  }
}
