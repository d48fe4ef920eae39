package dev.tranche.writer;

import dev.tranche.definition.WriteDefinition.Jdbc.Mode;
import dev.tranche.row.ColumnType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.core.BaseConnection;

/**
 * PostgreSQL's: all rows of a chunk in one statement, as one array for each column.
 *
 * <p>Measured with 16 columns and chunks of 1000, one array a column is faster than a batch with
 * {@code reWriteBatchedInserts} and than an insert of many rows of parameters, at half the CPU time,
 * and it is the same statement for any number of rows.
 */
final class PostgresSql implements TableSql {

  /**
   * From here on an upsert is gathered in a temporary table first. Measured with 16 columns, that is
   * no faster than arrays in chunks of 1000, and half as fast again in chunks of 5000.
   */
  static final int GATHERED_FROM = 4000;

  /** What has grown half as far is gathered too, if it may grow that far. */
  private static final int GROWN = GATHERED_FROM / 2;

  private final int chunk;
  private final int largest;

  /**
   * @param chunk how many rows are written at once, as a rule
   * @param largest how many they may become
   */
  PostgresSql(int chunk, int largest) {
    this.chunk = chunk;
    this.largest = largest;
  }

  @Override
  public String typeFor(ColumnType type) {
    return switch (type) {
      case STRING -> "text";
      case LONG -> "bigint";
      case DECIMAL -> "numeric";
      case DOUBLE -> "double precision";
      case BOOLEAN -> "boolean";
      case DATE -> "date";
      case TIME -> "time";
      case TIMESTAMP -> "timestamp with time zone";
      case UUID -> "uuid";
    };
  }

  @Override
  public String put(RowBinding binding) {
    return isCopied(binding) ? copy(binding) : fromArrays(binding);
  }

  @Override
  public String parameter(TableColumn column) {
    return column.kind() == TableColumn.Kind.OTHER ? "?::" + column.cast() : "?";
  }

  @Override
  public boolean takesText(JdbcTable table, Mode mode) {
    return switch (mode) {
      case INSERT, REPLACE -> table.copied();
      case UPSERT -> mayGather(table);
      case UPDATE, DELETE -> false;
    };
  }

  private boolean isGathered(RowBinding binding) {
    return binding.isUpsert() && mayGather(binding.table());
  }

  private boolean mayGather(JdbcTable table) {
    return table.gathered() && largest >= GATHERED_FROM;
  }

  @Override
  public List<String> statements(RowBinding binding) {
    return isGathered(binding) ? GatheredStatement.sql(binding) : List.of(write(binding));
  }

  private static boolean isCopied(RowBinding binding) {
    return binding.table().copied() && !binding.isKeyed();
  }

  private static String copy(RowBinding binding) {
    return "copy %s (%s) from stdin%s"
        .formatted(
            binding.table().quoted(),
            String.join(", ", binding.quotedColumns()),
            CopyEncoder.options(binding));
  }

  static String fromArrays(RowBinding binding) {
    List<String> values = new ArrayList<>();
    List<String> arrays = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (BoundColumn bound : binding.columns()) {
      String name = "c" + (names.size() + 1);
      TableColumn column = bound.column();
      boolean cast = column.kind() == TableColumn.Kind.OTHER;
      values.add("r." + name + (cast ? "::" + column.cast() : ""));
      arrays.add("?::" + arrayType(column.kind()) + "[]");
      names.add(name);
    }
    return "insert into %s (%s) select %s from unnest(%s) as r (%s)%s"
        .formatted(
            binding.table().quoted(),
            String.join(", ", binding.quotedColumns()),
            String.join(", ", values),
            String.join(", ", arrays),
            String.join(", ", names),
            binding.isUpsert() ? onConflict(binding) : "");
  }

  static String onConflict(RowBinding binding) {
    String key = String.join(", ", binding.quotedKey());
    List<String> updates =
        binding.quotedRest().stream().map(name -> name + " = excluded." + name).toList();
    return " on conflict ("
        + key
        + ") do "
        + (updates.isEmpty() ? "nothing" : "update set " + String.join(", ", updates));
  }

  /** Not {@code unlogged}: a crash of the server would empty it, and checkpoints count its rows. */
  @Override
  public List<String> stage(StagingTable staging) {
    JdbcTable table = staging.table();
    List<String> unwritten = new ArrayList<>(staging.rows().table().columnNames());
    unwritten.removeAll(table.columnNames());
    List<String> statements = new ArrayList<>();
    statements.add(
        "create table if not exists %s (like %s including constraints)"
            .formatted(table.quoted(), staging.rows().table().quoted()));
    if (!unwritten.isEmpty()) {
      statements.add(
          "alter table " + table.quoted() + " "
              + unwritten.stream()
                  .map(name -> "drop column if exists " + table.quote(name))
                  .collect(Collectors.joining(", ")));
    }
    return statements;
  }

  /**
   * Locks others out who write there, since what they insert in the meantime would not be deleted.
   * Deletes and inserts in one statement, at whose end foreign keys are checked: rows that others
   * refer to may go if they come back.
   */
  @Override
  public List<String> replace(StagingTable staging) {
    String target = staging.rows().table().quoted();
    return List.of(
        "lock table " + target + " in share row exclusive mode",
        "with gone as (delete from " + target + " returning 1) " + staging.insertion()
            + " where (select count(*) from gone) >= 0");
  }

  /** The type of the array that a column's values are sent in. */
  static String arrayType(TableColumn.Kind kind) {
    return switch (kind) {
      case TEXT, BINARY, OTHER -> "text";
      case INTEGER -> "int8";
      case DECIMAL -> "numeric";
      case DOUBLE -> "float8";
      case BOOLEAN -> "bool";
      case DATE -> "date";
      case TIME -> "time";
      case TIMESTAMP -> "timestamptz";
      case LOCAL_TIMESTAMP -> "timestamp";
      case UUID -> "uuid";
    };
  }

  @Override
  public RowStatement prepare(Connection connection, RowBinding binding) throws SQLException {
    if (isCopied(binding) && connection.isWrapperFor(BaseConnection.class)) {
      return new CopyStatement(connection, copy(binding), binding);
    }
    if (isGathered(binding) && connection.isWrapperFor(BaseConnection.class)) {
      RowStatement arrays = arrays(connection, binding);
      return new GatheredStatement(
          connection, binding, chunk >= GATHERED_FROM ? 1 : GROWN, arrays);
    }
    if (binding.mode() == Mode.UPDATE || binding.mode() == Mode.DELETE) {
      return new BatchStatement(connection, this, binding);
    }
    return arrays(connection, binding);
  }

  private static RowStatement arrays(Connection connection, RowBinding binding)
      throws SQLException {
    return new ArraysStatement(
        connection, connection.prepareStatement(fromArrays(binding)), binding);
  }
}
