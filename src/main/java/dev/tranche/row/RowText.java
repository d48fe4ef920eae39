package dev.tranche.row;

import org.jspecify.annotations.Nullable;

/**
 * The values of a row as they stand in the input, for a writer that can take them from there.
 *
 * <p>The text of a column that {@link #has} one is the one way to write its value: a {@code long}
 * and a {@code decimal} in decimal digits without an exponent, a plus or needless zeros in front, a
 * {@code date} of the years 1 to 9999 as ISO 8601, a {@code string} as it is; all of it in UTF-8.
 * Other columns, and those that are null, have none. Immutable; safe for all threads.
 */
public interface RowText {

  /** Whether there is a text for the value of column {@code column}. */
  boolean has(int column);

  /** What holds the text of a column, if it {@linkplain #has has} one; not to be changed. */
  byte[] bytes(int column);

  /** Where the text of a column begins there. */
  int start(int column);

  /** The place after its last byte. */
  int end(int column);

  /** The value, made of the text if there is one. Each call may make another object. */
  @Nullable Object value(int column);
}
