package dev.tranche.row;

import org.jspecify.annotations.Nullable;

/**
 * A typed row: one value, or null, for each of its columns.
 *
 * <p>Values that stand in the input are made when they are asked for, so a row may hold on to the
 * bytes of its chunk. The array handed to the constructor belongs to the row from then on. Treat a
 * row as immutable once it was handed to another thread.
 */
public final class Row {

  private final Columns columns;

  /** Null if there is a text. */
  private final @Nullable Object @Nullable [] values;

  private final @Nullable RowText text;

  public Row(Columns columns, @Nullable Object[] values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          values.length + " values for " + columns.size() + " columns");
    }
    this.columns = columns;
    this.values = values;
    this.text = null;
  }

  /** @param text of as many columns */
  public Row(Columns columns, RowText text) {
    this(columns, null, text);
  }

  private Row(
      Columns columns, @Nullable Object @Nullable [] values, @Nullable RowText text) {
    this.columns = columns;
    this.values = values;
    this.text = text;
  }

  public Columns columns() {
    return columns;
  }

  /** The values as they stand in the input; null where they are known only as objects. */
  public @Nullable RowText text() {
    return text;
  }

  @SuppressWarnings("NullAway") // there is a text or there are values
  public @Nullable Object get(int index) {
    return text == null ? values[index] : text.value(index);
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
    return get(index);
  }

  /** The values in order, in an array of its own; {@code length} may ask for places at the end. */
  public @Nullable Object[] toArray(int length) {
    @Nullable Object[] array = new @Nullable Object[length];
    for (int i = 0; i < Math.min(length, columns.size()); i++) {
      array[i] = get(i);
    }
    return array;
  }

  /** The same values under other columns of the same types. */
  public Row under(Columns others) {
    return new Row(others, values, text);
  }

  /** The same values, all of them made, so that the row holds on to nothing else. */
  public Row detached() {
    return text == null ? this : new Row(columns, toArray(columns.size()));
  }

  @Override
  public String toString() {
    StringBuilder shown = new StringBuilder("{");
    for (int i = 0; i < columns.size(); i++) {
      shown.append(i == 0 ? "" : ", ").append(columns.get(i).name()).append('=').append(get(i));
    }
    return shown.append('}').toString();
  }
}
