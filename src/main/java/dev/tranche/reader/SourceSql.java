package dev.tranche.reader;

import dev.tranche.partition.Bounds;
import dev.tranche.store.Platform;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The SQL that a table is read with. Names are quoted, values bound; rows are compared by the
 * database alone. Immutable; safe for all threads.
 */
record SourceSql(SourceTable table) {

  /** A page of at most {@code rows}, along the key. @param where what stands behind the table */
  String page(String where, int rows) {
    return "select " + selected() + " from " + table.from() + where
        + " order by " + listed(table.key()) + " limit " + rows;
  }

  /** Rows within {@code bounds}. */
  Clause within(Bounds bounds) {
    if (bounds instanceof Bounds.Range range) {
      return range(range);
    }
    if (bounds instanceof Bounds.Values values) {
      return values(values);
    }
    if (bounds instanceof Bounds.Hash hash) {
      return hash(hash);
    }
    return bounds instanceof Bounds.Missing missing
        ? Clause.of(quoted(column(missing.column())) + " is null")
        : Clause.NONE;
  }

  /**
   * Rows within {@code bounds} of those after a key that is within them. The database would look at
   * the beginning of a range again for each row.
   */
  Clause rest(Bounds bounds) {
    if (bounds instanceof Bounds.Range range && range.columns().equals(table.keyNames())) {
      return range.to().isEmpty() ? Clause.NONE : compare(table.key(), "<", range.to());
    }
    return within(bounds);
  }

  private Clause range(Bounds.Range range) {
    List<SourceColumn> columns = table.exactly(range.columns());
    Clause from = range.from().isEmpty() ? Clause.NONE : compare(columns, ">=", range.from());
    Clause to = range.to().isEmpty() ? Clause.NONE : compare(columns, "<", range.to());
    Clause both = from.and(to);
    return both.isNone() ? present(columns) : both;
  }

  /** None of these is null. */
  Clause present(List<SourceColumn> columns) {
    String sql =
        columns.stream()
            .filter(SourceColumn::nullable)
            .map(column -> quoted(column) + " is not null")
            .collect(Collectors.joining(" and "));
    return Clause.of(sql);
  }

  private Clause values(Bounds.Values values) {
    SourceColumn column = column(values.column());
    if (values.values().isEmpty()) {
      return present(List.of(column));
    }
    List<Clause> parameters = parameters(
        Collections.nCopies(values.values().size(), column), values.values());
    return Clause.of("%s %s (%s)",
        name(column), Clause.of(values.others() ? "not in" : "in"), joined(parameters));
  }

  private Clause hash(Bounds.Hash hash) {
    List<SourceColumn> columns = table.exactly(hash.columns());
    return present(columns)
        .and(Clause.of(checkSum(columns, hash.count()) + " = " + hash.rest()));
  }

  /** The rest of a check sum; every row has one, and always the same. */
  private String checkSum(List<SourceColumn> columns, int count) {
    String list = listed(columns);
    return switch (table.platform()) {
      case H2 -> "ora_hash(concat_ws('|', " + list + ", ''), " + (count - 1) + ")";
      case POSTGRESQL ->
        "mod(('x' || substr(md5(concat_ws('|', " + list + ")), 1, 8))::bit(32)::bigint, " + count
            + ")";
      case MARIADB -> "mod(crc32(concat_ws('|', " + list + ")), " + count + ")";
    };
  }

  /**
   * Every {@code size}-th value of these columns but the first: each begins a part. The database
   * counts all rows.
   */
  String everyRow(List<SourceColumn> columns, long size) {
    String names = listed(columns);
    return "select " + names + " from (select " + names + ", row_number() over (order by " + names
        + ") as tranche_number from " + table.from() + present(columns).where()
        + ") n where tranche_number > 1 and mod(tranche_number - 1, " + size + ") = 0 group by "
        + names + " order by " + names;
  }

  /**
   * The same of the key, for PostgreSQL: from one to the next along its index, which takes a fifth
   * of the time. If that index is not used, it is because going along it would cost more.
   */
  String stepsAlongKey(long size) {
    String names = listed(table.key());
    String before =
        table.key().stream().map(column -> "tranche_before." + quoted(column)).collect(Collectors.joining(", "));
    String next = " order by " + names + " offset " + size + " limit 1";
    return "with recursive tranche_splits as ((select " + names + " from " + table.from() + next
        + ") union all select n.* from tranche_splits tranche_before cross join lateral (select " + names + " from "
        + table.from() + " where (" + names + ") >= (" + before + ")" + next + ") n) select " + names
        + " from tranche_splits order by " + names;
  }

  /** At most {@code rows}, in no order. @param where what stands behind the table */
  String some(String where, int rows) {
    return "select " + selected() + " from " + table.from() + where + " limit "
        + rows;
  }

  /** Rows that have these values in the columns of the key. */
  Clause with(List<Object> key) {
    Clause all = Clause.NONE;
    for (int i = 0; i < key.size(); i++) {
      SourceColumn column = table.key().get(i);
      all = all.and(single(column, "=", parameter(column, key.get(i))));
    }
    return all;
  }

  /** Rows after the one with this key. */
  Clause after(List<String> key) {
    return compare(table.key(), ">", key);
  }

  /** Rows up to the one with this key, and that one. */
  Clause upTo(List<String> key) {
    return compare(table.key(), "<=", key);
  }

  /**
   * PostgreSQL compares rows along an index; the others do so with conditions on single columns.
   *
   * @param operator {@code >}, {@code >=}, {@code <} or {@code <=}
   */
  private Clause compare(List<SourceColumn> columns, String operator, List<String> texts) {
    List<Clause> values = parameters(columns, texts);
    if (columns.size() == 1) {
      return single(columns.get(0), operator, values.get(0));
    }
    if (table.platform() == Platform.POSTGRESQL) {
      List<Clause> names = columns.stream().map(this::name).toList();
      return Clause.of("(%s) " + operator + " (%s)", joined(names), joined(values));
    }
    Clause first = single(columns.get(0), operator.charAt(0) + "=", values.get(0));
    return first.and(stepwise(columns, operator, values, 0));
  }

  /** {@code (a > ? or (a = ? and b >= ?))}. */
  private Clause stepwise(
      List<SourceColumn> columns, String operator, List<Clause> values, int index) {
    SourceColumn column = columns.get(index);
    Clause value = values.get(index);
    if (index == columns.size() - 1) {
      return single(column, operator, value);
    }
    return Clause.of(
        "(%s or (%s and %s))",
        single(column, operator.substring(0, 1), value),
        single(column, "=", value),
        stepwise(columns, operator, values, index + 1));
  }

  private Clause single(SourceColumn column, String operator, Clause value) {
    return Clause.of("%s " + operator + " %s", name(column), value);
  }

  private Clause name(SourceColumn column) {
    return Clause.of(quoted(column));
  }

  private static List<Clause> parameters(List<SourceColumn> columns, List<String> texts) {
    List<Clause> parameters = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      SourceColumn column = columns.get(i);
      parameters.add(parameter(column, column.type().parse(texts.get(i))));
    }
    return parameters;
  }

  private static Clause parameter(SourceColumn column, Object value) {
    boolean padded = column.type() == FieldType.PADDED;
    return Clause.value(padded ? "cast(? as bpchar)" : "?", value);
  }

  static Clause joined(List<Clause> clauses) {
    String format = String.join(", ", Collections.nCopies(clauses.size(), "%s"));
    return Clause.of(format, clauses.toArray(Clause[]::new));
  }

  private SourceColumn column(String name) {
    return table.exactly(List.of(name)).get(0);
  }

  String quoted(SourceColumn column) {
    return table.platform().quote(column.name());
  }

  /** PostgreSQL's driver shows arrays and the like otherwise once it has asked for them often. */
  private String selected() {
    return table.selected().stream()
        .map(column ->
            table.platform() == Platform.POSTGRESQL && column.type() == FieldType.OTHER
                ? quoted(column) + "::text"
                : quoted(column))
        .collect(Collectors.joining(", "));
  }

  String listed(List<SourceColumn> columns) {
    return columns.stream().map(this::quoted).collect(Collectors.joining(", "));
  }
}
