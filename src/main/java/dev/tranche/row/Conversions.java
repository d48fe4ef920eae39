package dev.tranche.row;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns a value into one of a column's type: exactly, or not at all. Only a double may take less
 * of a number than there was.
 *
 * <p>Texts are read as ISO 8601 and as Java writes numbers. What has no offset is in UTC.
 */
public final class Conversions {

  private Conversions() {}

  /** Whether some value of type {@code from} can become one of type {@code to}. */
  public static boolean possible(ColumnType from, ColumnType to) {
    if (from == to || from == ColumnType.STRING || to == ColumnType.STRING) {
      return true;
    }
    return switch (to) {
      case LONG, DECIMAL, DOUBLE -> isNumber(from) || from == ColumnType.BOOLEAN;
      case BOOLEAN -> isNumber(from);
      case DATE -> from == ColumnType.TIMESTAMP;
      case TIMESTAMP -> from == ColumnType.DATE;
      default -> false;
    };
  }

  private static boolean isNumber(ColumnType type) {
    return type == ColumnType.LONG || type == ColumnType.DECIMAL || type == ColumnType.DOUBLE;
  }

  /**
   * {@code value} as one of type {@code to}; null stays null.
   *
   * @throws IllegalArgumentException if it cannot be one; the message names value and type
   */
  public static @Nullable Object convert(@Nullable Object value, ColumnType to) {
    if (value == null || to.javaType() == value.getClass()) {
      return value;
    }
    Object converted;
    try {
      converted = value instanceof CharSequence text ? parse(text.toString(), to) : to(value, to);
    } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
      converted = null;
    }
    if (converted == null) {
      throw new IllegalArgumentException(
          "'" + value + "' is not a " + to.name().toLowerCase(Locale.ROOT));
    }
    return converted;
  }

  private static Object parse(String text, ColumnType to) {
    return switch (to) {
      case STRING -> text;
      case LONG -> Long.valueOf(text);
      case DECIMAL -> new BigDecimal(text);
      case DOUBLE -> Double.valueOf(text);
      case BOOLEAN -> truth(text.toLowerCase(Locale.ROOT));
      case DATE -> LocalDate.parse(text);
      case TIME -> LocalTime.parse(text);
      case TIMESTAMP -> timestamp(text);
      case UUID -> uuid(text);
    };
  }

  private static Boolean truth(String text) {
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    throw new IllegalArgumentException();
  }

  private static UUID uuid(String text) {
    if (text.length() != 36) {
      throw new IllegalArgumentException();
    }
    return UUID.fromString(text);
  }

  private static OffsetDateTime timestamp(String text) {
    String iso = text.length() > 10 && text.charAt(10) == ' ' ? text.replaceFirst(" ", "T") : text;
    if (iso.indexOf('T') < 0) {
      return LocalDate.parse(iso).atStartOfDay().atOffset(ZoneOffset.UTC);
    }
    try {
      return OffsetDateTime.parse(iso);
    } catch (DateTimeException withoutOffset) {
      return LocalDateTime.parse(iso).atOffset(ZoneOffset.UTC);
    }
  }

  private static @Nullable Object to(Object value, ColumnType to) {
    return switch (to) {
      case STRING -> value instanceof BigDecimal number ? number.toPlainString() : value.toString();
      case LONG -> wholeNumber(value);
      case DECIMAL -> decimal(value);
      case DOUBLE -> floating(value);
      case BOOLEAN -> truth(value);
      case DATE -> date(value);
      case TIME -> value instanceof java.sql.Time time ? time.toLocalTime() : null;
      case TIMESTAMP -> timestamp(value);
      case UUID -> null;
    };
  }

  private static @Nullable Double floating(Object value) {
    if (value instanceof Boolean truth) {
      return truth ? 1d : 0d;
    }
    if (value instanceof Double || value instanceof Float) {
      return ((Number) value).doubleValue();
    }
    double number = value instanceof Number other ? other.doubleValue() : Double.NaN;
    return Double.isFinite(number) ? number : null;
  }

  private static @Nullable Object wholeNumber(Object value) {
    BigDecimal number = decimal(value);
    return number == null ? null : number.longValueExact();
  }

  private static @Nullable BigDecimal decimal(Object value) {
    if (value instanceof BigDecimal number) {
      return number;
    }
    if (value instanceof BigInteger number) {
      return new BigDecimal(number);
    }
    if (value instanceof Double || value instanceof Float) {
      return new BigDecimal(value.toString());
    }
    if (value instanceof Boolean truth) {
      return truth ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    return value instanceof Number number ? BigDecimal.valueOf(number.longValue()) : null;
  }

  private static @Nullable Object truth(Object value) {
    Object number = wholeNumber(value);
    if (number instanceof Long whole && (whole == 0 || whole == 1)) {
      return whole == 1;
    }
    return null;
  }

  private static @Nullable Object date(Object value) {
    if (value instanceof java.sql.Date date) {
      return date.toLocalDate();
    }
    OffsetDateTime moment = timestamp(value);
    if (moment == null) {
      return null;
    }
    LocalDateTime utc = moment.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
    return utc.toLocalTime().equals(LocalTime.MIDNIGHT) ? utc.toLocalDate() : null;
  }

  private static @Nullable OffsetDateTime timestamp(Object value) {
    if (value instanceof OffsetDateTime moment) {
      return moment;
    }
    if (value instanceof LocalDate day) {
      return day.atStartOfDay().atOffset(ZoneOffset.UTC);
    }
    if (value instanceof LocalDateTime time) {
      return time.atOffset(ZoneOffset.UTC);
    }
    if (value instanceof ZonedDateTime time) {
      return time.toOffsetDateTime();
    }
    if (value instanceof java.sql.Timestamp time) {
      return time.toInstant().atOffset(ZoneOffset.UTC);
    }
    if (value instanceof Date time) {
      return Instant.ofEpochMilli(time.getTime()).atOffset(ZoneOffset.UTC);
    }
    return value instanceof Instant moment ? moment.atOffset(ZoneOffset.UTC) : null;
  }
}
