package dev.tranche.process;

import dev.tranche.chunk.ItemError;
import dev.tranche.row.Columns;
import dev.tranche.row.Conversions;
import dev.tranche.row.Row;
import org.jspecify.annotations.Nullable;

/** Entry {@code set}: columns filled from expressions; a later one sees what an earlier one set. */
final class SetOp implements RowOp {

  /** The expression for the column at {@code index} of the output. */
  record Assignment(int index, RowExpression expression) {}

  private final Columns output;
  private final Assignment[] assignments;

  SetOp(Columns output, Assignment[] assignments) {
    this.output = output;
    this.assignments = assignments;
  }

  @Override
  public Row apply(Row row) {
    @Nullable Object[] values = row.toArray(output.size());
    Row result = new Row(output, values);
    for (Assignment assignment : assignments) {
      values[assignment.index] = value(assignment, result);
    }
    return result;
  }

  private @Nullable Object value(Assignment assignment, Row row) {
    var column = output.get(assignment.index);
    Object value = assignment.expression.value(row, column.name());
    try {
      return Conversions.convert(value, column.type());
    } catch (IllegalArgumentException e) {
      throw new ItemError(
          "column '" + column.name() + "', set to " + assignment.expression + ": " + e.getMessage(),
          column.name(),
          e);
    }
  }
}
