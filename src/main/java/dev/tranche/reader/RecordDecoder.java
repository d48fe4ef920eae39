package dev.tranche.reader;

import dev.tranche.chunk.ItemError;
import dev.tranche.row.Row;

/**
 * Makes typed rows of the records of one file.
 *
 * <p>Safe for all threads.
 */
interface RecordDecoder {

  /** The text of the record in the bytes {@code from} to before {@code to}, whatever is in it. */
  String original(byte[] bytes, int from, int to);

  /**
   * The row of the record in the bytes {@code from} to before {@code to}.
   *
   * @param offset the place in the file of the record's first byte
   * @throws ItemError if the record is not well written, or a value is not of its column's type
   */
  Row decode(byte[] bytes, int from, int to, long offset);
}
