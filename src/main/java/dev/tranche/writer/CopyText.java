package dev.tranche.writer;

import dev.tranche.row.ColumnType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * COPY's text format: for tables with columns of types that {@link CopyBinary} does not know, which
 * the server then reads as it reads them anywhere.
 */
final class CopyText extends CopyEncoder {

  private static final byte[] NONE = {'\\', 'N'};
  private static final byte[] UTC = {'+', '0', '0'};

  private final TextBytes text = new TextBytes(StandardCharsets.UTF_8);

  CopyText(RowBinding binding) {
    super(binding);
  }

  @Override
  void separate(Bytes into) {
    into.put('\t');
  }

  @Override
  void endRow(Bytes into) {
    into.put('\n');
  }

  @Override
  void none(Bytes into) {
    into.put(NONE);
  }

  @Override
  void text(int c, byte[] bytes, int from, int to, Bytes into) {
    if (columns[c].type() == ColumnType.STRING) {
      text(bytes, from, to, into);
    } else {
      into.put(bytes, from, to);
    }
  }

  private static void text(byte[] bytes, int from, int to, Bytes into) {
    int done = from;
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b <= '\\' && isEscaped((char) b)) {
        into.put(bytes, done, i);
        into.put('\\');
        into.put(escape((char) b));
        done = i + 1;
      }
    }
    into.put(bytes, done, to);
  }

  @Override
  void value(int c, Object value, Bytes into) {
    BoundColumn column = columns[c];
    switch (column.column().kind()) {
      case TEXT, BINARY, OTHER -> text(column, (String) value, into);
      case INTEGER -> into.number((Long) value);
      case BOOLEAN -> into.put((Boolean) value ? 't' : 'f');
      case DATE -> date((LocalDate) value, into);
      case TIME -> into.time((LocalTime) value);
      case TIMESTAMP -> moment((OffsetDateTime) value, into);
      case LOCAL_TIMESTAMP -> time((LocalDateTime) value, into);
      case DECIMAL -> into.decimal((BigDecimal) value);
      case DOUBLE, UUID -> into.ascii(value.toString());
    }
  }

  private void text(BoundColumn column, String value, Bytes into) {
    for (int i = 0; i < value.length(); ) {
      char c = value.charAt(i);
      if (isEscaped(c)) {
        into.put('\\');
        into.put(escape(c));
        i++;
      } else {
        i = character(column, value, i, into);
      }
    }
  }

  private static boolean isEscaped(char c) {
    return c == '\\' || c == '\t' || c == '\n' || c == '\r';
  }

  private static char escape(char c) {
    return switch (c) {
      case '\t' -> 't';
      case '\n' -> 'n';
      case '\r' -> 'r';
      default -> c;
    };
  }

  private int character(BoundColumn column, String value, int index, Bytes into) {
    try {
      return text.put(value, index, into);
    } catch (IllegalArgumentException unmappable) {
      throw column.unmappable(unmappable);
    }
  }

  private static void date(LocalDate day, Bytes into) {
    if (PostgresTexts.isIso(day)) {
      into.date(day);
    } else {
      into.ascii(PostgresTexts.date(day));
    }
  }

  private static void time(LocalDateTime time, Bytes into) {
    if (PostgresTexts.isIso(time.toLocalDate())) {
      into.date(time.toLocalDate());
      into.put(' ');
      into.time(time.toLocalTime());
    } else {
      into.ascii(PostgresTexts.time(time));
    }
  }

  private static void moment(OffsetDateTime moment, Bytes into) {
    LocalDateTime utc = moment.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
    if (PostgresTexts.isIso(utc.toLocalDate())) {
      time(utc, into);
      into.put(UTC);
    } else {
      into.ascii(PostgresTexts.moment(moment));
    }
  }
}
