package dev.tranche.process;

import dev.tranche.definition.ProcessDefinition;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Conversions;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Values made of texts, and texts of values, by a pattern. */
final class Formats {

  private Formats() {}

  /**
   * What makes values of {@code from} into what {@code to} says; safe for all threads. It throws an
   * {@link IllegalArgumentException} for a value that cannot be made so.
   *
   * @throws IllegalArgumentException if the pattern is none for these types
   */
  static UnaryOperator<Object> of(ColumnType from, ProcessDefinition.Target to) {
    String pattern = to.format();
    if (pattern == null) {
      return value -> Objects.requireNonNull(Conversions.convert(value, to.type()));
    }
    if (to.type() == ColumnType.STRING) {
      return written(from, pattern);
    }
    if (from != ColumnType.STRING) {
      throw new IllegalArgumentException("a 'format' is for texts, and this makes a "
          + word(to.type()) + " of a " + word(from) + ". Remove it.");
    }
    return read(to.type(), pattern);
  }

  private static UnaryOperator<Object> written(ColumnType from, String pattern) {
    return switch (from) {
      case LONG, DECIMAL, DOUBLE -> {
        DecimalFormat format = decimals(pattern);
        yield value -> ((DecimalFormat) format.clone()).format(value);
      }
      case DATE, TIME, TIMESTAMP -> {
        DateTimeFormatter format = times(pattern);
        yield value -> {
          try {
            return format.format((TemporalAccessor) value);
          } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + value + "' cannot be written as '" + pattern
                + "': " + e.getMessage(), e);
          }
        };
      }
      default -> throw noFormat(from);
    };
  }

  private static UnaryOperator<Object> read(ColumnType to, String pattern) {
    return switch (to) {
      case LONG, DECIMAL, DOUBLE -> {
        DecimalFormat format = decimals(pattern);
        yield value -> checked(value, to, pattern, number((DecimalFormat) format.clone(), value));
      }
      case DATE, TIME, TIMESTAMP -> {
        DateTimeFormatter format = times(pattern);
        yield value -> checked(value, to, pattern, moment(format, String.valueOf(value), to));
      }
      default -> throw noFormat(to);
    };
  }

  private static Object checked(
      Object text, ColumnType to, String pattern, @Nullable Object value) {
    try {
      Object converted = Conversions.convert(value, to);
      if (converted != null) {
        return converted;
      }
    } catch (IllegalArgumentException doesNotFit) {
      // Said below, with the text as it was written.
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not a " + word(to) + " of the format '" + pattern + "'");
  }

  private static @Nullable Object number(DecimalFormat format, Object text) {
    String written = String.valueOf(text);
    ParsePosition position = new ParsePosition(0);
    Object value = format.parse(written, position);
    boolean whole = position.getIndex() == written.length();
    return whole && value instanceof BigDecimal ? value : null;
  }

  private static @Nullable Object moment(DateTimeFormatter format, String text, ColumnType to) {
    try {
      TemporalAccessor value = format.parse(text);
      if (to == ColumnType.DATE) {
        return LocalDate.from(value);
      }
      if (to == ColumnType.TIME) {
        return LocalTime.from(value);
      }
      ZoneId zone = value.query(TemporalQueries.zone());
      return LocalDateTime.from(value)
          .atZone(zone == null ? ZoneOffset.UTC : zone)
          .toOffsetDateTime();
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static DecimalFormat decimals(String pattern) {
    DecimalFormat format =
        new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
    format.setParseBigDecimal(true);
    return format;
  }

  /** Strict, since 31.02.2017 is not the 28th; and then yyyy needs an era, which nobody writes. */
  private static DateTimeFormatter times(String pattern) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(pattern)
        .parseDefaulting(ChronoField.ERA, 1)
        .toFormatter(Locale.ENGLISH)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  private static IllegalArgumentException noFormat(ColumnType type) {
    return new IllegalArgumentException("a " + word(type) + " has no 'format'. Remove it.");
  }

  private static String word(ColumnType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
