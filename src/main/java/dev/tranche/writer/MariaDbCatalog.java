package dev.tranche.writer;

import dev.tranche.store.Platform;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table of MariaDB, looked up in INFORMATION_SCHEMA on one connection.
 *
 * <p>Names are compared there in any case, even where tables differ in nothing else: so twice.
 */
final class MariaDbCatalog {

  private static final String NAMED =
      " where T.TABLE_SCHEMA = ? and T.TABLE_NAME = ? and binary T.TABLE_NAME = ?";
  private static final String TABLE = "select T.TABLE_TYPE, T.ENGINE, E.TRANSACTIONS"
      + " from INFORMATION_SCHEMA.TABLES T"
      + " left join INFORMATION_SCHEMA.ENGINES E on E.ENGINE = T.ENGINE"
      + NAMED;
  private static final String COLUMNS = "select COLUMN_NAME, DATA_TYPE, COLUMN_TYPE,"
      + " CHARACTER_MAXIMUM_LENGTH, IS_NULLABLE, EXTRA from INFORMATION_SCHEMA.COLUMNS T"
      + NAMED
      + " order by ORDINAL_POSITION";
  private static final String KEYS = "select INDEX_NAME, COLUMN_NAME, SUB_PART"
      + " from INFORMATION_SCHEMA.STATISTICS T"
      + NAMED
      + " and NON_UNIQUE = 0 order by INDEX_NAME, SEQ_IN_INDEX";

  // -- given --
  private final Connection connection;
  private final String schema;
  private final String table;

  // -- so far --
  private final List<TableColumn> columns = new ArrayList<>();
  private @Nullable String numbered;
  private final Map<String, Set<String>> keys = new LinkedHashMap<>();
  private final Set<String> keysOfBeginnings = new HashSet<>();

  MariaDbCatalog(Connection connection, String schema, String table) {
    this.connection = connection;
    this.schema = schema;
    this.table = table;
  }

  /** @throws UnfitTableException if it is not known to have transactions */
  JdbcTable read() throws SQLException, UnfitTableException {
    List<String> problems = new ArrayList<>();
    each(TABLE, row -> judge(row, problems));
    if (!problems.isEmpty()) {
      throw new UnfitTableException(problems);
    }
    each(COLUMNS, this::column);
    each(KEYS, this::key);
    List<JdbcTable.UniqueKey> uniqueKeys = keys.entrySet().stream()
        .map(key -> new JdbcTable.UniqueKey(
            key.getKey(),
            key.getValue(),
            !keysOfBeginnings.contains(key.getKey()),
            numbered != null && key.getValue().contains(numbered) ? numbered : null))
        .toList();
    return new JdbcTable(Platform.MARIADB, schema, table, columns, uniqueKeys, false, false);
  }

  private void judge(ResultSet row, List<String> problems) throws SQLException {
    if (row.getString("TABLE_TYPE").toUpperCase(Locale.ROOT).contains("VIEW")) {
      problems.add("'" + table + "' is a view, and whether the tables behind it have transactions"
          + " cannot be seen on MariaDB. Write into the table itself");
    } else if (!"YES".equals(row.getString("TRANSACTIONS"))) {
      problems.add("table '" + table + "' is kept by " + row.getString("ENGINE")
          + ", which has no transactions: what a failed chunk wrote would stay. Use: alter table "
          + Platform.MARIADB.quote(schema) + "." + Platform.MARIADB.quote(table)
          + " engine = InnoDB");
    }
  }

  private void column(ResultSet row) throws SQLException {
    String name = row.getString("COLUMN_NAME");
    String type = row.getString("DATA_TYPE");
    String inFull = row.getString("COLUMN_TYPE");
    TableColumn.Kind kind = TableColumn.Kind.ofMariaDb(type, inFull);
    long length =
        kind == TableColumn.Kind.TEXT ? row.getLong("CHARACTER_MAXIMUM_LENGTH") : 0;
    boolean nullable = row.getString("IS_NULLABLE").equals("YES");
    columns.add(new TableColumn(name, kind, type, inFull, length, nullable));
    if (row.getString("EXTRA").contains("auto_increment")) {
      numbered = name;
    }
  }

  private void key(ResultSet row) throws SQLException {
    String name = row.getString("INDEX_NAME");
    keys.computeIfAbsent(name, index -> new HashSet<>()).add(row.getString("COLUMN_NAME"));
    if (row.getString("SUB_PART") != null) {
      keysOfBeginnings.add(name);
    }
  }

  /** What becomes of a row. */
  @FunctionalInterface
  private interface Row {
    void read(ResultSet row) throws SQLException;
  }

  private void each(String sql, Row reading) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, schema);
      statement.setString(2, table);
      statement.setString(3, table);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          reading.read(rows);
        }
      }
    }
  }
}
