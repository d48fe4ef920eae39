package dev.tranche.reader;

import dev.tranche.partition.FileFacts;
import dev.tranche.row.Columns;

/** How the records of the files of a step become rows. Safe for all threads. */
interface Decoding {

  /** The columns of the rows. */
  Columns columns();

  /**
   * What decodes the records of a file.
   *
   * @throws dev.tranche.partition.InputException if the file has not what the columns read
   */
  RecordDecoder decoder(FileFacts file);
}
