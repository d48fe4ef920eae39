package dev.tranche.writer;

import dev.tranche.chunk.ItemError;
import dev.tranche.definition.WriteDefinition.Jdbc.Mode;
import dev.tranche.row.ByteText;
import dev.tranche.row.InfiniteTime;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A statement for one row, executed as a batch, in the order of the rows. */
class BatchStatement extends PreparedRowStatement {

  /** No data: there is no row to update. */
  static final String NO_ROW = "02000";

  private final Connection connection;
  private final TableSql sql;
  private final RowBinding binding;

  /** Places of the columns, in the order of the parameters. */
  private final List<Integer> order;

  private boolean limited;

  BatchStatement(Connection connection, TableSql sql, RowBinding binding) throws SQLException {
    super(connection.prepareStatement(sql.write(binding)));
    this.connection = connection;
    this.sql = sql;
    this.binding = binding;
    this.order = order(binding);
  }

  private static List<Integer> order(RowBinding binding) {
    List<Integer> order = new ArrayList<>();
    switch (binding.mode()) {
      case INSERT, UPSERT, REPLACE -> IntStream.range(0, binding.columns().size()).forEach(order::add);
      case UPDATE -> {
        order.addAll(binding.rest());
        order.addAll(binding.key());
      }
      case DELETE -> order.addAll(binding.key());
    }
    return order;
  }

  @Override
  public void limit(int seconds) throws SQLException {
    limited = true;
    super.limit(seconds);
  }

  @Override
  public void write(BoundRows rows) throws SQLException {
    statement.clearBatch();
    for (int r = 0; r < rows.size(); r++) {
      set(statement, order, rows, r);
      statement.addBatch();
    }
    int[] counts = statement.executeBatch();
    if (binding.mode() == Mode.UPDATE) {
      requireFound(rows, counts);
    }
  }

  private void set(PreparedStatement into, List<Integer> places, BoundRows rows, int row)
      throws SQLException {
    int parameter = 1;
    for (int place : places) {
      into.setObject(
          parameter++, value(binding.columns().get(place), rows.column(place)[row]));
    }
  }

  /** {@code value} as the driver is given it. */
  @Nullable Object value(BoundColumn bound, @Nullable Object value) {
    if (value instanceof OffsetDateTime time) {
      return InfiniteTime.toDriver(time);
    }
    if (value == null || bound.column().kind() != TableColumn.Kind.BINARY) {
      return value;
    }
    try {
      return ByteText.parse((String) value);
    } catch (IllegalArgumentException e) {
      throw new ItemError("column '" + bound.name() + "': " + e.getMessage(), bound.name(), e);
    }
  }

  /** MariaDB may be set to count only rows that change, or not to count at all: so it is asked. */
  private void requireFound(BoundRows rows, int[] counts) throws SQLException {
    for (int r = 0; r < rows.size(); r++) {
      if (counts[r] <= 0 && !isThere(rows, r)) {
        throw new SQLException(
            "table '" + binding.table().name() + "' has no row to update with "
                + binding.keyOf(rows, r),
            NO_ROW);
      }
    }
  }

  private boolean isThere(BoundRows rows, int row) throws SQLException {
    try (PreparedStatement find = connection.prepareStatement(sql.find(binding))) {
      set(find, binding.key(), rows, row);
      try (ResultSet found = find.executeQuery()) {
        return found.next();
      }
    }
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
