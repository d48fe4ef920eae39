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
    };
  }

  /** The type of a column that is created for values of {@code type}; it loses nothing. */
  String typeFor(ColumnType type);

  /** The statement that writes rows. */
  String write(RowBinding binding);

  /** {@link #write}, ready to be executed. */
  RowStatement prepare(Connection connection, RowBinding binding) throws SQLException;

  /** @param names of the columns as they are to be, and of those in the primary key */
  default String create(String table, List<Column> columns, List<String> names, List<String> key) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String notNull = key.contains(names.get(i)) ? " not null" : "";
      parts.add(JdbcTable.quote(names.get(i)) + " " + typeFor(columns.get(i).type()) + notNull);
    }
    if (!key.isEmpty()) {
      parts.add(
          "primary key (" + String.join(", ", key.stream().map(JdbcTable::quote).toList()) + ")");
    }
    return "create table if not exists " + table + " (" + String.join(", ", parts) + ")";
  }
}
