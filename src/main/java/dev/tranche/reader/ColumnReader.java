package dev.tranche.reader;

import dev.tranche.chunk.ItemError;
import dev.tranche.definition.ReadDefinition.ColumnDefinition;
import dev.tranche.partition.CsvSyntax;
import dev.tranche.partition.InputException;
import dev.tranche.row.ColumnType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of one column: trims, knows what stands for null, and converts.
 *
 * <p>Safe for all threads.
 */
final class ColumnReader {

  /** What holds for all columns. @param trim whether blanks around values are removed */
  record Blanks(boolean trim, List<String> nullValues) {}

  private static final int LONGEST_VALUE_SHOWN = 100;

  private final String name;
  private final ColumnType type;
  private final @Nullable String format;
  private final CsvSyntax syntax;
  private final boolean trim;
  private final byte[][] nulls;
  private final Conversion conversion;

  /** @throws InputException if the column's format cannot be used */
  ColumnReader(String name, ColumnDefinition column, Blanks blanks, CsvSyntax syntax) {
    this.name = name;
    this.type = column.type();
    this.format = column.format();
    this.syntax = syntax;
    this.trim = blanks.trim();
    List<String> nullValues = column.nullValues() == null ? blanks.nullValues() : column.nullValues();
    this.nulls =
        nullValues.stream().map(text -> text.getBytes(syntax.charset())).toArray(byte[][]::new);
    try {
      this.conversion = FieldConversions.of(type, format, syntax);
    } catch (IllegalArgumentException error) {
      throw new InputException(
          "column '" + name + "': '" + format + "' is not a format of a "
              + FieldConversions.name(type) + ": " + error.getMessage(),
          error);
    }
  }

  String name() {
    return name;
  }

  ColumnType type() {
    return type;
  }

  /**
   * The value that is written in the bytes {@code from} to before {@code to}, or null.
   *
   * @throws ItemError if it is not one of the column's type
   * @throws CsvSyntax.UndecodableException if it is not in the charset
   */
  @Nullable Object read(byte[] bytes, int from, int to) {
    int start = from;
    int end = to;
    if (trim) {
      while (start < end && isSpace(bytes[start])) {
        start++;
      }
      while (start < end && isSpace(bytes[end - 1])) {
        end--;
      }
    }
    if (isNull(bytes, start, end)) {
      return null;
    }
    try {
      if (start == end && type != ColumnType.STRING) {
        throw new IllegalArgumentException();
      }
      return conversion.convert(bytes, start, end);
    } catch (CsvSyntax.UndecodableException error) {
      throw error;
    } catch (RuntimeException error) {
      String text = shown(bytes, start, end);
      throw new ItemError(name + ": '" + text + "' is not " + expected(text), name, error);
    }
  }

  private String expected(String text) {
    boolean large = type == ColumnType.LONG && text.matches("[+-]?\\d+");
    return FieldConversions.expected(type, format)
        + (large ? ", which goes from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE : "");
  }

  private static boolean isSpace(byte value) {
    return value == ' ' || value == '\t';
  }

  private boolean isNull(byte[] bytes, int from, int to) {
    for (byte[] text : nulls) {
      if (Arrays.equals(bytes, from, to, text, 0, text.length)) {
        return true;
      }
    }
    return false;
  }

  private String shown(byte[] bytes, int from, int to) {
    String text = syntax.text(bytes, from, to);
    return text.length() <= LONGEST_VALUE_SHOWN
        ? text
        : text.substring(0, LONGEST_VALUE_SHOWN) + "…";
  }
}
