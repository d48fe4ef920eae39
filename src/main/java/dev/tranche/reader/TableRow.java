package dev.tranche.reader;

import dev.tranche.row.Columns;
import dev.tranche.row.RowText;
import org.jspecify.annotations.Nullable;

/**
 * A row as the database gave it: texts where values have one way to be written, so that none is made
 * before somebody asks for it, and values elsewhere.
 *
 * @param cells by column: a value, null, or the bytes of a text, which belong to this row
 */
record TableRow(Columns columns, @Nullable Object[] cells) implements RowText {

  @Override
  public boolean has(int column) {
    return cells[column] instanceof byte[];
  }

  @Override
  public byte[] bytes(int column) {
    return text(column);
  }

  @Override
  public int start(int column) {
    return 0;
  }

  @Override
  public int end(int column) {
    return text(column).length;
  }

  @SuppressWarnings("NullAway") // asked of columns that have one
  private byte[] text(int column) {
    return (byte[]) cells[column];
  }

  @Override
  public @Nullable Object value(int column) {
    return cells[column] instanceof byte[] text
        ? PlainText.value(columns.get(column).type(), text, 0, text.length)
        : cells[column];
  }
}
