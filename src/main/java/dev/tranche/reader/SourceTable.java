package dev.tranche.reader;

import dev.tranche.partition.InputException;
import dev.tranche.row.Column;
import dev.tranche.row.Columns;
import dev.tranche.store.Platform;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A table or query as it was found. Immutable.
 *
 * @param name for messages: {@code table orders}
 * @param from what stands behind FROM
 * @param all its columns
 * @param columns those that rows have
 * @param key those that tell rows apart, in the order that pages follow
 * @param isKeyKnown whether the database itself keeps the key unique and not null
 */
record SourceTable(
    Platform platform,
    String name,
    String from,
    List<SourceColumn> all,
    List<SourceColumn> columns,
    List<SourceColumn> key,
    boolean isKeyKnown) {

  SourceTable {
    all = List.copyOf(all);
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }

  Columns rows() {
    return new Columns(
        columns.stream()
            .map(column -> new Column(column.label(), column.type().column()))
            .toList());
  }

  List<String> keyNames() {
    return key.stream().map(SourceColumn::name).toList();
  }

  /** What a page query selects: the columns of rows first, then what else the key needs. */
  List<SourceColumn> selected() {
    Set<SourceColumn> selected = new LinkedHashSet<>(columns);
    for (SourceColumn each : key) {
      if (columns.stream().noneMatch(column -> column.name().equals(each.name()))) {
        selected.add(each);
      }
    }
    return List.copyOf(selected);
  }

  /** The column that a rule names, whatever its case. */
  SourceColumn column(String name) {
    return Names.find(name, all, SourceColumn::name, this.name);
  }

  /** The columns of these names, exactly. */
  List<SourceColumn> exactly(List<String> names) {
    List<SourceColumn> found = new ArrayList<>();
    for (String each : names) {
      found.add(
          all.stream()
              .filter(column -> column.name().equals(each))
              .findFirst()
              .orElseThrow(
                  () ->
                      new InputException(name + " has no column '" + each
                          + "' any more, by which it was cut into partitions. Put it back, or read"
                          + " it all anew with a new run")));
    }
    return found;
  }

  /** Whether the session must be in UTC for what is read to be what is there. */
  boolean needsUtc() {
    return all.stream().anyMatch(column -> column.type() == FieldType.UTC_TIMESTAMP);
  }
}
