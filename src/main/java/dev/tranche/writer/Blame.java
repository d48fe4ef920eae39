package dev.tranche.writer;

import dev.tranche.chunk.ItemError;
import dev.tranche.row.Row;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the column that a database refused in a row, where its error does not name it. */
final class Blame {

  private static final int LONGEST_VALUE_SHOWN = 100;
  private static final String TOO_LONG = "22001";
  private static final String NOT_NULL = "23502";
  private static final int MARIADB_NOT_NULL = 1048;

  /** Out of range; H2 says it in two ways. */
  private static final Set<String> TOO_LARGE = Set.of("22003", "22004");

  /** The whole numbers that go from -2^(n-1) to 2^(n-1) - 1, with their n. */
  private static final Map<String, Integer> BITS =
      Map.of("tinyint", 8, "smallint", 16, "integer", 32);

  private Blame() {}

  /** The error with the column at fault and the database's own words; null if none is found. */
  static @Nullable ItemError of(SQLException error, RowBinding binding, Row row) {
    if (state(error).equals(BatchStatement.NO_ROW)) {
      String key = binding.columns().get(binding.key().get(0)).name();
      return new ItemError(String.valueOf(error.getMessage()), key, error);
    }
    for (BoundColumn bound : binding.columns()) {
      String fault = fault(state(error), bound, bound.valueIn(row));
      if (fault != null) {
        return new ItemError(
            "column '" + bound.name() + "' " + fault + " (" + firstLine(error) + ")",
            bound.name(),
            error);
      }
    }
    return null;
  }

  private static @Nullable String fault(String state, BoundColumn bound, @Nullable Object value) {
    TableColumn column = bound.column();
    if (state.equals(NOT_NULL) && value == null && !column.nullable()) {
      return "has no value; the table needs one";
    }
    if (state.equals(TOO_LONG) && column.length() > 0 && value != null) {
      String text = value.toString();
      int length = text.codePointCount(0, text.length());
      if (length > column.length()) {
        return "has " + length + " characters; the table takes " + column.length() + " at most: '"
            + shown(text) + "'";
      }
    }
    return TOO_LARGE.contains(state) && value instanceof Long number
        ? tooLarge(number, column)
        : null;
  }

  private static @Nullable String tooLarge(long number, TableColumn column) {
    Integer bits = BITS.get(column.type());
    if (bits != null) {
      long least = -1L << (bits - 1);
      if (number < least || number > ~least) {
        return "is " + number + "; the table takes " + least + " to " + ~least;
      }
    }
    return null;
  }

  /** A whole number that its column cannot hold, without asking the database. */
  static ItemError tooLarge(long number, BoundColumn bound) {
    return new ItemError(
        "column '" + bound.name() + "' " + tooLarge(number, bound.column()), bound.name());
  }

  private static String shown(String text) {
    return text.length() <= LONGEST_VALUE_SHOWN
        ? text
        : text.substring(0, LONGEST_VALUE_SHOWN) + "…";
  }

  private static String state(SQLException error) {
    SQLException telling = telling(error);
    if (telling.getErrorCode() == MARIADB_NOT_NULL) {
      return NOT_NULL;
    }
    return telling.getSQLState() == null ? "" : telling.getSQLState();
  }

  private static String firstLine(SQLException error) {
    return String.valueOf(telling(error).getMessage())
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst("^\\(conn=\\d+\\) ", "")
        .replaceFirst("; SQL statement:$", "");
  }

  /** A batch's error hides the database's own one behind it. */
  private static SQLException telling(SQLException error) {
    return error.getNextException() == null ? error : error.getNextException();
  }
}
