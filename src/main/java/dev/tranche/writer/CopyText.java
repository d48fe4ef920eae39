package dev.tranche.writer;

import dev.tranche.row.ColumnType;
import dev.tranche.row.Row;
import dev.tranche.row.RowText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Writes rows as PostgreSQL's COPY reads them in its text format. What stands in the input as COPY
 * wants it is taken from there, and comes out as if it had been made of the value. One thread.
 */
final class CopyText implements CopyEncoder {

  private static final byte[] NONE = {'\\', 'N'};
  private static final byte[] UTC = {'+', '0', '0'};

  private final BoundColumn[] columns;
  private final TextBytes text = new TextBytes(StandardCharsets.UTF_8);

  /** Columns whose text in a row is also their text here. */
  private final boolean[] verbatim;

  CopyText(RowBinding binding) {
    this.columns = binding.columns().toArray(new BoundColumn[0]);
    this.verbatim = new boolean[columns.length];
    for (int c = 0; c < columns.length; c++) {
      verbatim[c] = columns[c].isSameType();
    }
  }

  @Override
  public void encode(Row row, Bytes into) {
    RowText known = row.text();
    for (int c = 0; c < columns.length; c++) {
      if (c > 0) {
        into.put('\t');
      }
      int index = columns[c].index();
      if (known != null && verbatim[c] && known.has(index)) {
        put(columns[c], known, into);
        continue;
      }
      Object value = columns[c].valueIn(row);
      if (value == null) {
        into.put(NONE);
      } else {
        put(columns[c], value, into);
      }
    }
    into.put('\n');
  }

  private static void put(BoundColumn column, RowText known, Bytes into) {
    byte[] bytes = known.bytes(column.index());
    int start = known.start(column.index());
    int end = known.end(column.index());
    if (column.type() == ColumnType.STRING) {
      text(bytes, start, end, into);
    } else {
      into.put(bytes, start, end);
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

  private void put(BoundColumn column, Object value, Bytes into) {
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
