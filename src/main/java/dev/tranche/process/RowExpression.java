package dev.tranche.process;

import dev.tranche.chunk.ItemError;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Row;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.Expression;

/** An expression over a row, parsed and found harmless. Safe for all threads. */
final class RowExpression {

  private final Expression expression;
  private final ExpressionCompiler.@Nullable Compiled compiled;
  private final RowContext context;
  private final @Nullable ColumnType type;

  /**
   * @param compiled gives the same, where it can; null: only SpEL can
   * @param type what it gives; null if that is not known before a row is there
   */
  RowExpression(
      Expression expression,
      ExpressionCompiler.@Nullable Compiled compiled,
      RowContext context,
      @Nullable ColumnType type) {
    this.expression = expression;
    this.compiled = compiled;
    this.context = context;
    this.type = type;
  }

  @Nullable ColumnType type() {
    return type;
  }

  /**
   * What it gives for {@code row}.
   *
   * @param column the column to blame if it fails
   * @throws ItemError if it cannot be worked out for this row
   */
  @Nullable Object value(Row row, @Nullable String column) {
    if (compiled != null) {
      try {
        return compiled.value(row);
      } catch (RuntimeException unusual) {
        // SpEL does it, or says why it cannot be done.
      }
    }
    try {
      return expression.getValue(context, row);
    } catch (RuntimeException e) {
      String reason = String.valueOf(e.getMessage()).replaceFirst("^EL\\d+E: ", "");
      String place = column == null ? "" : "column '" + column + "', set to ";
      throw new ItemError(place + this + ": " + reason, column, e);
    }
  }

  /** The text as the user wrote it, in double quotes. */
  @Override
  public String toString() {
    return '"' + expression.getExpressionString() + '"';
  }
}
