package dev.tranche.writer;

import dev.tranche.chunk.ItemError;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Conversions;
import dev.tranche.row.Row;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A column of the rows and the column of the table that it is written to.
 *
 * @param index its place in the rows
 * @param name its name in the rows
 * @param type its type there
 */
record BoundColumn(int index, String name, ColumnType type, TableColumn column) {

  /**
   * The row's value as one that the table's column takes.
   *
   * @throws ItemError if it takes no such value
   */
  @Nullable Object valueIn(Row row) {
    Object value;
    try {
      value = Conversions.convert(row.get(index), column.kind().takes());
    } catch (IllegalArgumentException e) {
      throw unfit(String.valueOf(e.getMessage()), e);
    }
    if (column.kind() == TableColumn.Kind.LOCAL_TIMESTAMP && value instanceof OffsetDateTime time) {
      return time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
    }
    return value;
  }

  /** Whether values go from the rows into the table's column as they are. */
  boolean isSameType() {
    return type == column.kind().takes();
  }

  /** Says of a value that the table's column cannot hold it. */
  ItemError unfit(String why, @Nullable Throwable cause) {
    String message =
        "column '" + name + "' goes into a column of type " + column.type() + ", and " + why;
    return new ItemError(message, name, cause);
  }

  /** Says of a text that an encoding has no bytes for it. */
  ItemError unmappable(IllegalArgumentException why) {
    return new ItemError("column '" + name + "' " + why.getMessage(), name);
  }
}
