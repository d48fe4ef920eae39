package dev.tranche.process;

import dev.tranche.chunk.ItemError;
import dev.tranche.chunk.OutageException;
import dev.tranche.row.Row;
import org.jspecify.annotations.Nullable;

/** One entry of {@code process:}, made for the columns of the rows it gets. Safe for all threads. */
interface RowOp {

  /**
   * The row that goes on, or null if it is filtered.
   *
   * @throws ItemError if the row is bad
   * @throws OutageException if something that it needs is away
   */
  @Nullable Row apply(Row row) throws OutageException, InterruptedException;
}
