package dev.tranche.process;

import dev.tranche.chunk.ItemError;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Entry {@code cast}: values made another type, exactly or not at all. */
final class CastOp implements RowOp {

  /** The column at {@code index}. @param convert a value that is not null */
  record Casting(int index, UnaryOperator<Object> convert) {}

  private final Columns output;
  private final List<Casting> castings;

  CastOp(Columns output, List<Casting> castings) {
    this.output = output;
    this.castings = List.copyOf(castings);
  }

  @Override
  public Row apply(Row row) {
    @Nullable Object[] values = row.toArray(output.size());
    for (Casting casting : castings) {
      Object value = values[casting.index];
      if (value != null) {
        values[casting.index] = convert(casting, value);
      }
    }
    return new Row(output, values);
  }

  private Object convert(Casting casting, Object value) {
    try {
      return casting.convert.apply(value);
    } catch (IllegalArgumentException e) {
      String name = output.get(casting.index).name();
      throw new ItemError("column '" + name + "': " + e.getMessage(), name, e);
    }
  }
}
