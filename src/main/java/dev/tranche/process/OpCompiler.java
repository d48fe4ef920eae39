package dev.tranche.process;

import dev.tranche.chunk.LookupTable;
import dev.tranche.definition.Nearest;
import dev.tranche.definition.ProcessDefinition;
import dev.tranche.definition.ProcessDefinition.LookedUp;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Conversions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the ops of consecutive entries for rows of known columns, one after the other; gathers all
 * problems on the way and goes on as if the bad part were not there.
 */
final class OpCompiler {

  // -- given --
  private final ExpressionParser parser;
  private final Function<LookedUp, LookupTable> tables;
  private final List<ProcessProblem> problems;

  // -- so far --
  private final List<RowOp> ops = new ArrayList<>();
  private Columns columns;
  private int entry;

  OpCompiler(Columns input, Surroundings surroundings, List<ProcessProblem> problems) {
    this.columns = input;
    this.parser = surroundings.parser();
    this.tables = surroundings.tables();
    this.problems = problems;
  }

  List<RowOp> ops() {
    return ops;
  }

  /** The columns of the rows that come out. */
  Columns columns() {
    return columns;
  }

  /** @param number which entry of the list it is, from 0 */
  void add(int number, ProcessDefinition definition) {
    entry = number;
    if (definition instanceof ProcessDefinition.Check check) {
      check(check);
    } else if (definition instanceof ProcessDefinition.Set set) {
      set(set);
    } else if (definition instanceof ProcessDefinition.Filter filter) {
      filter(filter);
    } else if (definition instanceof ProcessDefinition.Rename rename) {
      rename(rename);
    } else if (definition instanceof ProcessDefinition.Select select) {
      project(known(select.columns()));
    } else if (definition instanceof ProcessDefinition.Drop drop) {
      drop(drop);
    } else if (definition instanceof ProcessDefinition.Cast cast) {
      cast(cast);
    } else if (definition instanceof ProcessDefinition.Flatten flatten) {
      flatten(flatten);
    } else if (definition instanceof ProcessDefinition.Lookup lookup) {
      lookup(lookup.from());
    }
  }

  private void check(ProcessDefinition.Check check) {
    List<ColumnCheck> checks = new ArrayList<>();
    check.columns().forEach((name, constraints) -> {
      int index = indexOf(name);
      if (index >= 0) {
        CheckRules rules =
            new CheckRules(columns.get(index), constraints, message -> problem(name, message));
        checks.add(rules.compile(index));
      }
    });
    ops.add(new CheckOp(checks.toArray(ColumnCheck[]::new)));
  }

  private void set(ProcessDefinition.Set set) {
    Map<String, ColumnType> types = types();
    Map<String, RowExpression> parsed = new LinkedHashMap<>();
    set.expressions().forEach((name, text) -> {
      RowExpression expression = parser.parse(text, types, message -> problem(name, message));
      if (expression != null) {
        parsed.put(name, expression);
      }
      // Without a type of its own a result is text, which every value can become.
      ColumnType type = expression == null ? null : expression.type();
      types.put(name, Objects.requireNonNullElse(type, ColumnType.STRING));
    });
    columns = columnsOf(types);
    ops.add(new SetOp(
        columns,
        parsed.entrySet().stream()
            .map(each -> new SetOp.Assignment(columns.indexOf(each.getKey()), each.getValue()))
            .toArray(SetOp.Assignment[]::new)));
  }

  private void filter(ProcessDefinition.Filter filter) {
    RowExpression condition =
        parser.parse(filter.expression(), types(), message -> problem(null, message));
    if (condition == null) {
      return;
    }
    ColumnType type = condition.type();
    if (type != null && type != ColumnType.BOOLEAN) {
      problem(
          null,
          condition
              + " is a "
              + type.name().toLowerCase(Locale.ROOT)
              + "; a filter must be true or false.");
    }
    ops.add(new FilterOp(condition));
  }

  private void cast(ProcessDefinition.Cast cast) {
    Map<String, ColumnType> types = types();
    List<CastOp.Casting> castings = new ArrayList<>();
    cast.columns().forEach((name, to) -> {
      int index = indexOf(name);
      if (index < 0) {
        return;
      }
      ColumnType from = columns.get(index).type();
      if (!Conversions.possible(from, to.type())) {
        problem(name, "column '" + name + "' is a " + word(from) + ", which cannot become a "
            + word(to.type()) + ".");
        return;
      }
      try {
        castings.add(new CastOp.Casting(index, Formats.of(from, to)));
        types.put(name, to.type());
      } catch (IllegalArgumentException e) {
        problem(name, String.valueOf(e.getMessage()));
      }
    });
    columns = columnsOf(types);
    ops.add(new CastOp(columns, castings));
  }

  private void flatten(ProcessDefinition.Flatten flatten) {
    Map<String, ColumnType> types = types();
    flatten.columns().forEach((name, parts) -> {
      int index = indexOf(name);
      if (index >= 0 && columns.get(index).type() != ColumnType.STRING) {
        problem(name, "column '" + name + "' is a " + word(columns.get(index).type())
            + ", and no JSON text.");
      }
      parts.forEach((part, of) -> types.put(part, of.type()));
    });
    Columns output = columnsOf(types);
    List<FlattenOp.Source> sources = new ArrayList<>();
    flatten.columns().forEach((name, parts) -> {
      if (columns.indexOf(name) >= 0) {
        sources.add(FlattenOp.Source.of(name, columns.indexOf(name), parts, output));
      }
    });
    columns = output;
    ops.add(new FlattenOp(output, sources));
  }

  private void lookup(LookedUp lookup) {
    int before = problems.size();
    LookupTable table = tables.apply(lookup);
    Map<String, ColumnType> types = types();
    List<String> names = List.copyOf(lookup.key().values());
    int[] key = names.stream().mapToInt(this::indexOf).toArray();
    for (int i = 0; i < key.length; i++) {
      ColumnType from = key[i] < 0 ? null : columns.get(key[i]).type();
      Column to = table.key().get(i);
      if (from != null && !Conversions.possible(from, to.type())) {
        problem(names.get(i), "column '" + names.get(i) + "' is a " + word(from) + ", and '"
            + to.name() + "' of " + table.name() + " is a " + word(to.type()) + ".");
      }
    }
    table.columns().asList().forEach(column -> types.put(column.name(), column.type()));
    @Nullable Object[] otherwise =
        lookup.missing() == LookedUp.Missing.REJECT ? null : defaults(lookup, table.columns());
    Columns input = columns;
    columns = columnsOf(types);
    if (problems.size() == before) {
      int[] places = table.columns().names().stream().mapToInt(columns::indexOf).toArray();
      ops.add(new LookupOp(table, input, key, columns, places, otherwise));
    }
  }

  private @Nullable Object[] defaults(LookedUp lookup, Columns found) {
    @Nullable Object[] values = new Object[found.size()];
    lookup.defaults().forEach((name, text) -> {
      int index = found.indexOf(name);
      try {
        values[index] = Conversions.convert(text, found.get(index).type());
      } catch (IllegalArgumentException e) {
        problem(name, "the default of column '" + name + "': " + e.getMessage() + ".");
      }
    });
    return values;
  }

  private static String word(ColumnType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  private void rename(ProcessDefinition.Rename rename) {
    Map<String, String> names = new LinkedHashMap<>();
    columns.names().forEach(name -> names.put(name, name));
    rename.names().forEach((from, to) -> {
      if (indexOf(from) >= 0) {
        names.put(from, to);
      }
    });
    List<String> all = List.copyOf(names.values());
    rename.names().forEach((from, to) -> {
      if (Collections.frequency(all, to) > 1) {
        problem(from, "there would be two columns '" + to + "'.");
      }
    });
    if (all.stream().distinct().count() == all.size()) {
      List<Column> renamed = new ArrayList<>();
      names.forEach((from, to) ->
          renamed.add(new Column(to, columns.get(columns.indexOf(from)).type())));
      Columns output = new Columns(renamed);
      columns = output;
      ops.add(row -> row.under(output));
    }
  }

  private void drop(ProcessDefinition.Drop drop) {
    List<String> dropped = known(drop.columns());
    project(columns.names().stream().filter(name -> !dropped.contains(name)).toList());
  }

  private void project(List<String> names) {
    if (names.isEmpty()) {
      problem(null, "this leaves no column.");
      return;
    }
    int[] from = names.stream().mapToInt(columns::indexOf).toArray();
    columns = new Columns(
        names.stream().map(name -> columns.get(columns.indexOf(name))).toList());
    ops.add(new ProjectOp(columns, from));
  }

  private List<String> known(Collection<String> names) {
    List<String> known = new ArrayList<>();
    for (String name : names) {
      if (known.contains(name)) {
        problem(name, "column '" + name + "' is named twice.");
      } else if (indexOf(name) >= 0) {
        known.add(name);
      }
    }
    return known;
  }

  private int indexOf(String name) {
    int index = columns.indexOf(name);
    if (index < 0) {
      problem(
          name,
          "there is no column '" + name + "'. " + Nearest.hint(name, "columns", columns.names()));
    }
    return index;
  }

  private Map<String, ColumnType> types() {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    columns.asList().forEach(column -> types.put(column.name(), column.type()));
    return types;
  }

  private static Columns columnsOf(Map<String, ColumnType> types) {
    List<Column> columns = new ArrayList<>();
    types.forEach((name, type) -> columns.add(new Column(name, type)));
    return new Columns(columns);
  }

  private void problem(@Nullable String key, String message) {
    problems.add(new ProcessProblem(entry, key, message));
  }
}
