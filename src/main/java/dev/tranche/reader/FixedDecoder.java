package dev.tranche.reader;

import dev.tranche.chunk.ItemError;
import dev.tranche.partition.CsvSyntax;
import dev.tranche.partition.FieldCursor;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes typed rows of lines whose fields have their places, counted in characters.
 *
 * <p>Safe for all threads.
 */
final class FixedDecoder implements RecordDecoder {

  /** A column. @param from its first character, from 0 @param to the one behind its last */
  record Field(ColumnReader reader, int from, int to) {}

  private final CsvSyntax syntax;
  private final Columns columns;
  private final List<Field> fields;
  private final int width;

  FixedDecoder(CsvSyntax syntax, Columns columns, List<Field> fields) {
    this.syntax = syntax;
    this.columns = columns;
    this.fields = fields;
    this.width = fields.stream().mapToInt(Field::to).max().orElse(0);
  }

  @Override
  public String original(byte[] bytes, int from, int to) {
    int end = FieldCursor.withoutLineEnd(bytes, from, to);
    return new String(bytes, from, end - from, syntax.charset());
  }

  @Override
  public Row decode(byte[] bytes, int from, int to, long offset) {
    int[] starts = characters(bytes, from, FieldCursor.withoutLineEnd(bytes, from, to));
    @Nullable Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      Field field = fields.get(i);
      values[i] = value(field, bytes, starts[field.from()], starts[field.to()], offset - from);
    }
    return new Row(columns, values);
  }

  private @Nullable Object value(Field field, byte[] bytes, int from, int to, long shift) {
    try {
      return field.reader().read(bytes, from, to);
    } catch (CsvSyntax.UndecodableException error) {
      String name = field.reader().name();
      throw new ItemError(
          String.format(
              "%s: byte %d of the file, 0x%02X, is not %s. Set 'charset' to what the file is in",
              name, shift + error.index(), bytes[error.index()], syntax.charset().name()),
          name,
          error);
    }
  }

  /** Where each character up to the last that is needed begins; one more place for its end. */
  private int[] characters(byte[] bytes, int from, int to) {
    boolean manyBytes = syntax.charset().equals(StandardCharsets.UTF_8);
    int[] starts = new int[width + 1];
    int found = 0;
    for (int at = from; at < to && found <= width; at++) {
      boolean begins = !manyBytes || (bytes[at] & 0xC0) != 0x80;
      if (begins) {
        starts[found++] = at;
      }
    }
    if (found < width) {
      throw new ItemError(
          "the line has " + found + " characters, expected " + width + " at least", null);
    }
    if (found == width) {
      starts[width] = to;
    }
    return starts;
  }
}
