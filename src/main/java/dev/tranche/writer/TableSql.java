package dev.tranche.writer;

import dev.tranche.definition.WriteDefinition.Jdbc.Mode;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.store.Platform;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What writing rows is called in a database's own SQL. Immutable. */
interface TableSql {

  static TableSql of(Platform platform) {
    return of(platform, 1, 1);
  }

  /**
   * @param chunk how many rows are written at once, as a rule
   * @param largest how many they may become
   */
  static TableSql of(Platform platform, int chunk, int largest) {
    return switch (platform) {
      case H2 -> new H2Sql();
      case POSTGRESQL -> new PostgresSql(chunk, largest);
      case MARIADB -> new MariaDbSql();
    };
  }

  /** The type of a column that is created for values of {@code type}; it loses nothing. */
  String typeFor(ColumnType type);

  /** The statement that writes rows. */
  default String write(RowBinding binding) {
    return switch (binding.mode()) {
      case INSERT, UPSERT, REPLACE -> put(binding);
      case UPDATE -> update(binding);
      case DELETE -> delete(binding);
    };
  }

  /** The statement that inserts rows, or puts them in place of others. */
  String put(RowBinding binding);

  /** What stands for a value of a column in a statement for one row. */
  default String parameter(TableColumn column) {
    return "?";
  }

  private String update(RowBinding binding) {
    return "update " + binding.table().quoted() + " set " + equal(binding, binding.rest(), ", ")
        + " where " + equal(binding, binding.key(), " and ");
  }

  private String delete(RowBinding binding) {
    return "delete from " + binding.table().quoted() + " where "
        + equal(binding, binding.key(), " and ");
  }

  /** Whether there is a row with a key. */
  default String find(RowBinding binding) {
    return "select 1 from " + binding.table().quoted() + " where "
        + equal(binding, binding.key(), " and ");
  }

  private String equal(RowBinding binding, List<Integer> places, String between) {
    return places.stream()
        .map(place -> binding.columns().get(place).column())
        .map(column -> binding.table().quote(column.name()) + " = " + parameter(column))
        .collect(Collectors.joining(between));
  }

  /** Why rows of a table cannot be replaced as a whole here, and what to do; null if they can. */
  default @Nullable String obstacleToReplacing() {
    return null;
  }

  /** Statements that make a table for rows that are to replace others; nothing if it is there. */
  default List<String> stage(StagingTable staging) {
    throw new UnsupportedOperationException(obstacleToReplacing());
  }

  /** Statements that do it, in the open transaction. */
  default List<String> replace(StagingTable staging) {
    return List.of("delete from " + staging.rows().table().quoted(), staging.insertion());
  }

  /** Whether its statement takes values as they stand in the input, where a row has them so. */
  default boolean takesText(JdbcTable table, Mode mode) {
    return false;
  }

  /** All that is sent for rows. */
  default List<String> statements(RowBinding binding) {
    return List.of(write(binding));
  }

  /** {@link #write}, or what does the same, ready to be executed. */
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
