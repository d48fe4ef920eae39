package dev.tranche.writer;

import dev.tranche.chunk.ItemError;
import dev.tranche.row.Row;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows, ready for their table: as they are, for who takes them one by one, and the values of each
 * column, which are made when the first of them is asked for.
 *
 * <p>Rows with a key are sorted by it, so that two transactions lock the same rows in the same
 * order, and of rows with equal keys only the last is there. Valid for one statement.
 */
final class BoundRows {

  private final RowBinding binding;
  private Row[] rows;
  private int size;

  /** By column; empty for those whose values are not made. */
  private final @Nullable Object[][] columns;

  /** @throws ItemError if there is a key, and a value does not fit in it or is missing */
  BoundRows(RowBinding binding, List<Row> rows) {
    this.binding = binding;
    this.rows = rows.toArray(new Row[0]);
    this.size = rows.size();
    this.columns = new @Nullable Object[binding.columns().size()][0];
    if (binding.isKeyed()) {
      binding.key().forEach(this::bind);
      requireKeys();
      sortByKey();
    }
  }

  private void bind(int index) {
    BoundColumn column = binding.columns().get(index);
    @Nullable Object[] values = new @Nullable Object[size];
    for (int r = 0; r < size; r++) {
      values[r] = column.valueIn(rows[r]);
    }
    columns[index] = values;
  }

  int size() {
    return size;
  }

  Row row(int index) {
    return rows[index];
  }

  /**
   * The values of a column, in the order of the rows.
   *
   * @throws ItemError if a value does not fit
   */
  @Nullable Object[] column(int index) {
    if (columns[index].length == 0) {
      bind(index);
    }
    return columns[index];
  }

  private void requireKeys() {
    for (int c : binding.key()) {
      for (int r = 0; r < size; r++) {
        if (columns[c][r] == null) {
          String name = binding.columns().get(c).name();
          throw new ItemError(
              "column '" + name + "' has no value; it is part of the key and must have one", name);
        }
      }
    }
  }

  private void sortByKey() {
    Integer[] order = new Integer[size];
    Arrays.setAll(order, r -> r);
    Arrays.sort(order, this::compareKeys);
    int kept = 0;
    for (int i = 0; i < size; i++) {
      boolean repeated = i + 1 < size && compareKeys(order[i], order[i + 1]) == 0;
      if (!repeated) {
        order[kept++] = order[i];
      }
    }
    size = kept;
    Row[] sortedRows = new Row[kept];
    for (int i = 0; i < kept; i++) {
      sortedRows[i] = rows[order[i]];
    }
    rows = sortedRows;
    for (int c : binding.key()) {
      @Nullable Object[] sorted = new @Nullable Object[kept];
      for (int i = 0; i < kept; i++) {
        sorted[i] = columns[c][order[i]];
      }
      columns[c] = sorted;
    }
  }

  private int compareKeys(int left, int right) {
    for (int c : binding.key()) {
      int result = KEY_ORDER.compare(columns[c][left], columns[c][right]);
      if (result != 0) {
        return result;
      }
    }
    return 0;
  }

  private static final Comparator<@Nullable Object> KEY_ORDER = BoundRows::compare;

  @SuppressWarnings("unchecked") // values of one column have one class, and all are comparable
  private static int compare(@Nullable Object left, @Nullable Object right) {
    if (left instanceof OffsetDateTime one && right instanceof OffsetDateTime two) {
      return one.toInstant().compareTo(two.toInstant());
    }
    if (left instanceof Double one && right instanceof Double two) {
      return Double.compare(one + 0.0, two + 0.0); // -0.0 is 0.0 for a database
    }
    return ((Comparable<Object>) Objects.requireNonNull(left))
        .compareTo(Objects.requireNonNull(right));
  }
}
