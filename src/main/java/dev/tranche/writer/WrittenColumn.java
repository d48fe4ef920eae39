package dev.tranche.writer;

import dev.tranche.definition.Nearest;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.definition.WriteDefinition.Jdbc.Mode;
import dev.tranche.row.Column;
import dev.tranche.row.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A column of the rows that is written.
 *
 * @param index its place in the rows
 * @param into the table's column, as the user calls it
 */
record WrittenColumn(int index, Column column, String into) {

  /** Those that a definition names; else all, or those of the key where rows are deleted. */
  static List<WrittenColumn> of(
      Columns rows, WriteDefinition.Jdbc definition, List<String> problems) {
    List<WrittenColumn> written = new ArrayList<>();
    if (definition.columns().isEmpty()) {
      for (int i = 0; i < rows.size(); i++) {
        written.add(new WrittenColumn(i, rows.get(i), rows.get(i).name()));
      }
    }
    for (Map.Entry<String, String> each : definition.columns().entrySet()) {
      String from = each.getValue();
      int index = rows.indexOf(from);
      if (index < 0) {
        problems.add("the rows have no column '%s', which 'write.columns' names. %s"
            .formatted(from, Nearest.hint(from, "columns", rows.names())));
      } else {
        written.add(new WrittenColumn(index, rows.get(index), each.getKey()));
      }
    }
    if (definition.mode() == Mode.DELETE) {
      written.removeIf(each -> !definition.key().contains(each.column().name()));
    }
    return written;
  }
}
