package dev.tranche.reader;

import dev.tranche.definition.PartitionDefinition;
import dev.tranche.definition.PartitionDefinition.Sized;
import dev.tranche.partition.Bounds;
import dev.tranche.partition.InputException;
import dev.tranche.partition.Slice;
import dev.tranche.partition.Splits;
import dev.tranche.store.Platform;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a table by a rule and counts what is in each part.
 *
 * <p>Every row that there is, or that comes later, belongs to one part: ranges are open at their
 * ends, there is a part for values that were not seen, and one for rows without a value where there
 * may be such. One thread.
 */
final class TableCutter {

  /** A column with more values is cut by another rule. */
  private static final int MOST_VALUES = 1_000;

  private final SourceSession session;
  private final SourceTable table;
  private final SourceSql sql;

  TableCutter(SourceSession session, SourceTable table) {
    this.session = session;
    this.table = table;
    this.sql = new SourceSql(table);
  }

  /** @throws InputException if the rule does not fit the table */
  List<Slice.Rows> cut(PartitionDefinition rule) throws SQLException {
    if (!table.isKeyKnown()) {
      new KeyCheck(session, table).check();
    }
    if (rule instanceof PartitionDefinition.Balanced balanced) {
      return balanced(balanced);
    }
    return counted(bounds(rule));
  }

  private List<Slice.Rows> counted(List<Bounds> bounds) throws SQLException {
    return new RowCounts(session, sql).of(bounds);
  }

  private List<Bounds> bounds(PartitionDefinition rule) throws SQLException {
    if (rule instanceof PartitionDefinition.Range range) {
      return range(range);
    }
    if (rule instanceof PartitionDefinition.Values values) {
      return values(table.column(values.column()));
    }
    if (rule instanceof PartitionDefinition.Hash hash) {
      return hash(hash);
    }
    if (rule instanceof PartitionDefinition.Time time) {
      return time(time);
    }
    return List.of(new Bounds.All());
  }

  // -- the rules --

  private List<Bounds> range(PartitionDefinition.Range rule) throws SQLException {
    SourceColumn column = only("range", rule.column());
    require(column, column.type().isMeasured(), "range", "numbers, dates or timestamps. Use"
        + " 'by: balanced' or 'by: hash'");
    Extent extent = extent(column);
    if (extent == null) {
      return ranges(List.of(column), List.of());
    }
    List<String> splits =
        Splits.even(
                Scale.number(extent.least()),
                Scale.number(extent.greatest()),
                count(rule),
                column.type() != FieldType.DECIMAL)
            .stream()
            .map(split -> FieldType.text(Scale.value(split, column.type())))
            .toList();
    return ranges(List.of(column), each(splits));
  }

  private List<Slice.Rows> balanced(PartitionDefinition.Balanced rule) throws SQLException {
    List<SourceColumn> columns = columns(rule.column());
    columns.forEach(column ->
        require(column, column.type().isKey(), "balanced", "values that can be compared exactly"));
    long total = total();
    Long rows = rule.rows();
    long size = rows != null ? rows : Math.max(1, ceiling(total, count(rule)));
    checkCount(ceiling(total, size));
    if (table.platform() == Platform.POSTGRESQL && table.isKeyKnown() && columns.equals(table.key())) {
      return sized(ranges(columns, splits(columns, sql.stepsAlongKey(size))), size, total);
    }
    return counted(ranges(columns, splits(columns, sql.everyRow(columns, size))));
  }

  /** With as many rows as they were cut to: no two have the same key. */
  private static List<Slice.Rows> sized(List<Bounds> bounds, long size, long total) {
    List<Slice.Rows> sized = new ArrayList<>();
    long rest = total;
    for (Bounds part : bounds) {
      long rows = sized.size() == bounds.size() - 1 ? rest : size;
      sized.add(new Slice.Rows(part, Math.max(0, rows)));
      rest -= size;
    }
    return sized;
  }

  private List<List<String>> splits(List<SourceColumn> columns, String text) throws SQLException {
    return session.query(
        text,
        Clause.NONE,
        row -> {
          List<String> split = new ArrayList<>();
          for (int i = 0; i < columns.size(); i++) {
            Object value = columns.get(i).type().read(row, i + 1);
            split.add(FieldType.text(Objects.requireNonNull(value)));
          }
          return split;
        });
  }

  private List<Bounds> values(SourceColumn column) throws SQLException {
    require(column, column.type().isKey(), "values", "values that can be compared exactly");
    String name = sql.quoted(column);
    List<String> values =
        session.query(
            "select " + name + " from " + table.from() + sql.present(List.of(column)).where()
                + " group by " + name + " order by " + name + " limit " + (MOST_VALUES + 1),
            Clause.NONE,
            row -> FieldType.text(Objects.requireNonNull(column.type().read(row, 1))));
    if (values.size() > MOST_VALUES) {
      throw new InputException("column " + column.describe() + " of " + table.name()
          + " has more than " + MOST_VALUES + " values, too many for a partition of each. Use"
          + " 'by: hash' or 'by: balanced'");
    }
    List<Bounds> bounds = new ArrayList<>();
    values.forEach(value ->
        bounds.add(new Bounds.Values(column.name(), List.of(value), false)));
    bounds.add(new Bounds.Values(column.name(), values, true));
    return withMissing(column, bounds);
  }

  private List<Bounds> hash(PartitionDefinition.Hash rule) throws SQLException {
    List<SourceColumn> columns = columns(rule.column());
    for (SourceColumn column : columns) {
      boolean stable = column.type().isKey() && !column.type().isClock();
      require(column, stable, "hash", "values whose text is the same in every session. Use"
          + " 'by: time' or 'by: balanced'");
    }
    int count = count(rule);
    List<Bounds> bounds = new ArrayList<>();
    for (int rest = 0; rest < count; rest++) {
      bounds.add(new Bounds.Hash(names(columns), rest, count));
    }
    return rule.column() == null ? bounds : withMissing(columns.get(0), bounds);
  }

  private List<Bounds> time(PartitionDefinition.Time rule) throws SQLException {
    SourceColumn column = table.column(rule.column());
    require(column, column.type().isTime(), "time", "dates or timestamps");
    if (column.type() == FieldType.DATE && rule.every() == PartitionDefinition.Time.Every.HOUR) {
      throw new InputException("column " + column.describe() + " of " + table.name()
          + " has no hours. Use 'every: day' or longer");
    }
    Extent extent = extent(column);
    if (extent == null) {
      return ranges(List.of(column), List.of());
    }
    List<Instant> splits =
        Splits.calendar(
            Scale.instant(extent.least(), rule.zone()),
            Scale.instant(extent.greatest(), rule.zone()),
            rule.every(),
            rule.zone());
    return ranges(
        List.of(column),
        each(splits.stream()
            .map(split -> FieldType.text(Scale.value(split, column.type(), rule.zone())))
            .toList()));
  }

  // -- what they have in common --

  private List<Bounds> ranges(List<SourceColumn> columns, List<List<String>> splits) {
    List<Bounds> bounds = new ArrayList<>();
    List<String> from = List.of();
    for (List<String> split : splits) {
      bounds.add(new Bounds.Range(names(columns), from, split));
      from = split;
    }
    bounds.add(new Bounds.Range(names(columns), from, List.of()));
    return columns.size() == 1 ? withMissing(columns.get(0), bounds) : bounds;
  }

  /** A key of a query was looked at: it is never null, though nobody declared that. */
  private List<Bounds> withMissing(SourceColumn column, List<Bounds> bounds) {
    if (column.nullable() && !table.keyNames().contains(column.name())) {
      bounds.add(new Bounds.Missing(column.name()));
    }
    return bounds;
  }

  private static List<List<String>> each(List<String> splits) {
    return splits.stream().map(List::of).toList();
  }

  private static List<String> names(List<SourceColumn> columns) {
    return columns.stream().map(SourceColumn::name).toList();
  }

  private List<SourceColumn> columns(@Nullable String name) {
    return name == null ? table.key() : List.of(table.column(name));
  }

  private SourceColumn only(String rule, @Nullable String name) {
    List<SourceColumn> columns = columns(name);
    if (columns.size() > 1) {
      throw new InputException(table.name() + " has a key of " + columns.size() + " columns, ("
          + columns.stream().map(SourceColumn::name).collect(Collectors.joining(", ")) + "), which"
          + " has no width to cut 'by: " + rule + "'. Name one with 'column', or use"
          + " 'by: balanced'");
    }
    return columns.get(0);
  }

  private void require(SourceColumn column, boolean holds, String rule, String needed) {
    if (!holds) {
      throw new InputException("column " + column.describe() + " of " + table.name()
          + " cannot be cut 'by: " + rule + "', which needs " + needed);
    }
  }

  private int count(Sized rule) throws SQLException {
    Integer count = rule.count();
    if (count != null) {
      return count;
    }
    Long rows = rule.rows();
    return checkCount(ceiling(total(), rows == null ? 1 : rows));
  }

  private int checkCount(long count) {
    if (count > PartitionDefinition.MOST) {
      throw new InputException(table.name() + " would be cut into " + count + " partitions, more"
          + " than " + PartitionDefinition.MOST + ". Use more 'rows' for each");
    }
    return (int) Math.max(1, count);
  }

  private static long ceiling(long dividend, long divisor) {
    return dividend / divisor + (dividend % divisor == 0 ? 0 : 1);
  }

  private long total() throws SQLException {
    return session
        .query("select count(*) from " + table.from(), Clause.NONE, row -> row.getLong(1))
        .get(0);
  }

  /** The least and the greatest value of a column. */
  private record Extent(Object least, Object greatest) {}

  private @Nullable Extent extent(SourceColumn column) throws SQLException {
    String name = sql.quoted(column);
    @Nullable Object[] ends =
        session
            .query(
                "select min(" + name + "), max(" + name + ") from " + table.from(),
                Clause.NONE,
                row ->
                    new @Nullable Object[] {
                      column.type().read(row, 1), column.type().read(row, 2)
                    })
            .get(0);
    Object least = ends[0];
    Object greatest = ends[1];
    return least == null || greatest == null ? null : new Extent(least, greatest);
  }
}
