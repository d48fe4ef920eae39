package dev.tranche.writer;

import dev.tranche.definition.WriteDefinition.Csv;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Row;
import dev.tranche.row.RowText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes comma separated values, as RFC 4180 has them: quotes where they are needed, which is also
 * where a text reads like {@code null-value}, or where they are asked for.
 */
final class CsvEncoder extends RowEncoder {

  /** Decimals beyond are written with an exponent: their zeros could fill a disk. */
  private static final int MOST_ZEROS = 1000;

  private static final int ASCII = 0x80;

  // -- given --
  private final char delimiter;
  private final char quote;
  private final TextBytes text;
  private final String none;
  private final byte[] noneInUtf8;
  private final Csv.Quoting quoting;
  private final byte[] lineEnd;

  /** The characters that a value has only in quotes; all of them are ASCII. */
  private final boolean[] marks = new boolean[ASCII];

  /** Whether numbers, dates and the like can neither hold a mark nor read like no value. */
  private final boolean plain;

  CsvEncoder(Csv definition, List<String> names, TextBytes text) {
    super(names);
    this.delimiter = definition.delimiter();
    this.quote = definition.quote();
    this.text = text;
    this.none = definition.nullValue();
    this.noneInUtf8 = none.getBytes(StandardCharsets.UTF_8);
    this.quoting = definition.quoting();
    this.lineEnd =
        (definition.lineEnd() == Csv.LineEnd.CRLF ? "\r\n" : "\n")
            .getBytes(StandardCharsets.US_ASCII);
    for (char mark : new char[] {delimiter, quote, '\n', '\r'}) {
      marks[mark] = true;
    }
    this.plain =
        none.isEmpty()
            && isPlain(delimiter)
            && isPlain(quote)
            && quoting != Csv.Quoting.ALL;
  }

  private static boolean isPlain(char mark) {
    return !Character.isLetterOrDigit(mark) && "+-.:".indexOf(mark) < 0;
  }

  @Override
  String type() {
    return "csv";
  }

  @Override
  boolean takesText() {
    return plain && text.isUtf8();
  }

  /**
   * The record that names the columns.
   *
   * @throws IllegalArgumentException if the charset cannot write one
   */
  byte[] header(List<String> names) {
    Bytes header = new Bytes();
    for (int i = 0; i < names.size(); i++) {
      if (i > 0) {
        header.put(delimiter);
      }
      text(names.get(i), quoting != Csv.Quoting.NEEDED, header);
    }
    header.put(lineEnd);
    return header.toArray();
  }

  @Override
  void encode(Row row, int[] indexes, Bytes into) {
    RowText known = takesText() ? row.text() : null;
    for (int i = 0; i < indexes.length; i++) {
      if (i > 0) {
        into.put(delimiter);
      }
      if (known != null && known.has(indexes[i])) {
        put(row.columns().get(indexes[i]).type(), known, indexes[i], into);
      } else {
        put(row, indexes[i], indexes.length == 1, into);
      }
    }
    into.put(lineEnd);
  }

  /** A value as it stands in the input. */
  private void put(ColumnType type, RowText known, int index, Bytes into) {
    byte[] bytes = known.bytes(index);
    if (type == ColumnType.STRING) {
      text(bytes, known.start(index), known.end(index), into);
    } else {
      into.put(bytes, known.start(index), known.end(index));
    }
  }

  private void put(Row row, int index, boolean alone, Bytes into) {
    Object value = typed(row, index);
    try {
      put(value, alone, into);
    } catch (IllegalArgumentException unmappable) {
      throw bad(row.columns().get(index), String.valueOf(unmappable.getMessage()));
    }
  }

  private void put(@Nullable Object value, boolean alone, Bytes into) {
    if (value == null) {
      none(alone, into);
    } else if (value instanceof String string) {
      text(string, quoting != Csv.Quoting.NEEDED, into);
    } else if (plain) {
      plain(value, into);
    } else {
      Bytes ascii = new Bytes();
      plain(value, ascii);
      String shown = new String(ascii.array(), 0, ascii.length(), StandardCharsets.US_ASCII);
      text(shown, quoting == Csv.Quoting.ALL, into);
    }
  }

  /** An empty line would be no record for most readers. */
  private void none(boolean alone, Bytes into) {
    if (none.isEmpty() && alone) {
      into.put(quote);
      into.put(quote);
    } else {
      text.put(none, into);
    }
  }

  private static void plain(Object value, Bytes into) {
    if (value instanceof Long number) {
      into.number(number);
    } else if (value instanceof OffsetDateTime moment) {
      into.timestamp(moment);
    } else if (value instanceof LocalDate date) {
      into.date(date);
    } else if (value instanceof LocalTime time) {
      into.time(time);
    } else if (value instanceof BigDecimal number && Math.abs((long) number.scale()) < MOST_ZEROS) {
      into.plain(number);
    } else {
      into.ascii(value.toString());
    }
  }

  private void text(String value, boolean quoted, Bytes into) {
    if (!quoted && !needsQuotes(value)) {
      text.put(value, into);
      return;
    }
    into.put(quote);
    for (int i = 0; i < value.length(); ) {
      if (value.charAt(i) == quote) {
        into.put(quote);
      }
      i = text.put(value, i, into);
    }
    into.put(quote);
  }

  private boolean needsQuotes(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < marks.length && marks[c]) {
        return true;
      }
    }
    return value.equals(none) || value.isEmpty();
  }

  // -- the same of a text that is in UTF-8 already --

  private void text(byte[] bytes, int from, int to, Bytes into) {
    if (quoting == Csv.Quoting.NEEDED && !needsQuotes(bytes, from, to)) {
      into.put(bytes, from, to);
      return;
    }
    into.put(quote);
    for (int i = from; i < to; i++) {
      if (bytes[i] == quote) {
        into.put(quote);
      }
      into.put(bytes[i]);
    }
    into.put(quote);
  }

  private boolean needsQuotes(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] >= 0 && marks[bytes[i]]) {
        return true;
      }
    }
    return from == to || Arrays.equals(bytes, from, to, noneInUtf8, 0, noneInUtf8.length);
  }
}
