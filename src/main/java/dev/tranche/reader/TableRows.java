package dev.tranche.reader;

import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import dev.tranche.store.Platform;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a page.
 *
 * <p>Values that PostgreSQL sends as the one text there is for them stay that text: most of what is
 * read is written again as it came. One result, one thread.
 */
final class TableRows implements SourceSession.Reading<TableChunk.Item> {

  // -- given --
  private final SourceTable table;
  private final Columns columns;
  private final SourceColumn[] selected;

  /** Where the columns of the key are among them. */
  private final int[] keyPlaces;

  // -- from the first row on --
  private boolean @Nullable [] texts;

  TableRows(SourceTable table) {
    this.table = table;
    this.columns = table.rows();
    this.selected = table.selected().toArray(new SourceColumn[0]);
    List<String> names = table.selected().stream().map(SourceColumn::name).toList();
    this.keyPlaces = table.key().stream().mapToInt(each -> names.indexOf(each.name())).toArray();
  }

  @Override
  public TableChunk.Item read(ResultSet row) throws SQLException {
    boolean[] asTexts = texts == null ? texts = textsIn(row) : texts;
    @Nullable Object[] read = new Object[selected.length];
    @Nullable Object[] cells = new Object[columns.size()];
    TableChunk.Fault fault = null;
    for (int i = 0; i < read.length; i++) {
      FieldType type = selected[i].type();
      try {
        byte[] text = asTexts[i] ? text(type, row, i + 1) : null;
        read[i] = text == null ? type.read(row, i + 1) : text;
        if (i < cells.length) {
          cells[i] = text == null ? type.value(read[i]) : text;
        }
      } catch (SQLException | IllegalArgumentException unreadable) {
        fault = fault == null ? TableChunk.Fault.of(selected[i], unreadable) : fault;
      }
    }
    Row made = new Row(columns, new TableRow(columns, cells));
    return new TableChunk.Item(key(read, fault), made, fault);
  }

  private boolean[] textsIn(ResultSet rows) throws SQLException {
    if (table.platform() != Platform.POSTGRESQL) {
      return new boolean[selected.length];
    }
    boolean[] found = PostgresResults.texts(rows, selected.length);
    for (int i = 0; i < found.length; i++) {
      found[i] &= selected[i].type().hasText();
    }
    return found;
  }

  /** The text of a value, if that is how it is always written; else null. */
  private static byte @Nullable [] text(FieldType type, ResultSet row, int index)
      throws SQLException {
    byte[] text = row.getBytes(index);
    return text != null && PlainText.is(type.column(), text, 0, text.length, true) ? text : null;
  }

  private Object[] key(@Nullable Object[] read, TableChunk.@Nullable Fault fault)
      throws SQLException {
    Object[] values = new Object[keyPlaces.length];
    for (int i = 0; i < values.length; i++) {
      Object value = read[keyPlaces[i]];
      if (value == null) {
        throw new SQLException(
            "column " + table.key().get(i).describe() + " of " + table.name()
                + " is in the key, and "
                + (fault == null ? "is null" : "cannot be read: " + fault.message()));
      }
      values[i] = value;
    }
    return values;
  }
}
