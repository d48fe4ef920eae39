package dev.tranche.writer;

import dev.tranche.row.ColumnType;
import dev.tranche.row.Row;
import dev.tranche.row.RowText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a JSON object for each row, on a line of its own; all columns, also those without value. */
final class JsonEncoder extends RowEncoder {

  private static final byte[] NULL = ascii("null");
  private static final byte[] END = ascii("}\n");
  private static final byte[] EMPTY = ascii("{}\n");
  private static final String HEX = "0123456789abcdef";
  private static final TextBytes UTF_8 = new TextBytes(StandardCharsets.UTF_8);

  /** What comes before each value: {@code {"id":} and {@code ,"time":}. */
  private byte[][] keys = new byte[0][];

  JsonEncoder(List<String> names) {
    super(names);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  String type() {
    return "jsonl";
  }

  @Override
  boolean takesText() {
    return true;
  }

  @Override
  void prepare(List<String> columns) {
    byte[][] prepared = new byte[columns.size()][];
    for (int i = 0; i < prepared.length; i++) {
      Bytes key = new Bytes();
      key.put(i == 0 ? '{' : ',');
      text(columns.get(i), key);
      key.put(':');
      prepared[i] = key.toArray();
    }
    keys = prepared;
  }

  @Override
  void encode(Row row, int[] indexes, Bytes into) {
    RowText known = row.text();
    for (int i = 0; i < indexes.length; i++) {
      into.put(keys[i]);
      if (known != null && known.has(indexes[i])) {
        put(row.columns().get(indexes[i]).type(), known, indexes[i], into);
        continue;
      }
      Object value = typed(row, indexes[i]);
      if (value instanceof Double number && !Double.isFinite(number)) {
        throw bad(row.columns().get(indexes[i]), "is " + value + ", which is no number in JSON");
      }
      put(value, into);
    }
    into.put(indexes.length == 0 ? EMPTY : END);
  }

  /** A value as it stands in the input. */
  private static void put(ColumnType type, RowText known, int index, Bytes into) {
    byte[] bytes = known.bytes(index);
    int from = known.start(index);
    int to = known.end(index);
    if (type == ColumnType.LONG || type == ColumnType.DECIMAL) {
      into.put(bytes, from, to);
      return;
    }
    into.put('"');
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b >= 0 && b < ' ') {
        control((char) b, into);
      } else {
        if (b == '"' || b == '\\') {
          into.put('\\');
        }
        into.put(b);
      }
    }
    into.put('"');
  }

  private static void put(@Nullable Object value, Bytes into) {
    if (value == null) {
      into.put(NULL);
    } else if (value instanceof String text) {
      text(text, into);
    } else if (value instanceof Number || value instanceof Boolean) {
      into.ascii(value instanceof BigDecimal number ? decimal(number) : value.toString());
    } else {
      into.put('"');
      quoted(value, into);
      into.put('"');
    }
  }

  /** As written where that is no longer than with an exponent. */
  private static String decimal(BigDecimal number) {
    return number.scale() > 0 && number.scale() < 20 ? number.toPlainString() : number.toString();
  }

  private static void quoted(Object value, Bytes into) {
    if (value instanceof OffsetDateTime moment) {
      into.timestamp(moment);
    } else if (value instanceof LocalDate date) {
      into.date(date);
    } else if (value instanceof LocalTime time) {
      into.time(time);
    } else {
      into.ascii(value.toString());
    }
  }

  private static void text(String text, Bytes into) {
    into.put('"');
    for (int i = 0; i < text.length(); ) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        into.put('\\');
        into.put(c);
        i++;
      } else if (c < ' ') {
        control(c, into);
        i++;
      } else if (Character.isSurrogate(c) && Character.charCount(text.codePointAt(i)) == 1) {
        unicode(c, into); // half of a pair, which has no bytes in UTF-8
        i++;
      } else {
        i = UTF_8.put(text, i, into);
      }
    }
    into.put('"');
  }

  private static void control(char c, Bytes into) {
    int letter = "\b\t\n\f\r".indexOf(c);
    if (letter < 0) {
      unicode(c, into);
    } else {
      into.put('\\');
      into.put("btnfr".charAt(letter));
    }
  }

  private static void unicode(char c, Bytes into) {
    into.put('\\');
    into.put('u');
    for (int shift = 12; shift >= 0; shift -= 4) {
      into.put(HEX.charAt(c >> shift & 0xF));
    }
  }
}
