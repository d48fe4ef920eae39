package dev.tranche.process;

import dev.tranche.chunk.ItemError;
import dev.tranche.row.Column;
import dev.tranche.row.Row;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Predicate;

/** The constraints of one column. Safe for all threads. */
final class ColumnCheck {

  private static final int SHOWN = 80;

  /** What must hold for a value that is not null, and how that is said: {@code must be …}. */
  record Rule(Predicate<Object> holds, String must) {}

  private final Column column;
  private final int index;
  private final boolean notNull;
  private final Rule[] rules;

  ColumnCheck(Column column, int index, boolean notNull, List<Rule> rules) {
    this.column = column;
    this.index = index;
    this.notNull = notNull;
    this.rules = rules.toArray(Rule[]::new);
  }

  /** @throws ItemError if the row's value breaks a constraint */
  void verify(Row row) {
    Object value = row.get(index);
    if (value == null) {
      if (notNull) {
        throw error("column '" + column.name() + "' has no value; it must have one");
      }
      return;
    }
    for (Rule rule : rules) {
      if (!rule.holds.test(value)) {
        throw error("column '" + column.name() + "' is " + shown(value) + "; it must " + rule.must);
      }
    }
  }

  private ItemError error(String message) {
    return new ItemError(message, column.name());
  }

  private static String shown(Object value) {
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof String text) {
      return "'" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text) + "'";
    }
    return value.toString();
  }
}
