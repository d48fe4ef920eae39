package dev.tranche.definition;

import dev.tranche.definition.ProcessDefinition.Constraints;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Conversions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows the columns of a row from the source through {@code process:} to the target, as far as
 * they can be known without reading anything.
 */
final class RowRules {

  private final Part part;
  private final ChunkStepDefinition step;
  private final Set<String> parameters;

  /** Column to type, or null where that is not known; null once the columns are not known. */
  private @Nullable Map<String, @Nullable ColumnType> columns;

  /** @param parameters names of the job's */
  RowRules(Part part, ChunkStepDefinition step, Set<String> parameters) {
    this.part = part;
    this.step = step;
    this.parameters = parameters;
  }

  void check() {
    if (step.read() instanceof ReadDefinition.InFiles files
        && files.columns() != null
        && !files.columns().isEmpty()) {
      columns = new LinkedHashMap<>();
      files.columns().forEach((name, column) -> add(name, column == null ? null : column.type()));
    } else if (step.read() instanceof ReadDefinition.Jdbc jdbc
        && jdbc.columns() != null
        && !jdbc.columns().isEmpty()) {
      columns = new LinkedHashMap<>();
      jdbc.columns().stream().filter(Objects::nonNull).forEach(name -> add(name, null));
    }
    List<ProcessDefinition> process = step.process() == null ? List.of() : step.process();
    for (int i = 0; i < process.size(); i++) {
      entry(part.key("process").item(i), process.get(i));
    }
    if (step.write() instanceof WriteDefinition.Jdbc jdbc && jdbc.key() != null) {
      known(part.key("write").key("key"), jdbc.key());
    } else if (step.write() instanceof WriteDefinition.InFile file && file.columns() != null) {
      known(part.key("write").key("columns"), file.columns());
    }
  }

  private void add(String name, @Nullable ColumnType type) {
    if (columns != null && !name.isBlank()) {
      columns.put(name, type);
    }
  }

  private void entry(Part entry, @Nullable ProcessDefinition definition) {
    if (definition instanceof ProcessDefinition.Check check && check.columns() != null) {
      Part checked = entry.key("columns");
      check.columns().forEach((name, constraints) -> check(checked.entry(name), name, constraints));
    } else if (definition instanceof ProcessDefinition.Set set && set.expressions() != null) {
      set(entry.key("expressions"), set.expressions());
    } else if (definition instanceof ProcessDefinition.Filter filter) {
      expression(entry.key("expression"), filter.expression());
    } else if (definition instanceof ProcessDefinition.Rename rename && rename.names() != null) {
      rename(entry.key("names"), rename.names());
    } else if (definition instanceof ProcessDefinition.Select select && select.columns() != null) {
      select(entry.key("columns"), select.columns());
    } else if (definition instanceof ProcessDefinition.Drop drop && drop.columns() != null) {
      drop(entry.key("columns"), drop.columns());
    } else if (definition instanceof ProcessDefinition.Cast cast && cast.columns() != null) {
      cast.columns().forEach((name, to) -> cast(entry.key("columns").entry(name), name, to));
    } else if (definition instanceof ProcessDefinition.Flatten flatten
        && flatten.columns() != null) {
      flatten.columns().forEach(
          (name, parts) -> flatten(entry.key("columns").entry(name), name, parts));
    } else if (definition instanceof ProcessDefinition.Lookup lookup && lookup.from() != null) {
      lookup(entry.key("from"), lookup.from());
    } else if (!(definition instanceof ProcessDefinition.Stage)) {
      columns = null;
    }
  }

  // -- types --

  private void cast(Part at, String name, ProcessDefinition.@Nullable Target to) {
    known(at, name, true);
    if (to == null || to.type() == null) {
      return;
    }
    ColumnType from = columns == null ? null : columns.get(name);
    if (from != null && !Conversions.possible(from, to.type())) {
      at.wrong(
          "column '%s' is a %s, which cannot become a %s.",
          name,
          from.name().toLowerCase(Locale.ROOT),
          to.type().name().toLowerCase(Locale.ROOT));
    }
    if (to.format() != null) {
      ColumnType formatted = to.type() == ColumnType.STRING && from != null ? from : to.type();
      if (to.type() != ColumnType.STRING || from != null) {
        ColumnRules.format(at.key("format"), formatted, to.format());
      }
    }
    if (columns != null && columns.containsKey(name)) {
      columns.put(name, to.type());
    }
  }

  private void flatten(
      Part at, String name, @Nullable Map<String, ProcessDefinition.Part> parts) {
    known(at, name, true);
    ColumnType from = columns == null ? null : columns.get(name);
    if (from != null && from != ColumnType.STRING) {
      at.unwanted(
          "column '%s' is a %s, and no JSON text.", name, from.name().toLowerCase(Locale.ROOT));
    }
    if (parts != null) {
      parts.forEach((part, of) -> add(part, of == null ? null : of.type()));
    }
  }

  // -- lookup --

  private void lookup(Part at, ProcessDefinition.LookedUp lookup) {
    new LookupRules(at, lookup).check();
    if (lookup.key() != null) {
      lookup.key().forEach((of, column) -> {
        if (column != null) {
          known(at.key("key").entry(of), column, false);
        }
      });
    }
    if (lookup.columns() != null) {
      lookup.columns().keySet().forEach(name -> add(name, null));
    }
  }

  // -- check --

  private void check(Part at, String name, @Nullable Constraints constraints) {
    known(at, name, true);
    if (constraints == null) {
      return;
    }
    if (constraints.equals(new Constraints(null, null, null, null, null, null, null))
        && !written(at)) {
      at.wrong(
          "nothing is checked of column '%s'. Add a constraint, such as 'not-null: true'.", name);
    }
    off(at.key("not-null"), constraints.notNull());
    off(at.key("not-blank"), constraints.notBlank());
    ordered(at.key("max"), constraints.min(), constraints.max());
    ProcessDefinition.Size size = constraints.size();
    if (size != null) {
      ordered(at.key("size").key("max"), decimal(size.min()), decimal(size.max()));
      if (size.min() == null && size.max() == null && !written(at.key("size"))) {
        at.key("size").wrong("%s needs 'min', 'max' or both.", at.key("size").what());
      }
    }
    ColumnType type = columns == null ? null : columns.get(name);
    if (type != null) {
      applicable(at, name, type);
    }
  }

  /** Whether any key of it was written, be it broken. */
  private static boolean written(Part at) {
    return List.of("not-null", "not-blank", "min", "max", "size", "pattern", "in").stream()
        .anyMatch(key -> at.key(key).given());
  }

  private static void off(Part at, @Nullable Boolean on) {
    if (Boolean.FALSE.equals(on)) {
      at.noEffect("when it is false", "set it to true");
    }
  }

  private static void ordered(Part at, @Nullable BigDecimal min, @Nullable BigDecimal max) {
    if (min != null && max != null && min.compareTo(max) > 0) {
      at.wrong("%s is %s, less than 'min', which is %s. Nothing can be both.", at.what(), max, min);
    }
  }

  private static @Nullable BigDecimal decimal(@Nullable Integer number) {
    return number == null ? null : BigDecimal.valueOf(number);
  }

  private static void applicable(Part at, String name, ColumnType type) {
    boolean number =
        type == ColumnType.LONG || type == ColumnType.DECIMAL || type == ColumnType.DOUBLE;
    List<String> others = type == ColumnType.STRING
        ? List.of("min", "max")
        : number
            ? List.of("not-blank", "size", "pattern")
            : List.of("not-blank", "size", "pattern", "min", "max");
    for (String key : others) {
      if (at.key(key).given()) {
        at.key(key)
            .unwanted(
                "'%s' is for %s, but column '%s' is a %s. Remove it, or read the column as another"
                    + " type.",
                key,
                key.startsWith("m") ? "numbers" : "texts",
                name,
                type.name().toLowerCase(Locale.ROOT));
      }
    }
  }

  // -- expressions --

  private void set(Part at, Map<String, String> expressions) {
    expressions.forEach((name, expression) -> {
      if (name.isBlank()) {
        at.entry(name).unwanted("a column needs a name.");
      }
      expression(at.entry(name), expression);
      add(name, null);
    });
  }

  private void expression(Part at, @Nullable String expression) {
    if (expression != null && !expression.isBlank()) {
      Set<String> names = columns == null ? null : columns.keySet();
      new ExpressionRules(names, parameters)
          .check(expression)
          .forEach(problem -> at.wrong("%s", problem));
    }
  }

  // -- columns --

  private void rename(Part at, Map<String, String> names) {
    names.forEach((from, to) -> {
      known(at.entry(from), from, true);
      if (from.equals(to)) {
        at.entry(from).unwanted("column '%s' keeps its name. Remove this.", from);
      }
    });
    if (columns == null) {
      return;
    }
    Map<String, @Nullable ColumnType> renamed = new LinkedHashMap<>();
    for (Map.Entry<String, @Nullable ColumnType> column : columns.entrySet()) {
      String to = names.getOrDefault(column.getKey(), column.getKey());
      if (to != null && renamed.containsKey(to)) {
        String culprit = names.containsKey(column.getKey()) ? column.getKey() : key(names, to);
        at.entry(culprit)
            .wrong(
                "there would be two columns '%s'. Drop the other one first, or choose another"
                    + " name.",
                to);
      }
      renamed.put(to == null ? column.getKey() : to, column.getValue());
    }
    columns = renamed;
  }

  private static String key(Map<String, String> names, String to) {
    return names.entrySet().stream()
        .filter(name -> to.equals(name.getValue()))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  private void select(Part at, List<String> names) {
    distinct(at, names);
    known(at, names);
    Map<String, @Nullable ColumnType> selected = new LinkedHashMap<>();
    for (String name : names) {
      if (name != null) {
        selected.put(name, columns == null ? null : columns.get(name));
      }
    }
    columns = at.sound() && !names.contains(null) ? selected : null;
  }

  private void drop(Part at, List<String> names) {
    distinct(at, names);
    known(at, names);
    if (columns != null) {
      columns.keySet().removeAll(names);
      if (columns.isEmpty()) {
        at.wrong("this drops every column. Leave one at least.");
        columns = null;
      }
    }
  }

  private static void distinct(Part at, List<String> names) {
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i) != null && seen.contains(names.get(i))) {
        at.item(i).wrong("column '%s' is named twice. Remove one.", names.get(i));
      }
      seen.add(names.get(i));
    }
  }

  private void known(Part at, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i) != null) {
        known(at.item(i), names.get(i), false);
      }
    }
  }

  private void known(Part at, String name, boolean isKey) {
    if (columns != null && !columns.containsKey(name) && !name.isBlank()) {
      String message = ExpressionRules.noColumn(name, columns.keySet());
      if (isKey) {
        at.unwanted("%s", message);
      } else {
        at.wrong("%s", message);
      }
    }
  }
}
