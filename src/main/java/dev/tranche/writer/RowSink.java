package dev.tranche.writer;

import dev.tranche.chunk.ItemError;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes rows into a table, with one statement for all rows of the same columns. */
final class RowSink implements ItemSink<Object> {

  private static final String CANCELLED = "57014";

  // -- given --
  private final TableSql sql;
  private final Function<Columns, RowBinding> bindings;
  private final @Nullable Duration timeout;

  // -- so far --
  private final Map<Columns, RowStatement> statements = new HashMap<>();
  private @Nullable Connection connection;
  private volatile @Nullable RowStatement running;

  /** @param bindings how rows of given columns go into the table */
  RowSink(TableSql sql, Function<Columns, RowBinding> bindings, @Nullable Duration timeout) {
    this.sql = sql;
    this.bindings = bindings;
    this.timeout = timeout;
  }

  @Override
  public void open(Connection opened) {
    connection = opened;
  }

  @Override
  public void write(List<Object> items, long[] ordinals) throws SQLException {
    List<Row> alike = new ArrayList<>(items.size());
    for (Object item : items) {
      Row row = row(item);
      if (!alike.isEmpty() && !row.columns().equals(alike.get(0).columns())) {
        writeAlike(alike);
        alike.clear();
      }
      alike.add(row);
    }
    writeAlike(alike);
  }

  private static Row row(Object item) {
    if (item instanceof Row row) {
      return row;
    }
    throw new IllegalStateException("write: jdbc takes rows, and the item is a "
        + item.getClass().getName()
        + ". Let a bean in process: turn items into dev.tranche.row.Row, or use write: bean.");
  }

  /** @param rows with the same columns */
  private void writeAlike(List<Row> rows) throws SQLException {
    RowBinding binding = bindings.apply(rows.get(0).columns());
    BoundRows bound = new BoundRows(binding, rows);
    RowStatement statement = statementFor(rows.get(0).columns(), binding);
    running = statement;
    long began = System.nanoTime();
    try {
      statement.write(bound);
    } catch (SQLException error) {
      throw explained(error, binding, rows, System.nanoTime() - began);
    } finally {
      running = null;
    }
  }

  private RowStatement statementFor(Columns columns, RowBinding binding) throws SQLException {
    RowStatement statement = statements.get(columns);
    if (statement == null) {
      statement = sql.prepare(Objects.requireNonNull(connection), binding);
      statements.put(columns, statement);
      if (timeout != null) {
        statement.limit((int) Math.max(1, timeout.plusMillis(999).toSeconds()));
      }
    }
    return statement;
  }

  private SQLException explained(
      SQLException error, RowBinding binding, List<Row> rows, long nanos) {
    if (timeout != null
        && nanos >= timeout.toNanos()
        && (error instanceof SQLTimeoutException || CANCELLED.equals(error.getSQLState()))) {
      return new SQLTimeoutException(
          "the write was not done within "
              + timeout.toSeconds()
              + " s (chunk.timeout): "
              + error.getMessage(),
          CANCELLED,
          error);
    }
    if (rows.size() == 1) {
      ItemError blamed = Blame.of(error, binding, rows.get(0));
      if (blamed != null) {
        throw blamed;
      }
    }
    return error;
  }

  @Override
  public boolean writesToTargetOnly() {
    return true;
  }

  @Override
  public void cancel() throws SQLException {
    RowStatement statement = running;
    if (statement != null) {
      statement.cancel();
    }
  }

  @Override
  public void close() {
    for (RowStatement statement : statements.values()) {
      try {
        statement.close();
      } catch (SQLException dead) {
        // It ends with its connection.
      }
    }
    statements.clear();
  }
}
