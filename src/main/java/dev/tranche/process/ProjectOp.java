package dev.tranche.process;

import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import org.jspecify.annotations.Nullable;

/** Entries {@code select} and {@code drop}: some of the columns, in a new order. */
final class ProjectOp implements RowOp {

  private final Columns output;
  private final int[] from;

  /** @param from for each column of {@code output} its place in the input */
  ProjectOp(Columns output, int[] from) {
    this.output = output;
    this.from = from;
  }

  @Override
  public Row apply(Row row) {
    @Nullable Object[] values = new Object[from.length];
    for (int i = 0; i < from.length; i++) {
      values[i] = row.get(from[i]);
    }
    return new Row(output, values);
  }
}
