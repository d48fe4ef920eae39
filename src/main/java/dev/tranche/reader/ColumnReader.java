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
  private final boolean plain;
  private final byte[][] nulls;
  private final int longestNull;
  private final Conversion conversion;

  /** @throws InputException if the column's format cannot be used */
  ColumnReader(String name, ColumnDefinition column, Blanks blanks, CsvSyntax syntax) {
    this.name = name;
    this.type = column.type();
    this.format = column.format();
    this.syntax = syntax;
    this.trim = blanks.trim();
    this.plain = format == null && PlainText.knows(type);
    List<String> nullValues = column.nullValues() == null ? blanks.nullValues() : column.nullValues();
    this.nulls =
        nullValues.stream().map(text -> text.getBytes(syntax.charset())).toArray(byte[][]::new);
    this.longestNull = Arrays.stream(nulls).mapToInt(text -> text.length).max().orElse(-1);
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

  /** Whether a value has one usual way to be written, which {@link PlainText} knows. */
  boolean isPlain() {
    return plain;
  }

  /** Where the value begins that is written in these bytes. */
  int trimmedStart(byte[] bytes, int from, int to) {
    int start = from;
    while (trim && start < to && isSpace(bytes[start])) {
      start++;
    }
    return start;
  }

  /** Where it ends. */
  int trimmedEnd(byte[] bytes, int from, int to) {
    int end = to;
    while (trim && from < end && isSpace(bytes[end - 1])) {
      end--;
    }
    return end;
  }

  /**
   * The value that is written in the bytes {@code from} to before {@code to}, or null.
   *
   * @throws ItemError if it is not one of the column's type
   * @throws CsvSyntax.UndecodableException if it is not in the charset
   */
  @Nullable Object read(byte[] bytes, int from, int to) {
    int start = trimmedStart(bytes, from, to);
    int end = trimmedEnd(bytes, start, to);
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

  /** Whether these bytes, already trimmed, stand for no value. */
  boolean isNull(byte[] bytes, int from, int to) {
    if (to - from > longestNull) {
      return false;
    }
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
