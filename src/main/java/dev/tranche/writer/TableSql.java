package dev.tranche.writer;

import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.store.Platform;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What writing rows is called in a database's own SQL. Immutable. */
interface TableSql {

  static TableSql of(Platform platform) {
    return switch (platform) {
      case H2 -> new H2Sql();
      case POSTGRESQL -> new PostgresSql();
      case MARIADB -> new MariaDbSql();
    };
  }

  /** The type of a column that is created for values of {@code type}; it loses nothing. */
  String typeFor(ColumnType type);

  /** The statement that writes rows. */
  String write(RowBinding binding);

  /** {@link #write}, ready to be executed. */
  RowStatement prepare(Connection connection, RowBinding binding) throws SQLException;

  /** The same for a column of the primary key, of {@code columns} altogether. */
  default String keyTypeFor(ColumnType type, int columns) {
    return typeFor(type);
  }

  /** What a table is created with beside its columns. */
  default String tableOptions() {
    return "";
  }

  /** @param key of {@code table} as it is to be, those of the primary key */
  default String create(JdbcTable table, List<Column> columns, List<String> key) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String name = table.columns().get(i).name();
      ColumnType type = columns.get(i).type();
      String typed = key.contains(name) ? keyTypeFor(type, key.size()) + " not null" : typeFor(type);
      parts.add(table.quote(name) + " " + typed);
    }
    if (!key.isEmpty()) {
      parts.add("primary key (" + String.join(", ", key.stream().map(table::quote).toList()) + ")");
    }
    return "create table if not exists "
        + table.quoted()
        + " ("
        + String.join(", ", parts)
        + ")"
        + tableOptions();
  }
}
