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
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks tables up in INFORMATION_SCHEMA, on one connection. */
final class Catalog {

  private static final String TABLES =
      "select TABLE_NAME from INFORMATION_SCHEMA.TABLES where TABLE_SCHEMA = ? order by 1";
  private static final String SCHEMAS = "select SCHEMA_NAME from INFORMATION_SCHEMA.SCHEMATA";
  private static final String COLUMNS = "select COLUMN_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH,"
      + " IS_NULLABLE, %s UDT_SCHEMA, %s UDT_NAME from INFORMATION_SCHEMA.COLUMNS"
      + " where TABLE_SCHEMA = ? and TABLE_NAME = ? order by ORDINAL_POSITION";
  private static final String H2_KEYS = "select INDEX_SCHEMA || '.' || INDEX_NAME, COLUMN_NAME"
      + " from INFORMATION_SCHEMA.INDEX_COLUMNS"
      + " where TABLE_SCHEMA = ? and TABLE_NAME = ? and IS_UNIQUE";

  /** Without indexes on expressions, on some rows only, or checked at COMMIT only. */
  private static final String POSTGRES_KEYS = "select I.INDEXRELID, A.ATTNAME from PG_INDEX I"
      + " join PG_CLASS C on C.OID = I.INDRELID"
      + " join PG_NAMESPACE N on N.OID = C.RELNAMESPACE"
      + " join PG_ATTRIBUTE A on A.ATTRELID = C.OID"
      + " and A.ATTNUM = any (I.INDKEY[0:I.INDNKEYATTS - 1])"
      + " where N.NSPNAME = ? and C.RELNAME = ? and I.INDISUNIQUE and I.INDISVALID"
      + " and I.INDIMMEDIATE and I.INDPRED is null and I.INDEXPRS is null";

  /** COPY takes no views, passes by rules, refuses row security and writes numbered columns. */
  private static final String POSTGRES_COPIED = "select C.OID from PG_CLASS C"
      + " join PG_NAMESPACE N on N.OID = C.RELNAMESPACE"
      + " where N.NSPNAME = ? and C.RELNAME = ? and C.RELKIND in ('r', 'p')"
      + " and not C.RELHASRULES and not row_security_active(C.OID)"
      + " and not exists (select from PG_ATTRIBUTE A where A.ATTRELID = C.OID"
      + " and A.ATTIDENTITY = 'a')";

  /** No action is looked at when a statement ends, and does not mind a row that is back by then. */
  private static final String POSTGRES_REFERENCES = "select '''' || K.CONNAME || ''' of table '''"
      + " || F.RELNAME || ''', on delete ' || case K.CONFDELTYPE when 'c' then 'cascade'"
      + " when 'n' then 'set null' when 'd' then 'set default' else 'restrict' end"
      + " from PG_CONSTRAINT K join PG_CLASS F on F.OID = K.CONRELID"
      + " join PG_CLASS C on C.OID = K.CONFRELID join PG_NAMESPACE N on N.OID = C.RELNAMESPACE"
      + " where N.NSPNAME = ? and C.RELNAME = ? and K.CONTYPE = 'f' and K.CONFDELTYPE <> 'a'"
      + " order by 1";

  /** Every key is looked at for every row. */
  private static final String H2_REFERENCES = "select '''' || R.CONSTRAINT_NAME || ''' of table '''"
      + " || F.TABLE_NAME || ''', on delete ' || lower(R.DELETE_RULE)"
      + " from INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS R"
      + " join INFORMATION_SCHEMA.TABLE_CONSTRAINTS F on F.CONSTRAINT_SCHEMA = R.CONSTRAINT_SCHEMA"
      + " and F.CONSTRAINT_NAME = R.CONSTRAINT_NAME"
      + " join INFORMATION_SCHEMA.TABLE_CONSTRAINTS T"
      + " on T.CONSTRAINT_SCHEMA = R.UNIQUE_CONSTRAINT_SCHEMA"
      + " and T.CONSTRAINT_NAME = R.UNIQUE_CONSTRAINT_NAME"
      + " where T.TABLE_SCHEMA = ? and T.TABLE_NAME = ? order by 1";

  private static final String POSTGRES_TEMPORARY =
      "select 1 where has_database_privilege(current_database(), 'TEMPORARY')";

  private final Connection connection;
  private final Platform platform;

  Catalog(Connection connection, Platform platform) {
    this.connection = connection;
    this.platform = platform;
  }

  /**
   * The table that {@code name} stands for.
   *
   * @return null if there is none; {@code problems} then says what there is
   * @throws UnfitTableException if it is there and cannot be written in a transaction
   */
  @Nullable JdbcTable find(TableName name, List<String> problems)
      throws SQLException, UnfitTableException {
    List<String> seen = new ArrayList<>();
    for (String schema : schemas(name, problems)) {
      List<String> tables = strings(TABLES, schema);
      Matching match = Matching.of(name.name(), tables, "table", "tables");
      if (match.isFound()) {
        return read(schema, match.found());
      }
      seen.addAll(tables);
    }
    seen.removeIf(Catalog::isOfTheRepository);
    if (problems.isEmpty()) {
      String missing = Matching.of(name.name(), seen, "table", "tables").problem();
      problems.add("there is " + missing);
    }
    return null;
  }

  /** Tables that nobody loads rows into, and that would only hide the others in a message. */
  private static boolean isOfTheRepository(String table) {
    return table.matches("(?i)(BATCH|TRANCHE)_.*");
  }

  /** The schema to create a table in. */
  @Nullable String schemaFor(TableName name, List<String> problems) throws SQLException {
    List<String> schemas = schemas(name, problems);
    if (schemas.isEmpty() && problems.isEmpty()) {
      problems.add("there is no schema to create table '" + name + "' in.");
    }
    return schemas.isEmpty() ? null : schemas.get(0);
  }

  private List<String> schemas(TableName name, List<String> problems) throws SQLException {
    if (name.schema() == null) {
      return path();
    }
    Matching match = Matching.of(name.schema(), strings(SCHEMAS), "schema", "schemas");
    if (!match.isFound()) {
      problems.add("there is " + match.problem());
      return List.of();
    }
    return List.of(match.found());
  }

  /** The schemas that a name without one is looked up in, in this order. */
  private List<String> path() throws SQLException {
    if (platform == Platform.POSTGRESQL) {
      return strings("select unnest(current_schemas(false))");
    }
    if (platform == Platform.MARIADB) {
      return strings("select database() from dual where database() is not null");
    }
    return List.of(connection.getSchema());
  }

  private JdbcTable read(String schema, String table) throws SQLException, UnfitTableException {
    if (platform == Platform.MARIADB) {
      return new MariaDbCatalog(connection, schema, table).read();
    }
    boolean copied =
        platform == Platform.POSTGRESQL && !strings(POSTGRES_COPIED, schema, table).isEmpty();
    return new JdbcTable(
        platform,
        schema,
        table,
        columns(schema, table),
        uniqueKeys(schema, table),
        copied,
        mayGather());
  }

  /** Whether this user may make temporary tables where that is of use. */
  boolean mayGather() throws SQLException {
    return platform == Platform.POSTGRESQL && !strings(POSTGRES_TEMPORARY).isEmpty();
  }

  private List<TableColumn> columns(String schema, String table) throws SQLException {
    boolean postgres = platform == Platform.POSTGRESQL;
    String sql = postgres ? COLUMNS.formatted("", "") : COLUMNS.formatted("'' as", "'' as");
    List<TableColumn> columns = new ArrayList<>();
    try (PreparedStatement statement = statement(sql, schema, table);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        columns.add(column(rows));
      }
    }
    return columns;
  }

  private TableColumn column(ResultSet row) throws SQLException {
    String type = row.getString("DATA_TYPE");
    String udt = row.getString("UDT_NAME");
    TableColumn.Kind kind = TableColumn.Kind.of(type);
    boolean named = kind == TableColumn.Kind.OTHER && !udt.isEmpty();
    return new TableColumn(
        row.getString("COLUMN_NAME"),
        kind,
        named ? udt : type.toLowerCase(java.util.Locale.ROOT),
        named ? platform.quote(row.getString("UDT_SCHEMA")) + "." + platform.quote(udt) : type,
        kind == TableColumn.Kind.TEXT ? row.getLong("CHARACTER_MAXIMUM_LENGTH") : 0,
        row.getString("IS_NULLABLE").equals("YES"));
  }

  private List<JdbcTable.UniqueKey> uniqueKeys(String schema, String table) throws SQLException {
    Map<String, Set<String>> keys = new LinkedHashMap<>();
    String sql = platform == Platform.POSTGRESQL ? POSTGRES_KEYS : H2_KEYS;
    try (PreparedStatement statement = statement(sql, schema, table);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        keys.computeIfAbsent(rows.getString(1), index -> new HashSet<>()).add(rows.getString(2));
      }
    }
    return keys.entrySet().stream()
        .map(key -> new JdbcTable.UniqueKey(key.getKey(), key.getValue(), true, null))
        .toList();
  }

  /**
   * Foreign keys of other tables, and of its own, that do not let all rows be deleted and come back.
   *
   * @return in words, which follow "foreign key"
   */
  List<String> keysAgainstReplacing(JdbcTable table) throws SQLException {
    return platform == Platform.MARIADB
        ? List.of()
        : strings(
            platform == Platform.POSTGRESQL ? POSTGRES_REFERENCES : H2_REFERENCES,
            table.schema(),
            table.name());
  }

  private List<String> strings(String sql, String... parameters) throws SQLException {
    List<String> strings = new ArrayList<>();
    try (PreparedStatement statement = statement(sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
    }
    return strings;
  }

  private PreparedStatement statement(String sql, String... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setString(i + 1, parameters[i]);
    }
    return statement;
  }
}
