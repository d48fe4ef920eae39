package dev.tranche.process;

import dev.tranche.chunk.OutageException;
import dev.tranche.definition.ProcessDefinition;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive entries that work on rows, up to a bean or the end. Safe for all threads.
 *
 * <p>Where the columns are not known beforehand, after a bean, the ops are made when the first row
 * comes, and again if a row with other columns comes.
 */
final class RowSegment {

  /** More kinds of rows than this are a bean that makes up columns as it goes. */
  private static final int KINDS = 100;

  private record Compiled(Columns input, RowOp[] ops, Columns output) {}

  // -- given --
  private final int first;
  private final List<ProcessDefinition> entries;
  private final Surroundings surroundings;

  // -- so far --
  private final Map<Columns, Compiled> byInput = new ConcurrentHashMap<>();
  private volatile @Nullable Compiled last;

  /** @param first which entry of the list the first of {@code entries} is, from 0 */
  RowSegment(int first, List<ProcessDefinition> entries, Surroundings surroundings) {
    this.first = first;
    this.entries = List.copyOf(entries);
    this.surroundings = surroundings;
  }

  /** Makes the ops for rows of {@code input}; returns the columns of the rows that come out. */
  Columns prepare(Columns input, List<ProcessProblem> problems) {
    return compile(input, problems).output;
  }

  private Compiled compile(Columns input, List<ProcessProblem> problems) {
    int before = problems.size();
    OpCompiler compiler = new OpCompiler(input, surroundings, problems);
    for (int i = 0; i < entries.size(); i++) {
      compiler.add(first + i, entries.get(i));
    }
    Compiled compiled =
        new Compiled(input, compiler.ops().toArray(RowOp[]::new), compiler.columns());
    if (problems.size() == before && byInput.size() < KINDS) {
      byInput.put(input, compiled);
    }
    return compiled;
  }

  /** What can be said about the expressions when the columns are not known. */
  void checkExpressions(List<ProcessProblem> problems) {
    ExpressionParser parser = surroundings.parser();
    for (int i = 0; i < entries.size(); i++) {
      int entry = first + i;
      if (entries.get(i) instanceof ProcessDefinition.Filter filter) {
        parser.parse(
            filter.expression(), null, text -> problems.add(new ProcessProblem(entry, null, text)));
      } else if (entries.get(i) instanceof ProcessDefinition.Set set) {
        set.expressions()
            .forEach((name, expression) -> parser.parse(
                expression, null, text -> problems.add(new ProcessProblem(entry, name, text))));
      }
    }
  }

  @Nullable Object apply(Object item) throws OutageException, InterruptedException {
    if (!(item instanceof Row)) {
      throw new IllegalStateException("process["
          + first
          + "] works on rows, and the item is a "
          + item.getClass().getName()
          + ". Let a bean before it turn items into dev.tranche.row.Row.");
    }
    Row row = (Row) item;
    for (RowOp op : opsFor(row.columns())) {
      Row next = op.apply(row);
      if (next == null) {
        return null;
      }
      row = next;
    }
    return row;
  }

  private RowOp[] opsFor(Columns input) {
    Compiled compiled = last;
    if (compiled != null && compiled.input == input) {
      return compiled.ops;
    }
    compiled = byInput.get(input);
    if (compiled == null) {
      List<ProcessProblem> problems = new ArrayList<>();
      compiled = compile(input, problems);
      if (!problems.isEmpty()) {
        throw new IllegalStateException(
            problems.stream().map(ProcessProblem::toString).collect(Collectors.joining("\n")));
      }
    }
    last = compiled;
    return compiled.ops;
  }
}
