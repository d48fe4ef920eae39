package dev.tranche.writer;

import dev.tranche.chunk.ItemError;
import dev.tranche.row.Row;
import dev.tranche.row.RowText;

/**
 * Writes rows as PostgreSQL's COPY reads them. What stands in the input as COPY wants it is taken
 * from there, and comes out as if it had been made of the value. One thread.
 */
abstract sealed class CopyEncoder permits CopyBinary, CopyText {

  final BoundColumn[] columns;

  /** Columns whose text in a row is the text of their value here. */
  private final boolean[] verbatim;

  CopyEncoder(RowBinding binding) {
    this.columns = binding.columns().toArray(new BoundColumn[0]);
    this.verbatim = new boolean[columns.length];
    for (int c = 0; c < columns.length; c++) {
      verbatim[c] = columns[c].isSameType();
    }
  }

  /** For rows that go into these columns: binary where the server reads all of them so. */
  static CopyEncoder of(RowBinding binding) {
    return CopyBinary.takes(binding) ? new CopyBinary(binding) : new CopyText(binding);
  }

  /** What follows {@code from stdin} in the statement. */
  static String options(RowBinding binding) {
    return CopyBinary.takes(binding) ? " (format binary)" : "";
  }

  /** @throws ItemError if a value does not fit, or a text is no text */
  final void encode(Row row, Bytes into) {
    RowText known = row.text();
    beginRow(into);
    for (int c = 0; c < columns.length; c++) {
      if (c > 0) {
        separate(into);
      }
      int index = columns[c].index();
      if (known != null && verbatim[c] && known.has(index)) {
        text(c, known.bytes(index), known.start(index), known.end(index), into);
        continue;
      }
      Object value = columns[c].valueIn(row);
      if (value == null) {
        none(into);
      } else {
        value(c, value, into);
      }
    }
    endRow(into);
  }

  /** What goes before the first row. */
  void begin(Bytes into) {}

  void beginRow(Bytes into) {}

  /** What goes between two values. */
  void separate(Bytes into) {}

  /** A value of column {@code c} as it stands in the input. */
  abstract void text(int c, byte[] bytes, int from, int to, Bytes into);

  abstract void value(int c, Object value, Bytes into);

  abstract void none(Bytes into);

  void endRow(Bytes into) {}

  /** What goes after the last row. */
  void end(Bytes into) {}
}
