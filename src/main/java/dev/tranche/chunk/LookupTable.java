package dev.tranche.chunk;

import dev.tranche.partition.InputException;
import dev.tranche.row.Columns;
import org.jspecify.annotations.Nullable;

/**
 * A table whose rows are looked up by a key. Keys are equal if their values are: texts character by
 * character, numbers whatever their scale, times whatever their offset.
 *
 * <p>Safe for all threads.
 */
public interface LookupTable {

  /** What it is called in messages: {@code table customer}. */
  String name();

  /** The columns of the key, in order. */
  Columns key();

  /** The columns of what is found, under their names in the rows that get them. */
  Columns columns();

  /**
   * The values of {@link #columns} in the row with this key; null if there is none.
   *
   * @param key a value for each column of {@link #key}, of its type
   * @throws ItemError if there is more than one such row
   * @throws OutageException if the database is away
   * @throws InputException if the table cannot be read
   */
  @Nullable Object @Nullable [] find(Object[] key) throws OutageException, InterruptedException;

  /** A key in words: {@code id = 7}. */
  default String shown(@Nullable Object[] key) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < key.length; i++) {
      text.append(i == 0 ? "" : ", ")
          .append(key().get(i).name())
          .append(key[i] == null ? " of no value" : " = " + key[i]);
    }
    return text.toString();
  }
}
