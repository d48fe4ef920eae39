package dev.tranche.reader;

import dev.tranche.chunk.OutageException;
import dev.tranche.definition.ProcessDefinition.LookedUp;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.partition.InputException;
import dev.tranche.row.Column;
import dev.tranche.row.Columns;
import dev.tranche.store.Database;
import dev.tranche.store.StoreException;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table or query that others are looked up in, as the database gives them. Immutable;
 * safe for all threads.
 */
final class LookupRows {

  /**
   * A row.
   *
   * @param key its key, so that equal keys are equal objects; null if a part of it is
   * @param values of the columns that are asked for
   */
  record Found(@Nullable List<Object> key, @Nullable Object[] values) {}

  private final Database database;
  private final SourceTable table;
  private final SourceSql sql;
  private final List<SourceColumn> selected;
  private final int[] keyPlaces;
  private final int[] places;
  private final Columns columns;

  private LookupRows(Database database, SourceTable table, Map<String, String> columns) {
    this.database = database;
    this.table = table;
    this.sql = new SourceSql(table);
    this.selected = table.selected();
    this.keyPlaces = table.key().stream().mapToInt(each -> place(each.name())).toArray();
    List<Column> found = new ArrayList<>();
    columns.forEach((name, of) ->
        found.add(new Column(name, table.column(of).type().column())));
    this.columns = new Columns(found);
    this.places =
        columns.values().stream().mapToInt(of -> place(table.column(of).name())).toArray();
  }

  private int place(String name) {
    return selected.stream().map(SourceColumn::name).toList().indexOf(name);
  }

  /**
   * @throws InputException if it is not there, or has no such columns
   * @throws StoreException if the database is away
   */
  static LookupRows find(LookedUp lookup, Database database) {
    ReadDefinition.Jdbc read =
        new ReadDefinition.Jdbc(
            lookup.connection(),
            lookup.table(),
            lookup.query(),
            List.copyOf(lookup.key().keySet()),
            List.copyOf(new LinkedHashSet<>(lookup.columns().values())));
    return SourceSession.ask(
        database,
        false,
        session ->
            new LookupRows(
                database,
                new SourceCatalog(session.connection(), database.platform(), read).findByAnyKey(),
                lookup.columns()));
  }

  String name() {
    return table.name();
  }

  Columns key() {
    return new Columns(
        table.key().stream()
            .map(each -> new Column(each.label(), each.type().column()))
            .toList());
  }

  Columns columns() {
    return columns;
  }

  /** So many of its rows, or all if there are fewer. */
  List<Found> some(int rows) throws OutageException {
    return ask(sql.some("", rows), Clause.NONE, null);
  }

  /**
   * Those whose keys the database takes for equal to this one.
   *
   * @param limit how long it may take; null: as long as it takes
   */
  List<Found> with(Object[] key, @Nullable Duration limit) throws OutageException {
    List<Object> bound = new ArrayList<>();
    for (int i = 0; i < key.length; i++) {
      bound.add(table.key().get(i).type().bound(key[i]));
    }
    Clause where = sql.with(bound);
    return ask(sql.some(where.where(), Integer.MAX_VALUE), where, limit);
  }

  private List<Found> ask(String query, Clause where, @Nullable Duration limit)
      throws OutageException {
    try {
      return SourceSession.ask(
          database, table.needsUtc(), limit, session -> session.query(query, where, this::found));
    } catch (StoreException away) {
      throw new OutageException(table.name() + " cannot be reached: " + away.getMessage(), away);
    }
  }

  private Found found(ResultSet row) throws SQLException {
    @Nullable Object[] read = new Object[selected.size()];
    for (int i = 0; i < read.length; i++) {
      FieldType type = selected.get(i).type();
      try {
        read[i] = type.value(type.read(row, i + 1));
      } catch (IllegalArgumentException e) {
        throw new InputException(
            "column " + selected.get(i).describe() + " of " + table.name() + ": " + e.getMessage(),
            e);
      }
    }
    @Nullable Object[] key = new Object[keyPlaces.length];
    for (int i = 0; i < key.length; i++) {
      key[i] = read[keyPlaces[i]];
    }
    @Nullable Object[] values = new Object[places.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = read[places[i]];
    }
    return new Found(comparable(key), values);
  }

  /** The same for keys that are equal; null where a part of it has no value. */
  @Nullable List<Object> comparable(@Nullable Object[] key) {
    List<Object> comparable = new ArrayList<>();
    for (int i = 0; i < key.length; i++) {
      Object part = key[i];
      if (part == null) {
        return null;
      }
      comparable.add(comparable(table.key().get(i), part));
    }
    return comparable;
  }

  private static Object comparable(SourceColumn column, Object value) {
    if (value instanceof BigDecimal number) {
      return number.stripTrailingZeros();
    }
    if (value instanceof OffsetDateTime moment) {
      return moment.toInstant();
    }
    return value instanceof String text && isPadded(column) ? text.stripTrailing() : value;
  }

  private static boolean isPadded(SourceColumn column) {
    return column.type() == FieldType.PADDED
        || column.declared().equalsIgnoreCase("character")
        || column.declared().equalsIgnoreCase("char");
  }
}
