package dev.tranche.process;

import dev.tranche.chunk.ItemStep;
import dev.tranche.chunk.LookupTable;
import dev.tranche.definition.ProcessDefinition;
import dev.tranche.definition.ProcessDefinition.LookedUp;
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

  /** A stretch of entries on rows, a bean, or where a further stage begins. */
  private sealed interface Part {}

  private record Rows(RowSegment segment) implements Part {}

  private record Bean(String name) implements Part {}

  private record NextStage() implements Part {}

  // -- given --
  private final List<Part> parts;
  private final @Nullable Columns columns;

  /**
   * @param input the columns of the rows read; null if the source gives objects of its own
   * @param parameters the job's parameters: {@code #region} in expressions
   * @param tables finds the table of a lookup, the same each time
   * @throws IllegalArgumentException for everything that cannot work: unknown columns, expressions,
   *     constraints of the wrong type. The message has a line for each, as {@link ProcessProblem}
   */
  public Processing(
      List<ProcessDefinition> entries,
      @Nullable Columns input,
      Map<String, Object> parameters,
      Function<LookedUp, LookupTable> tables) {
    List<ProcessProblem> problems = new ArrayList<>();
    parts = cut(entries, new Surroundings(new ExpressionParser(parameters), tables));
    columns = prepare(parts, input, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          problems.stream().map(ProcessProblem::toString).collect(Collectors.joining("\n")));
    }
  }

  /** The columns of the rows that come out; null if a bean makes the items. */
  public @Nullable Columns columns() {
    return columns;
  }

  /**
   * What each stage does, one if none is named.
   *
   * @param beans gives the processor bean of a name, the same for the whole attempt
   */
  public List<ItemStep<Object, Object>> bind(
      Function<String, ItemProcessor<Object, Object>> beans) {
    List<ItemStep<Object, Object>> stages = new ArrayList<>();
    List<ItemStep<Object, Object>> chain = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Rows rows) {
        chain.add(rows.segment::apply);
      } else if (part instanceof Bean bean) {
        chain.add(new Awaited(beans.apply(bean.name)));
      } else {
        stages.add(chained(chain));
        chain.clear();
      }
    }
    stages.add(chained(chain));
    return stages;
  }

  /** What a stage of these processors does: of a {@code CompletionStage} it takes the value. */
  public static ItemStep<Object, Object> of(List<ItemProcessor<Object, Object>> processors) {
    return chained(List.copyOf(processors.stream().map(Awaited::new).toList()));
  }

  private static ItemStep<Object, Object> chained(List<ItemStep<Object, Object>> chain) {
    List<ItemStep<Object, Object>> steps = List.copyOf(chain);
    return steps.size() == 1 ? steps.get(0) : item -> run(steps, item);
  }

  private static @Nullable Object run(List<ItemStep<Object, Object>> chain, Object item)
      throws Exception {
    Object current = item;
    for (int i = 0; i < chain.size() && current != null; i++) {
      current = chain.get(i).apply(current);
    }
    return current;
  }

  private static List<Part> cut(List<ProcessDefinition> entries, Surroundings surroundings) {
    List<Part> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= entries.size(); i++) {
      ProcessDefinition entry = i == entries.size() ? null : entries.get(i);
      Part own = alone(entry);
      if (entry != null && own == null) {
        continue;
      }
      if (i > start) {
        parts.add(new Rows(new RowSegment(start, entries.subList(start, i), surroundings)));
      }
      if (own instanceof Bean || own instanceof NextStage && i > 0) {
        parts.add(own);
      }
      start = i + 1;
    }
    return parts;
  }

  /** Null for entries on rows, which are done together. */
  private static @Nullable Part alone(@Nullable ProcessDefinition entry) {
    if (entry instanceof ProcessDefinition.Bean bean) {
      return new Bean(bean.bean());
    }
    return entry instanceof ProcessDefinition.Stage ? new NextStage() : null;
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
