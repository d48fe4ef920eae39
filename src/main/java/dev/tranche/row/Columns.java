package dev.tranche.row;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The columns of a row, in order, with distinct names.
 *
 * <p>Immutable and shared by all rows of a step; safe for all threads.
 */
public final class Columns {

  private final List<Column> columns;
  private final Map<String, Integer> indexes = new HashMap<>();

  public Columns(List<Column> columns) {
    this.columns = List.copyOf(columns);
    for (int i = 0; i < this.columns.size(); i++) {
      if (indexes.put(this.columns.get(i).name(), i) != null) {
        throw new IllegalArgumentException(
            "column '" + this.columns.get(i).name() + "' is named twice");
      }
    }
  }

  public int size() {
    return columns.size();
  }

  public Column get(int index) {
    return columns.get(index);
  }

  /** The place of the column named {@code name}, or -1 if there is none. */
  public int indexOf(String name) {
    return indexes.getOrDefault(name, -1);
  }

  public List<String> names() {
    return columns.stream().map(Column::name).toList();
  }

  public List<Column> asList() {
    return columns;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Columns that && columns.equals(that.columns);
  }

  @Override
  public int hashCode() {
    return columns.hashCode();
  }

  @Override
  public String toString() {
    return columns.toString();
  }
}
