package dev.tranche.writer;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table that is there, as its database describes it. Immutable.
 *
 * @param uniqueKeys the columns of every constraint or index that allows no two equal rows
 */
record JdbcTable(
    String schema, String name, List<TableColumn> columns, List<Set<String>> uniqueKeys) {

  /** For SQL text. */
  String quoted() {
    return quote(schema) + "." + quote(name);
  }

  /** {@code name} as an identifier, whatever is in it. */
  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  List<String> columnNames() {
    return columns.stream().map(TableColumn::name).toList();
  }

  /** The column of exactly that name, or null. */
  @Nullable TableColumn column(String exactName) {
    return columns.stream()
        .filter(column -> column.name().equals(exactName))
        .findFirst()
        .orElse(null);
  }
}
