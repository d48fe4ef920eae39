package dev.tranche.writer;

import dev.tranche.chunk.ItemError;
import dev.tranche.row.Column;
import dev.tranche.row.Columns;
import dev.tranche.row.Conversions;
import dev.tranche.row.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into the records of a file.
 *
 * <p>Remembers the columns of the last row, since those of a step are nearly always the same. One
 * attempt, one thread.
 */
abstract class RowEncoder {

  // -- given --
  private final List<String> names;

  // -- so far --
  private @Nullable Columns known;
  private int[] indexes = new int[0];

  /** @param names of the columns to write, in their order; empty: those of each row */
  RowEncoder(List<String> names) {
    this.names = names;
  }

  /**
   * Adds a record.
   *
   * @throws ItemError if a value cannot be written; what was added by then is to be thrown away
   */
  final void encode(Object item, Bytes into) {
    Row row = row(item);
    if (row.columns() != known) {
      learn(row.columns());
    }
    encode(row, indexes, into);
  }

  private Row row(Object item) {
    if (item instanceof Row row) {
      return row;
    }
    throw new IllegalStateException("write: " + type() + " takes rows, and the item is a "
        + item.getClass().getName()
        + ". Let a bean in process: turn items into dev.tranche.row.Row, or use write: bean.");
  }

  private void learn(Columns columns) {
    List<String> wanted = names.isEmpty() ? columns.names() : names;
    int[] found = new int[wanted.size()];
    for (int i = 0; i < found.length; i++) {
      found[i] = columns.indexOf(wanted.get(i));
      if (found[i] < 0) {
        throw new ItemError(
            "the row has no column '" + wanted.get(i) + "'; its columns are "
                + String.join(", ", columns.names()),
            wanted.get(i));
      }
    }
    prepare(wanted);
    indexes = found;
    known = columns;
  }

  /** As users write it. */
  abstract String type();

  /** Whether values are best left as they stand in the input. */
  abstract boolean takesText();

  /** The names of the columns of the rows that come next. */
  void prepare(List<String> columns) {}

  /** @param indexes of the columns to write, in their order */
  abstract void encode(Row row, int[] indexes, Bytes into);

  /** A value of its column's own type, whatever a bean put there; null stays null. */
  static @Nullable Object typed(Row row, int index) {
    Object value = row.get(index);
    Column column = row.columns().get(index);
    if (value == null || value.getClass() == column.type().javaType()) {
      return value;
    }
    try {
      return Conversions.convert(value, column.type());
    } catch (IllegalArgumentException unfit) {
      throw bad(column, String.valueOf(unfit.getMessage()));
    }
  }

  static ItemError bad(Column column, String what) {
    return new ItemError("column '" + column.name() + "' " + what, column.name());
  }
}
