package dev.tranche.row;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A typed row: one value, or null, for each of its columns.
 *
 * <p>The array handed to the constructor belongs to the row from then on. Treat a row as immutable
 * once it was handed to another thread.
 */
public final class Row {

  private final Columns columns;
  private final @Nullable Object[] values;

  public Row(Columns columns, @Nullable Object[] values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          values.length + " values for " + columns.size() + " columns");
    }
    this.columns = columns;
    this.values = values;
  }

  public Columns columns() {
    return columns;
  }

  public @Nullable Object get(int index) {
    return values[index];
  }

  /**
   * The value of the column named {@code name}.
   *
   * @throws IllegalArgumentException if there is no such column; the message lists the columns
   */
  public @Nullable Object get(String name) {
    int index = columns.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "no column '" + name + "'; the columns are " + String.join(", ", columns.names()));
    }
    return values[index];
  }

  /** The values in order, in an array of its own; {@code length} may ask for places at the end. */
  public @Nullable Object[] toArray(int length) {
    return Arrays.copyOf(values, length);
  }

  /** The same values under other columns. */
  public Row under(Columns others) {
    return new Row(others, values);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "" : ", ").append(columns.get(i).name()).append('=').append(values[i]);
    }
    return text.append('}').toString();
  }
}
