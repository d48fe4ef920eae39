package dev.tranche.writer;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A statement for one row, executed as a batch. */
class BatchStatement extends PreparedRowStatement {

  private final RowBinding binding;
  private boolean limited;

  BatchStatement(PreparedStatement statement, RowBinding binding) {
    super(statement);
    this.binding = binding;
  }

  @Override
  public void limit(int seconds) throws SQLException {
    limited = true;
    super.limit(seconds);
  }

  @Override
  public void write(BoundRows rows) throws SQLException {
    statement.clearBatch();
    int columns = binding.columns().size();
    for (int r = 0; r < rows.size(); r++) {
      for (int c = 0; c < columns; c++) {
        statement.setObject(c + 1, value(binding.columns().get(c), rows.column(c)[r]));
      }
      statement.addBatch();
    }
    statement.executeBatch();
  }

  /** {@code value} as the driver is given it. */
  @Nullable Object value(BoundColumn column, @Nullable Object value) {
    return value;
  }

  @Override
  public void close() throws SQLException {
    if (limited) {
      // H2 keeps the limit with the session, which goes back to its pool.
      statement.setQueryTimeout(0);
    }
    super.close();
  }
}
