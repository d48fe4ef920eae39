package dev.tranche.reader;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A condition of a WHERE clause, with the values that are bound to it. Immutable.
 *
 * @param sql empty: no condition
 * @param shown the same with the values in it, to be read by people and never executed
 */
record Clause(String sql, String shown, List<Object> values) {

  static final Clause NONE = of("");

  Clause {
    values = List.copyOf(values);
  }

  /** A condition without values. */
  static Clause of(String sql) {
    return new Clause(sql, sql, List.of());
  }

  /** Parts with conditions for {@code %s}, in order. */
  static Clause of(String format, Clause... parts) {
    List<Object> values = new ArrayList<>();
    List<String> sql = new ArrayList<>();
    List<String> shown = new ArrayList<>();
    for (Clause part : parts) {
      sql.add(part.sql);
      shown.add(part.shown);
      values.addAll(part.values);
    }
    return new Clause(
        format.formatted(sql.toArray()), format.formatted(shown.toArray()), values);
  }

  /** A single value. @param parameter what stands for it in SQL */
  static Clause value(String parameter, Object value) {
    String text = FieldType.text(value);
    String literal = value instanceof Number ? text : "'" + text.replace("'", "''") + "'";
    return new Clause(parameter, literal, List.of(value));
  }

  Clause and(Clause other) {
    if (isNone() || other.isNone()) {
      return isNone() ? other : this;
    }
    return of("%s and %s", this, other);
  }

  boolean isNone() {
    return sql.isEmpty();
  }

  /** With the word that it follows; empty if there is no condition. */
  String where() {
    return isNone() ? "" : " where " + sql;
  }

  /** As {@link #where}, to be read by people. */
  String whereShown() {
    return isNone() ? "" : " where " + shown;
  }

  /** @return the number of the next parameter */
  int bind(PreparedStatement statement, int first) throws SQLException {
    int next = first;
    for (Object value : values) {
      statement.setObject(next++, value);
    }
    return next;
  }
}
