package dev.tranche.process;

import dev.tranche.chunk.ItemError;
import dev.tranche.chunk.LookupTable;
import dev.tranche.chunk.OutageException;
import dev.tranche.row.Columns;
import dev.tranche.row.Conversions;
import dev.tranche.row.Row;
import org.jspecify.annotations.Nullable;

/** Entry {@code lookup}: columns of the row of a table that has a row's key. */
final class LookupOp implements RowOp {

  private final LookupTable table;
  private final Columns input;
  private final int[] key;
  private final Columns output;
  private final int[] places;
  private final @Nullable Object @Nullable [] otherwise;

  /**
   * @param key where the values of the table's key are in a row of {@code input}
   * @param places where what is found goes in a row of {@code output}
   * @param otherwise what a row gets whose key is not there; null: it is bad
   */
  LookupOp(
      LookupTable table,
      Columns input,
      int[] key,
      Columns output,
      int[] places,
      @Nullable Object @Nullable [] otherwise) {
    this.table = table;
    this.input = input;
    this.key = key.clone();
    this.output = output;
    this.places = places.clone();
    this.otherwise = otherwise;
  }

  @Override
  public Row apply(Row row) throws OutageException, InterruptedException {
    @Nullable Object[] found = find(row);
    @Nullable Object[] values = row.toArray(output.size());
    for (int i = 0; i < places.length; i++) {
      values[places[i]] = found[i];
    }
    return new Row(output, values);
  }

  private @Nullable Object[] find(Row row) throws OutageException, InterruptedException {
    @Nullable Object[] wanted = new Object[key.length];
    boolean complete = true; // what has no value is equal to nothing
    for (int i = 0; i < key.length; i++) {
      wanted[i] = value(row, i);
      complete &= wanted[i] != null;
    }
    @Nullable Object[] found = complete ? table.find(wanted) : null;
    if (found == null) {
      found = otherwise;
    }
    if (found == null) {
      String column = input.get(key[0]).name();
      throw new ItemError(table.name() + " has no row with " + table.shown(wanted), column);
    }
    return found;
  }

  private @Nullable Object value(Row row, int index) {
    try {
      return Conversions.convert(row.get(key[index]), table.key().get(index).type());
    } catch (IllegalArgumentException e) {
      String name = input.get(key[index]).name();
      throw new ItemError(
          "column '" + name + "', looked up in " + table.name() + ": " + e.getMessage(), name, e);
    }
  }
}
