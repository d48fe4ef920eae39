package dev.tranche.writer;

import dev.tranche.definition.WriteDefinition.Jdbc;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import dev.tranche.store.Platform;
import dev.tranche.testing.Postgres;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What a chunk of 16 typed columns is written to PostgreSQL with: COPY or arrays for an insert, and
 * for an upsert arrays, or COPY into a temporary table and an insert from there; in turns, in one
 * run, with a commit for each chunk. The ratios count.
 *
 * <p>{@code ./mvnw -Pbench test}; {@code -Dtranche.bench.rounds=…}.
 */
class WriteFormsBenchmark {

  private static final int ROUNDS = Integer.getInteger("tranche.bench.rounds", 5);
  private static final int ROWS = 40_000;
  private static final Columns COLUMNS = new Columns(IntStream.range(0, 16)
      .mapToObj(i -> new Column("c" + i, type(i)))
      .toList());

  @Test
  void writesChunksInEachForm() throws Exception {
    try (Postgres postgres = Postgres.database();
        Connection connection = postgres.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      JdbcTable table = table(connection);
      for (int chunk : new int[] {100, 1000, 2000, 4000, 10_000}) {
        compare("insert", connection, chunk, arrays(connection, table, false), copy(connection, table));
        compare("upsert", connection, chunk, arrays(connection, table, true), gathered(connection, table));
      }
    }
  }

  /** A statement, and what its rows are bound by. */
  private record Form(RowStatement statement, RowBinding binding) {}

  private static void compare(
      String what, Connection connection, int chunk, Form arrays, Form copy)
      throws SQLException {
    double[] ratios = new double[ROUNDS];
    double[] rates = new double[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      double one = seconds(connection, chunk, arrays);
      double other = seconds(connection, chunk, copy);
      if (round >= 0) {
        ratios[round] = one / other;
        rates[round] = ROWS / one;
      }
    }
    Arrays.sort(ratios);
    Arrays.sort(rates);
    System.out.printf(
        "%s, chunks of %d: arrays %.0f rows/s; COPY %.2f times that (%.2f to %.2f)%n",
        what, chunk, rates[ROUNDS / 2], ratios[ROUNDS / 2], ratios[0], ratios[ROUNDS - 1]);
  }

  private static double seconds(Connection connection, int chunk, Form form)
      throws SQLException {
    execute(connection, "truncate t");
    connection.commit();
    long nanos = 0;
    for (int from = 0; from < ROWS; from += chunk) {
      int first = from;
      List<Row> rows = IntStream.range(0, chunk).mapToObj(i -> row(first + i)).toList();
      long began = System.nanoTime();
      form.statement().write(new BoundRows(form.binding(), rows));
      connection.commit();
      nanos += System.nanoTime() - began;
    }
    return nanos / 1e9;
  }

  private static JdbcTable table(Connection connection) throws Exception {
    execute(
        connection,
        "create table t (c0 bigint primary key, c1 bigint, c2 bigint, c3 bigint, c4 numeric(15,2),"
            + " c5 numeric(15,2), c6 numeric(15,2), c7 numeric(15,2), c8 date, c9 date, c10 date,"
            + " c11 varchar(1), c12 varchar(1), c13 varchar(25), c14 varchar(10), c15 varchar(44))");
    connection.commit();
    return Objects.requireNonNull(new Catalog(connection, Platform.POSTGRESQL)
        .find(TableName.of("t"), new ArrayList<>()));
  }

  private static RowBinding binding(JdbcTable table, boolean upsert) {
    Jdbc definition = new Jdbc(
        null, "t", upsert ? Jdbc.Mode.UPSERT : Jdbc.Mode.INSERT, List.of("c0"), false, Map.of());
    return RowBinding.of(table, COLUMNS, definition, new ArrayList<>());
  }

  private static Form arrays(Connection connection, JdbcTable table, boolean upsert)
      throws SQLException {
    RowBinding binding = binding(table, upsert);
    PreparedStatement statement = connection.prepareStatement(PostgresSql.fromArrays(binding));
    return new Form(new ArraysStatement(connection, statement, binding), binding);
  }

  private static Form copy(Connection connection, JdbcTable table) throws SQLException {
    RowBinding binding = binding(table, false);
    return new Form(new PostgresSql(1, 1).prepare(connection, binding), binding);
  }

  private static Form gathered(Connection connection, JdbcTable table) throws SQLException {
    Form few = arrays(connection, table, true);
    return new Form(
        new GatheredStatement(connection, few.binding(), 1, few.statement()), few.binding());
  }

  private static ColumnType type(int column) {
    if (column < 4) {
      return ColumnType.LONG;
    }
    if (column < 8) {
      return ColumnType.DECIMAL;
    }
    return column < 11 ? ColumnType.DATE : ColumnType.STRING;
  }

  private static Row row(int n) {
    @Nullable Object[] values = {
      (long) n, 155_190L + n, 7706L, 1L, BigDecimal.valueOf(17), BigDecimal.valueOf(2_116_823, 2),
      BigDecimal.valueOf(4, 2), BigDecimal.valueOf(2, 2), LocalDate.of(1996, 3, 13),
      LocalDate.of(1996, 2, 12), LocalDate.of(1996, 3, 22), "N", "O", "DELIVER IN PERSON", "TRUCK",
      "egular courts above the regular " + n
    };
    return new Row(COLUMNS, values);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
