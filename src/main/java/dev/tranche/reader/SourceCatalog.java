package dev.tranche.reader;

import dev.tranche.definition.Nearest;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.partition.InputException;
import dev.tranche.store.Platform;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the table or query of a definition, its columns and its key, on one connection. */
final class SourceCatalog {

  private static final String PART = "\"((?:[^\"]|\"\")+)\"|([^.]+)";
  private static final Pattern NAME = Pattern.compile("(?:(?:" + PART + ")\\.)?(?:" + PART + ")");

  private final Connection connection;
  private final Platform platform;
  private final ReadDefinition.Jdbc definition;

  SourceCatalog(Connection connection, Platform platform, ReadDefinition.Jdbc definition) {
    this.connection = connection;
    this.platform = platform;
    this.definition = definition;
  }

  /** A table's place. @param schema a catalog of MariaDB's */
  private record Found(String schema, String table, boolean isView) {}

  /** @throws InputException if it is not there, or cannot be read along a key */
  SourceTable find() throws SQLException {
    Found found = definition.query() == null ? table(written()) : null;
    SourceTable table = describe(found);
    if (found != null && !found.isView() && !table.isKeyKnown()) {
      throw notUnique(table.name(), table.key());
    }
    return table;
  }

  /** The same, whatever the database knows of its key. */
  SourceTable findByAnyKey() throws SQLException {
    return describe(definition.query() == null ? table(written()) : null);
  }

  private String written() {
    return String.valueOf(definition.table());
  }

  private SourceTable describe(@Nullable Found found) throws SQLException {
    if (found == null) {
      return describe("the query", "(" + definition.query() + "\n) q", null);
    }
    String from = platform.quote(found.schema()) + "." + platform.quote(found.table());
    return describe("table " + written(), from, found);
  }

  // -- tables --

  private Found table(String written) throws SQLException {
    Matcher parts = NAME.matcher(written);
    String name = parts.matches() ? part(parts, 3) : written;
    String schema = parts.matches() ? part(parts, 1) : null;
    List<String> seen = new ArrayList<>();
    for (String each : schema == null ? path() : List.of(schema(schema))) {
      List<Found> tables = tables(each);
      Found match = match(String.valueOf(name), tables);
      if (match != null) {
        return match;
      }
      tables.stream()
          .map(Found::table)
          .filter(table -> !table.matches("(?i)(BATCH|TRANCHE)_.*"))
          .forEach(seen::add);
    }
    throw new InputException("there is no table '" + written + "' to read. "
        + Nearest.hint(String.valueOf(name), "tables", seen));
  }

  private static @Nullable String part(Matcher parts, int group) {
    String quoted = parts.group(group);
    return quoted == null ? parts.group(group + 1) : quoted.replace("\"\"", "\"");
  }

  private static @Nullable Found match(String name, List<Found> tables) {
    List<Found> like =
        tables.stream().filter(table -> table.table().equalsIgnoreCase(name)).toList();
    for (Found table : like) {
      if (table.table().equals(name)) {
        return table;
      }
    }
    if (like.size() > 1) {
      throw new InputException("there is more than one table '" + name + "': "
          + String.join(", ", like.stream().map(Found::table).toList())
          + ". Write the name exactly");
    }
    return like.isEmpty() ? null : like.get(0);
  }

  private List<Found> tables(String schema) throws SQLException {
    boolean catalogs = platform == Platform.MARIADB;
    List<Found> tables = new ArrayList<>();
    String[] types = null; // tables, views, partitioned and foreign tables have different ones
    try (ResultSet rows =
        connection
            .getMetaData()
            .getTables(catalogs ? schema : null, catalogs ? null : escaped(schema), "%", types)) {
      while (rows.next()) {
        String type = rows.getString("TABLE_TYPE");
        if (type.contains("TABLE") || type.contains("VIEW")) {
          tables.add(new Found(schema, rows.getString("TABLE_NAME"), type.contains("VIEW")));
        }
      }
    }
    return tables;
  }

  private String escaped(String name) throws SQLException {
    String escape = connection.getMetaData().getSearchStringEscape();
    return name.replace(escape, escape + escape)
        .replace("_", escape + "_")
        .replace("%", escape + "%");
  }

  private String schema(String written) throws SQLException {
    List<String> schemas = new ArrayList<>();
    boolean catalogs = platform == Platform.MARIADB;
    DatabaseMetaData data = connection.getMetaData();
    try (ResultSet rows = catalogs ? data.getCatalogs() : data.getSchemas()) {
      while (rows.next()) {
        schemas.add(rows.getString(1));
      }
    }
    if (schemas.contains(written)) {
      return written;
    }
    List<String> like = schemas.stream().filter(written::equalsIgnoreCase).toList();
    if (like.size() == 1) {
      return like.get(0);
    }
    throw new InputException("there is no schema '" + written + "'. "
        + Nearest.hint(written, "schemas", schemas));
  }

  /** The schemas that a name without one is looked up in, in this order. */
  private List<String> path() throws SQLException {
    if (platform != Platform.POSTGRESQL) {
      String only =
          platform == Platform.MARIADB ? connection.getCatalog() : connection.getSchema();
      return List.of(only);
    }
    List<String> path = new ArrayList<>();
    try (PreparedStatement statement =
            connection.prepareStatement("select unnest(current_schemas(false))");
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        path.add(rows.getString(1));
      }
    }
    return path;
  }

  // -- columns and keys --

  private SourceTable describe(String name, String from, @Nullable Found table)
      throws SQLException {
    List<SourceColumn> all = columns(name, from, table);
    List<SourceColumn> key = key(name, all, table);
    boolean known =
        table != null
            && key.stream().noneMatch(SourceColumn::nullable)
            && uniqueKeys(table).stream().anyMatch(names(key)::containsAll);
    return new SourceTable(platform, name, from, all, chosen(name, all), key, known);
  }

  private static List<String> names(List<SourceColumn> columns) {
    return columns.stream().map(SourceColumn::name).toList();
  }

  private List<SourceColumn> columns(String name, String from, @Nullable Found table)
      throws SQLException {
    Set<String> filled = table == null ? Set.of() : filled(table);
    Map<String, SourceColumn> columns = new LinkedHashMap<>();
    try (PreparedStatement statement =
            connection.prepareStatement("select * from " + from + " where 1 = 0");
        ResultSet none = statement.executeQuery()) {
      ResultSetMetaData data = none.getMetaData();
      for (int i = 1; i <= data.getColumnCount(); i++) {
        String label = data.getColumnLabel(i);
        SourceColumn column =
            new SourceColumn(
                label,
                label(label),
                FieldType.of(platform, data, i),
                data.getColumnTypeName(i),
                !filled.contains(label));
        if (columns.put(label, column) != null) {
          throw new InputException(name + " has two columns '" + label + "'. Name one otherwise");
        }
      }
    }
    return List.copyOf(columns.values());
  }

  /** In rows, what H2 shows in capitals since nobody quoted it is called as elsewhere. */
  private String label(String name) {
    return platform == Platform.H2 && name.equals(name.toUpperCase(Locale.ROOT))
        ? name.toLowerCase(Locale.ROOT)
        : name;
  }

  private Set<String> filled(Found table) throws SQLException {
    Set<String> filled = new HashSet<>();
    boolean catalogs = platform == Platform.MARIADB;
    try (ResultSet rows =
        connection
            .getMetaData()
            .getColumns(
                catalogs ? table.schema() : null,
                catalogs ? null : escaped(table.schema()),
                escaped(table.table()),
                "%")) {
      while (rows.next()) {
        boolean isFilled = rows.getInt("NULLABLE") == DatabaseMetaData.columnNoNulls;
        if (rows.getString("TABLE_NAME").equals(table.table()) && isFilled) {
          filled.add(rows.getString("COLUMN_NAME"));
        }
      }
    }
    return filled;
  }

  private List<SourceColumn> key(String name, List<SourceColumn> all, @Nullable Found table)
      throws SQLException {
    List<String> written = definition.key();
    if (written.isEmpty()) {
      written = table == null ? List.of() : primaryKey(table);
    }
    if (written.isEmpty()) {
      throw new InputException(name + " has no primary key. Say with 'key' which columns tell its"
          + " rows apart: those of a unique index, none of them null");
    }
    List<SourceColumn> key =
        written.stream().map(each -> Names.find(each, all, SourceColumn::name, name)).toList();
    for (SourceColumn each : key) {
      if (!each.type().isKey()) {
        throw new InputException("column " + each.describe() + " of " + name + " cannot be in the"
            + " key: its values cannot be compared with what was read before. Choose columns of"
            + " whole numbers, decimals, texts, dates, times or uuids");
      }
    }
    return key;
  }

  private List<String> primaryKey(Found table) throws SQLException {
    boolean catalogs = platform == Platform.MARIADB;
    Map<Integer, String> key = new TreeMap<>();
    try (ResultSet rows =
        connection
            .getMetaData()
            .getPrimaryKeys(
                catalogs ? table.schema() : null,
                catalogs ? null : table.schema(),
                table.table())) {
      while (rows.next()) {
        key.put(rows.getInt("KEY_SEQ"), rows.getString("COLUMN_NAME"));
      }
    }
    return List.copyOf(key.values());
  }

  /** The columns of each unique index on all rows. */
  private List<Set<String>> uniqueKeys(Found table) throws SQLException {
    boolean catalogs = platform == Platform.MARIADB;
    Map<String, Set<String>> keys = new LinkedHashMap<>();
    keys.put("primary key", new HashSet<>(primaryKey(table)));
    try (ResultSet rows =
        connection
            .getMetaData()
            .getIndexInfo(
                catalogs ? table.schema() : null,
                catalogs ? null : table.schema(),
                table.table(),
                true,
                true)) {
      while (rows.next()) {
        String column = rows.getString("COLUMN_NAME");
        boolean onAll = rows.getString("FILTER_CONDITION") == null;
        if (column != null && onAll && !rows.getBoolean("NON_UNIQUE")) {
          keys.computeIfAbsent(rows.getString("INDEX_NAME"), index -> new HashSet<>()).add(column);
        }
      }
    }
    return keys.values().stream().filter(columns -> !columns.isEmpty()).toList();
  }

  private InputException notUnique(String name, List<SourceColumn> key) {
    for (SourceColumn each : key) {
      if (each.nullable()) {
        return new InputException("column " + each.describe() + " of " + name + " cannot be in the"
            + " key, since it may be null: such rows would not be read. Choose another key, or"
            + " declare the column not null");
      }
    }
    return new InputException(name + " has no primary key or unique index on ("
        + String.join(", ", names(key)) + "), by which it is to be read: rows with equal values"
        + " would be passed over. Add one, or choose another 'key'");
  }

  private List<SourceColumn> chosen(String name, List<SourceColumn> all) {
    List<SourceColumn> chosen = new ArrayList<>();
    for (String written : definition.columns()) {
      chosen.add(Names.find(written, all, SourceColumn::name, name).as(written));
    }
    return chosen.isEmpty() ? all : chosen;
  }
}
