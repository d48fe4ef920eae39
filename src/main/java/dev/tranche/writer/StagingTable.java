package dev.tranche.writer;

import dev.tranche.store.Database;
import dev.tranche.store.Platform;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The table beside a target table that all rows go into before they replace those of the target. It
 * has the columns that are written, and refuses what the target would refuse: values that are too
 * long, missing or twice there. Immutable.
 *
 * @param rows how rows go into the target
 * @param table itself
 */
record StagingTable(RowBinding rows, JdbcTable table) {

  private static final String PREFIX = "tranche_staging_";
  private static final String ALL =
      "select TABLE_SCHEMA, TABLE_NAME from INFORMATION_SCHEMA.TABLES where TABLE_NAME like '"
          + PREFIX + "%'";

  /** @param layout a UUID; or what stands for one, for people */
  static StagingTable of(RowBinding rows, String layout) {
    JdbcTable target = rows.table();
    JdbcTable table =
        new JdbcTable(
            target.platform(),
            target.schema(),
            name(layout),
            rows.columns().stream().map(BoundColumn::column).toList(),
            List.of(),
            target.platform() == Platform.POSTGRESQL,
            false);
    return new StagingTable(rows, table);
  }

  /** Its layout's UUID makes it unlike any other table, also of other job repositories. */
  private static String name(String layout) {
    return PREFIX + layout.replace("-", "");
  }

  /** As users know it. */
  String shown() {
    return "'" + table.schema() + "." + table.name() + "'";
  }

  /** How rows go into it. */
  RowBinding binding() {
    return rows.into(table);
  }

  /** Statements that make it, if it is not there, or only half made. */
  List<String> creation() {
    List<String> statements = new ArrayList<>(sql().stage(this));
    Set<String> written = new HashSet<>(table.columnNames());
    int number = 0;
    for (JdbcTable.UniqueKey key : rows.table().uniqueKeys()) {
      number++;
      if (key.whole() && written.containsAll(key.columns())) {
        statements.add(
            "create unique index if not exists "
                + table.quote(table.name() + "_" + number)
                + " on "
                + table.quoted()
                + " ("
                + String.join(", ", key.columns().stream().sorted().map(table::quote).toList())
                + ")");
      }
    }
    return statements;
  }

  /** Statements that put its rows in place of the target's. */
  List<String> replacement() {
    return sql().replace(this);
  }

  /** Statements that change nothing, and fail where those of {@link #replacement} must. */
  List<String> rehearsal() {
    return List.of(
        "delete from " + rows.table().quoted() + " where 1 = 0", insertion() + " where 1 = 0");
  }

  /** Without its end. */
  String insertion() {
    String columns = String.join(", ", rows.quotedColumns());
    return "insert into %s (%s) select %s from %s"
        .formatted(rows.table().quoted(), columns, columns, table.quoted());
  }

  private TableSql sql() {
    return TableSql.of(table.platform());
  }

  boolean exists(Connection connection) throws SQLException {
    return all(connection).contains(new Found(table.schema(), table.name()));
  }

  long count(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from " + table.quoted())) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Removes staging tables of layouts; a process that still fills one of them fails. */
  static void drop(Database database, Collection<String> layouts) throws SQLException {
    Set<String> names = layouts.stream().map(StagingTable::name).collect(Collectors.toSet());
    try (Connection connection = database.connect()) {
      for (Found found : all(connection)) {
        if (names.contains(found.name())) {
          database.takingOver(
              connection,
              (session, platform) ->
                  execute(
                      session,
                      "drop table if exists " + platform.quote(found.schema()) + "."
                          + platform.quote(found.name())));
        }
      }
      connection.commit();
    }
  }

  private record Found(String schema, String name) {}

  private static List<Found> all(Connection connection) throws SQLException {
    List<Found> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(ALL)) {
      while (rows.next()) {
        all.add(new Found(rows.getString(1), rows.getString(2)));
      }
    }
    return all;
  }

  static int execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }
}
