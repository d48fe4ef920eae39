package dev.tranche.process;

import dev.tranche.row.Row;

/** Entry {@code check}: lets a row pass if it keeps all constraints. */
final class CheckOp implements RowOp {

  private final ColumnCheck[] checks;

  CheckOp(ColumnCheck[] checks) {
    this.checks = checks;
  }

  @Override
  public Row apply(Row row) {
    for (ColumnCheck check : checks) {
      check.verify(row);
    }
    return row;
  }
}
