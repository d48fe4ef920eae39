package dev.tranche.writer;

import dev.tranche.row.ColumnType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * MariaDB's: a batch, which its driver sends as one, and which the server executes row by row.
 *
 * <p>What a created column cannot hold, such as a number of more than 35 digits before the point or
 * 30 behind it, is refused by {@link MariaDbStatement} or by the server.
 */
final class MariaDbSql implements TableSql {

  /** The column that is created for decimals. */
  static final String DECIMAL = "decimal(65,30)";

  /** Four bytes a character, of 3072 in an index; the rest is for columns of other types. */
  private static final int KEY_CHARACTERS = 700;

  @Override
  public String typeFor(ColumnType type) {
    return switch (type) {
      case STRING -> "longtext";
      case LONG -> "bigint";
      case DECIMAL -> DECIMAL;
      case DOUBLE -> "double";
      case BOOLEAN -> "boolean";
      case DATE -> "date";
      case TIME -> "time(6)";
      case TIMESTAMP -> "datetime(6)";
      case UUID -> "uuid";
    };
  }

  @Override
  public String keyTypeFor(ColumnType type, int columns) {
    return type == ColumnType.STRING
        ? "varchar(" + KEY_CHARACTERS / columns + ")"
        : typeFor(type);
  }

  @Override
  public String obstacleToReplacing() {
    return "mode: replace is not for MariaDB, where a transaction that fails is undone row by row: a"
        + " crash near its end would keep the table locked for as long again. Load with mode: insert"
        + " into a second table that is empty, and let a step with sql: put it in the place of the"
        + " first: rename table first to old, second to first";
  }

  /** Texts are the same only if all their characters are, case and trailing spaces included. */
  @Override
  public String tableOptions() {
    return " engine = InnoDB character set utf8mb4 collate utf8mb4_nopad_bin";
  }

  @Override
  public String put(RowBinding binding) {
    List<String> columns = binding.quotedColumns();
    return "insert into %s (%s) values (%s)%s"
        .formatted(
            binding.table().quoted(),
            String.join(", ", columns),
            String.join(", ", columns.stream().map(column -> "?").toList()),
            binding.isUpsert() ? onDuplicateKey(binding) : "");
  }

  private static String onDuplicateKey(RowBinding binding) {
    List<String> updated = binding.quotedRest();
    List<String> updates = updated.isEmpty()
        ? binding.quotedKey().stream().limit(1).map(name -> name + " = " + name).toList()
        : updated.stream().map(name -> name + " = values(" + name + ")").toList();
    return " on duplicate key update " + String.join(", ", updates);
  }

  @Override
  public RowStatement prepare(Connection connection, RowBinding binding) throws SQLException {
    return new MariaDbStatement(connection, this, binding);
  }
}
