package dev.tranche.writer;

import dev.tranche.chunk.ItemError;
import dev.tranche.row.Row;

/**
 * Writes rows as PostgreSQL's COPY reads them. What stands in the input as COPY wants it is taken
 * from there, and comes out as if it had been made of the value. One thread.
 */
sealed interface CopyEncoder permits CopyBinary, CopyText {

  /** For rows that go into these columns: binary where the server reads all of them so. */
  static CopyEncoder of(RowBinding binding) {
    return CopyBinary.takes(binding) ? new CopyBinary(binding) : new CopyText(binding);
  }

  /** What follows {@code from stdin} in the statement. */
  static String options(RowBinding binding) {
    return CopyBinary.takes(binding) ? " (format binary)" : "";
  }

  /** What goes before the first row. */
  default void begin(Bytes into) {}

  /** @throws ItemError if a value does not fit, or a text is no text */
  void encode(Row row, Bytes into);

  /** What goes after the last row. */
  default void end(Bytes into) {}
}
