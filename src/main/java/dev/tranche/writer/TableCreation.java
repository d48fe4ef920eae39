package dev.tranche.writer;

import dev.tranche.definition.WriteDefinition;
import dev.tranche.row.Column;
import dev.tranche.row.Columns;
import dev.tranche.store.Platform;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The table that {@code create: true} makes of the rows' columns, if nobody else made it.
 *
 * <p>Plain names are written as the database would write them without quotes, so that they can be
 * queried without.
 */
final class TableCreation {

  /** Looks for the table, on a connection. */
  @FunctionalInterface
  interface Finder {
    @Nullable JdbcTable find(Connection connection) throws SQLException, UnfitTableException;
  }

  private final Connection connection;
  private final String sql;
  private final JdbcTable table;

  private TableCreation(Connection connection, String sql, JdbcTable table) {
    this.connection = connection;
    this.sql = sql;
    this.table = table;
  }

  static TableCreation of(
      Connection connection, Platform platform, WriteDefinition.Jdbc definition, Columns columns)
      throws SQLException, UnfitTableException {
    TableName name = TableName.of(definition.table());
    List<String> problems = new ArrayList<>();
    Catalog catalog = new Catalog(connection, platform);
    String schema = catalog.schemaFor(name, problems);
    if (schema == null) {
      throw new UnfitTableException(problems);
    }
    List<WrittenColumn> written = WrittenColumn.of(columns, definition, problems);
    if (!problems.isEmpty()) {
      throw new UnfitTableException(problems);
    }
    UnaryOperator<String> folding = folding(connection.getMetaData());
    List<String> names = folded(written.stream().map(WrittenColumn::into).toList(), folding);
    List<TableColumn> described = new ArrayList<>();
    Map<String, String> byRowsName = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      Column column = written.get(i).column();
      described.add(described(platform, names.get(i), column));
      byRowsName.put(column.name(), names.get(i));
    }
    List<String> key = definition.key().stream()
        .filter(byRowsName::containsKey)
        .map(byRowsName::get)
        .toList();
    JdbcTable.UniqueKey primary =
        new JdbcTable.UniqueKey("primary key", Set.copyOf(key), true, null);
    JdbcTable table = new JdbcTable(
        platform,
        schema,
        folding.apply(name.name()),
        described,
        List.of(primary),
        platform == Platform.POSTGRESQL,
        catalog.mayGather());
    String sql = TableSql.of(platform).create(
        table, written.stream().map(WrittenColumn::column).toList(), key);
    return new TableCreation(connection, sql, table);
  }

  private static TableColumn described(Platform platform, String name, Column column) {
    String type = TableSql.of(platform).typeFor(column.type()).replaceAll("\\([\\d, ]+\\)", "");
    return new TableColumn(name, TableColumn.Kind.of(type), type, type, 0, true);
  }

  private static UnaryOperator<String> folding(DatabaseMetaData metaData) throws SQLException {
    boolean upper = metaData.storesUpperCaseIdentifiers();
    boolean lower = metaData.storesLowerCaseIdentifiers();
    return name -> {
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]*") || !upper && !lower) {
        return name;
      }
      return upper ? name.toUpperCase(Locale.ROOT) : name.toLowerCase(Locale.ROOT);
    };
  }

  /** Names that would be the same once folded stay as they are. */
  private static List<String> folded(List<String> names, UnaryOperator<String> folding) {
    List<String> folded = names.stream().map(folding).toList();
    return folded.stream().distinct().count() == names.size() ? folded : names;
  }

  String sql() {
    return sql;
  }

  /** As it will be. */
  JdbcTable table() {
    return table;
  }

  /** Creates the table, and finds what there is now, which somebody else may have created. */
  JdbcTable run(Finder finder) throws SQLException, UnfitTableException {
    SQLException failure = null;
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
      connection.commit();
    } catch (SQLException error) {
      connection.rollback();
      failure = error;
    }
    JdbcTable found = finder.find(connection);
    if (found != null) {
      return found;
    }
    String why = failure == null ? "it is not there" : failure.getMessage();
    throw new UnfitTableException(
        "table '" + table.name() + "' cannot be created in schema '" + table.schema() + "': " + why,
        failure);
  }
}
