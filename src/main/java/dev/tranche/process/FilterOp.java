package dev.tranche.process;

import dev.tranche.row.Row;
import org.jspecify.annotations.Nullable;

/** Entry {@code filter}: lets a row pass if the expression is true. */
final class FilterOp implements RowOp {

  private final RowExpression condition;

  FilterOp(RowExpression condition) {
    this.condition = condition;
  }

  @Override
  public @Nullable Row apply(Row row) {
    return Boolean.TRUE.equals(condition.value(row, null)) ? row : null;
  }
}
