package dev.tranche.writer;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's upsert of many rows: COPY into a temporary table, and an insert from there, in the
 * order in which they were copied.
 *
 * <p>The temporary table lasts for one write, so that a rollback takes it away as well and the
 * session goes back to its pool without it.
 */
final class GatheredStatement implements RowStatement {

  private static final String ROWS = "pg_temp.tranche_rows";

  // -- given --
  private final Connection connection;
  private final List<String> sql;
  private final CopyStatement copy;
  private final int least;
  private final RowStatement few;

  // -- so far --
  private int limit;
  private volatile @Nullable Statement running;

  /**
   * @param least rows that are worth it
   * @param few what writes fewer; belongs to this from then on
   */
  GatheredStatement(
      Connection connection, RowBinding binding, int least, RowStatement few) {
    this.connection = connection;
    this.sql = sql(binding);
    this.least = least;
    this.few = few;
    this.copy = new CopyStatement(connection, sql.get(1), binding);
  }

  /** What is sent, the second of it as COPY. */
  static List<String> sql(RowBinding binding) {
    String columns = String.join(", ", binding.quotedColumns());
    String table = binding.table().quoted();
    return List.of(
        "create temporary table tranche_rows as select %s from %s with no data"
            .formatted(columns, table),
        "copy %s (%s) from stdin%s".formatted(ROWS, columns, CopyEncoder.options(binding)),
        "insert into %s (%s) select %s from %s%s"
            .formatted(table, columns, columns, ROWS, PostgresSql.onConflict(binding)),
        "drop table " + ROWS);
  }

  @Override
  public void write(BoundRows rows) throws SQLException {
    if (rows.size() < least) {
      few.write(rows);
      return;
    }
    execute(sql.get(0));
    copy.write(rows);
    execute(sql.get(2));
    execute(sql.get(3));
  }

  private void execute(String text) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(limit);
      running = statement;
      statement.execute(text);
    } finally {
      running = null;
    }
  }

  @Override
  public void limit(int seconds) throws SQLException {
    limit = seconds;
    copy.limit(seconds);
    few.limit(seconds);
  }

  @Override
  public void cancel() throws SQLException {
    Statement statement = running;
    if (statement != null) {
      statement.cancel();
    }
    copy.cancel();
    few.cancel();
  }

  @Override
  public void close() throws SQLException {
    few.close();
  }
}
