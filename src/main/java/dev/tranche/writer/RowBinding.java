package dev.tranche.writer;

import dev.tranche.definition.Nearest;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.definition.WriteDefinition.Jdbc.Mode;
import dev.tranche.row.Column;
import dev.tranche.row.Columns;
import dev.tranche.row.Conversions;
import dev.tranche.store.Platform;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How rows of certain columns go into a table. Immutable; shared by all partitions of a step.
 *
 * @param key places in {@code columns} of those that tell rows apart; empty if they are inserted
 */
record RowBinding(JdbcTable table, Mode mode, List<BoundColumn> columns, List<Integer> key) {

  /** Finds the table's column for each of the rows' and gathers what does not fit. */
  static RowBinding of(
      JdbcTable table, Columns rows, WriteDefinition.Jdbc definition, List<String> problems) {
    return new Builder(table, rows, definition, problems).build();
  }

  /** The same columns of another table, which has them, too. */
  RowBinding into(JdbcTable other) {
    return new RowBinding(other, mode, columns, key);
  }

  boolean isUpsert() {
    return mode == Mode.UPSERT;
  }

  /** Whether rows are told apart. */
  boolean isKeyed() {
    return mode.isKeyed();
  }

  /** Places in {@code columns} of those that are not of the key. */
  List<Integer> rest() {
    return IntStream.range(0, columns.size()).filter(c -> !key.contains(c)).boxed().toList();
  }

  /** What a row is told apart by, for messages. */
  String keyOf(BoundRows rows, int row) {
    return key.stream()
        .map(place -> columns.get(place).name() + " = " + rows.column(place)[row])
        .collect(Collectors.joining(", "));
  }

  /** Names of table columns, for SQL text. */
  List<String> quotedColumns() {
    return columns.stream().map(bound -> table.quote(bound.column().name())).toList();
  }

  /** Names of the key's table columns, for SQL text. */
  List<String> quotedKey() {
    return key.stream().map(quotedColumns()::get).toList();
  }

  /** Names of the table columns that are not of the key, for SQL text. */
  List<String> quotedRest() {
    List<String> rest = new ArrayList<>(quotedColumns());
    rest.removeAll(quotedKey());
    return rest;
  }

  private record Builder(
      JdbcTable table, Columns rows, WriteDefinition.Jdbc definition, List<String> problems) {

    RowBinding build() {
      List<BoundColumn> bound = new ArrayList<>();
      Set<String> taken = new HashSet<>();
      for (WrittenColumn written : WrittenColumn.of(rows, definition, problems)) {
        TableColumn column = columnFor(written);
        if (column == null) {
          continue;
        }
        if (!taken.add(column.name())) {
          problem("would get two columns of the rows in its column '" + column.name() + "'.");
        }
        Column row = written.column();
        bound.add(new BoundColumn(written.index(), row.name(), row.type(), column));
      }
      Mode mode = definition.mode();
      List<Integer> key = mode.isKeyed() ? key(bound) : List.of();
      RowBinding binding = new RowBinding(table, mode, List.copyOf(bound), key);
      if (mode == Mode.UPDATE && problems.isEmpty() && binding.rest().isEmpty()) {
        problem("would get nothing but its key, so that nothing is updated.");
      }
      return binding;
    }

    private @Nullable TableColumn columnFor(WrittenColumn written) {
      Column row = written.column();
      Matching match = Matching.of(written.into(), table.columnNames(), "column", "columns");
      if (!match.isFound()) {
        problem("has " + match.problem()
            + (match.isAmbiguous()
                ? ""
                : " Else add it to the table, or leave it out with drop: [" + row.name() + "]."));
        return null;
      }
      TableColumn column = Objects.requireNonNull(table.column(match.found())).forRowsOf(row.type());
      if (!Conversions.possible(row.type(), column.kind().takes())) {
        problem("has a column '%s' of type %s, which cannot take the %s of the rows' column '%s'."
            .formatted(
                column.name(),
                column.type(),
                row.type().name().toLowerCase(Locale.ROOT),
                row.name()));
      }
      return column;
    }

    private List<Integer> key(List<BoundColumn> bound) {
      List<Integer> key = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (String name : definition.key()) {
        for (int i = 0; i < bound.size(); i++) {
          if (bound.get(i).name().equals(name)) {
            key.add(i);
            names.add(bound.get(i).column().name());
          }
        }
        if (rows.indexOf(name) < 0) {
          problems.add("the rows have no column '%s', which is in the key. %s"
              .formatted(name, Nearest.hint(name, "columns", rows.names())));
        }
      }
      if (key.size() == definition.key().size() && definition.mode() != Mode.DELETE) {
        requireUnique(key, names, bound);
      }
      return List.copyOf(key);
    }

    private void requireUnique(List<Integer> key, Set<String> names, List<BoundColumn> bound) {
      if (table.uniqueKeys().stream().noneMatch(each -> each.isOn(names))) {
        String listed = String.join(", ", definition.key());
        problem("has no primary key or unique index on exactly (%s), which %s needs. Add one:"
            .formatted(listed, definition.mode().name().toLowerCase(Locale.ROOT))
            + " create unique index on "
            + table.quoted()
            + " ("
            + String.join(", ", key.stream().map(i -> quoted(bound.get(i))).toList())
            + ")");
      } else if (table.platform() == Platform.MARIADB && definition.mode() == Mode.UPSERT) {
        refuseRivals(names, bound);
      }
    }

    /** There an upsert updates the row that equals in any unique key, whichever was meant. */
    private void refuseRivals(Set<String> names, List<BoundColumn> bound) {
      Set<String> written =
          bound.stream().map(each -> each.column().name()).collect(Collectors.toSet());
      for (JdbcTable.UniqueKey other : table.uniqueKeys()) {
        if (other.rivals(names, written)) {
          problem("has another unique key, '%s' on (%s): upsert on MariaDB would also update a row"
                  .formatted(other.name(), String.join(", ", new TreeSet<>(other.columns())))
              + " that is equal only there. Drop that key, or use mode: insert");
        }
      }
    }

    private String quoted(BoundColumn bound) {
      return table.quote(bound.column().name());
    }

    private void problem(String message) {
      problems.add("table '" + table.name() + "' " + message);
    }
  }
}
