package dev.tranche.partition;

import java.util.List;

/**
 * Which rows of a table a partition has. Values are texts, in the notation of the reader that made
 * them; which row is within is for the database to say.
 *
 * <p>Stored as JSON in the layout; immutable.
 */
public sealed interface Bounds {

  /** In words, for messages: {@code id from 100 to before 200}. */
  String describe();

  /** All rows there are. */
  record All() implements Bounds {
    @Override
    public String describe() {
      return "all rows";
    }
  }

  /**
   * Rows from {@code from} on to before {@code to}, in the order of {@code columns}, none of which
   * is null.
   *
   * @param from empty: no matter how small
   * @param to empty: no matter how large
   */
  record Range(List<String> columns, List<String> from, List<String> to) implements Bounds {
    public Range {
      columns = List.copyOf(columns);
      from = List.copyOf(from);
      to = List.copyOf(to);
    }

    @Override
    public String describe() {
      String first = from.isEmpty() ? "" : " from " + listed(from);
      String last = to.isEmpty() ? "" : (from.isEmpty() ? " before " : " to before ") + listed(to);
      return listed(columns) + (first + last).replaceFirst("^$", " of any value");
    }
  }

  /**
   * Rows with one of {@code values}; or, with {@code others}, those with any other value but null.
   */
  record Values(String column, List<String> values, boolean others) implements Bounds {
    public Values {
      values = List.copyOf(values);
    }

    @Override
    public String describe() {
      return others ? column + " of any other value" : column + " is " + listed(values);
    }
  }

  /** Rows whose check sum over {@code columns}, none of which is null, leaves {@code rest}. */
  record Hash(List<String> columns, int rest, int count) implements Bounds {
    public Hash {
      columns = List.copyOf(columns);
    }

    @Override
    public String describe() {
      return "hash of " + listed(columns) + " is " + rest + " of " + count;
    }
  }

  /** Rows without a value. */
  record Missing(String column) implements Bounds {
    @Override
    public String describe() {
      return column + " is null";
    }
  }

  private static String listed(List<String> names) {
    return names.size() == 1 ? names.get(0) : "(" + String.join(", ", names) + ")";
  }
}
