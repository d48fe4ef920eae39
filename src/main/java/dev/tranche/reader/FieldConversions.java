package dev.tranche.reader;

import dev.tranche.partition.CsvSyntax;
import dev.tranche.row.ColumnType;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.ParsePosition;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The conversions of all column types, with and without a format. */
final class FieldConversions {

  private static final int UUID_LENGTH = 36;

  private FieldConversions() {}

  /**
   * The conversion to {@code type}.
   *
   * @param format a pattern of {@code DateTimeFormatter} or {@code DecimalFormat}; null: as ISO and
   *     Java write it
   * @throws IllegalArgumentException if {@code format} is no pattern for the type
   */
  static Conversion of(ColumnType type, @Nullable String format, CsvSyntax syntax) {
    if (format != null) {
      return formatted(type, format, syntax);
    }
    return switch (type) {
      case STRING -> syntax::text;
      case LONG -> Numbers::toLong;
      case DECIMAL -> Numbers::toDecimal;
      case DOUBLE -> Numbers::toDouble;
      case BOOLEAN -> (bytes, from, to) -> toBoolean(syntax.text(bytes, from, to));
      case DATE -> IsoTimes::toDate;
      case TIME -> IsoTimes::toTime;
      case TIMESTAMP -> IsoTimes::toTimestamp;
      case UUID -> (bytes, from, to) -> toUuid(syntax.text(bytes, from, to));
    };
  }

  private static Conversion formatted(ColumnType type, String format, CsvSyntax syntax) {
    return switch (type) {
      case LONG -> number(format, syntax, BigDecimal::longValueExact);
      case DECIMAL -> number(format, syntax, value -> value);
      case DOUBLE -> number(format, syntax, BigDecimal::doubleValue);
      case DATE -> temporal(format, syntax, LocalDate::from);
      case TIME -> temporal(format, syntax, LocalTime::from);
      case TIMESTAMP -> temporal(format, syntax, FieldConversions::toTimestamp);
      case STRING, BOOLEAN, UUID ->
        throw new IllegalArgumentException("type " + name(type) + " takes no format");
    };
  }

  /** What is expected of the text of a field, for messages: {@code a date, such as 2017-01-31}. */
  static String expected(ColumnType type, @Nullable String format) {
    String what = "a " + name(type);
    if (format != null) {
      return what + " of the format '" + format + "'";
    }
    return switch (type) {
      case STRING, LONG, DECIMAL, DOUBLE -> what;
      case BOOLEAN -> what + ", such as true or false";
      case DATE -> what + ", such as 2017-01-31";
      case TIME -> what + ", such as 23:59:58";
      case TIMESTAMP -> what + ", such as 2017-01-31T23:59:58Z";
      case UUID -> what + ", such as f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    };
  }

  /** The type as users write it. */
  static String name(ColumnType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  private static Boolean toBoolean(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "t", "yes", "y", "on", "1" -> true;
      case "false", "f", "no", "n", "off", "0" -> false;
      default -> throw new IllegalArgumentException();
    };
  }

  private static UUID toUuid(String text) {
    if (text.length() != UUID_LENGTH) {
      throw new IllegalArgumentException(); // Java would take 1-1-1-1-1
    }
    return UUID.fromString(text);
  }

  private interface FromDecimal {
    Object convert(BigDecimal value);
  }

  private static Conversion number(String pattern, CsvSyntax syntax, FromDecimal convert) {
    DecimalFormat format =
        new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
    format.setParseBigDecimal(true);
    return (bytes, from, to) -> {
      String text = syntax.text(bytes, from, to);
      ParsePosition position = new ParsePosition(0);
      DecimalFormat own = (DecimalFormat) format.clone(); // a format is for one thread
      Object value = own.parse(text, position);
      if (!(value instanceof BigDecimal number) || position.getIndex() != text.length()) {
        throw new NumberFormatException();
      }
      return convert.convert(number);
    };
  }

  private interface FromTemporal {
    Object convert(TemporalAccessor value);
  }

  private static Conversion temporal(String pattern, CsvSyntax syntax, FromTemporal convert) {
    // Strict, since 31.02.2017 is not the 28th; and then yyyy needs an era, which nobody writes.
    DateTimeFormatter format = new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(pattern)
        .parseDefaulting(ChronoField.ERA, 1)
        .toFormatter(Locale.ENGLISH)
        .withResolverStyle(ResolverStyle.STRICT);
    return (bytes, from, to) -> convert.convert(format.parse(syntax.text(bytes, from, to)));
  }

  private static OffsetDateTime toTimestamp(TemporalAccessor value) {
    ZoneId zone = value.query(TemporalQueries.zone());
    return LocalDateTime.from(value)
        .atZone(zone == null ? ZoneOffset.UTC : zone)
        .toOffsetDateTime();
  }
}
