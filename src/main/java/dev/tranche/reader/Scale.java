package dev.tranche.reader;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Values of columns as numbers and moments, and back, so that stretches of them can be split. */
final class Scale {

  private static final BigInteger MICROS = BigInteger.valueOf(1_000_000);

  private Scale() {}

  /** Numbers as they are, days as days, moments as microseconds. */
  static BigDecimal number(Object value) {
    if (value instanceof LocalDate day) {
      return BigDecimal.valueOf(day.toEpochDay());
    }
    if (value instanceof LocalDateTime || value instanceof OffsetDateTime) {
      Instant moment = instant(value, ZoneOffset.UTC);
      return new BigDecimal(
          BigInteger.valueOf(moment.getEpochSecond())
              .multiply(MICROS)
              .add(BigInteger.valueOf(moment.getNano() / 1_000)));
    }
    return value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
  }

  /** The reverse of {@link #number}, as a column of {@code type} holds it. */
  static Object value(BigDecimal number, FieldType type) {
    if (type == FieldType.DECIMAL) {
      return number;
    }
    if (type == FieldType.LONG) {
      return number.longValueExact();
    }
    if (type == FieldType.DATE) {
      return LocalDate.ofEpochDay(number.longValueExact());
    }
    BigInteger[] parts = number.toBigIntegerExact().divideAndRemainder(MICROS);
    Instant moment = Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValue() * 1_000);
    return value(moment, type, ZoneOffset.UTC);
  }

  /** When it is; days begin in {@code zone}, times without an offset are in UTC. */
  static Instant instant(Object value, ZoneId zone) {
    if (value instanceof LocalDate day) {
      return day.atStartOfDay(zone).toInstant();
    }
    return value instanceof LocalDateTime time
        ? time.toInstant(ZoneOffset.UTC)
        : ((OffsetDateTime) value).toInstant();
  }

  /** The reverse of {@link #instant}, as a column of {@code type} holds it. */
  static Object value(Instant moment, FieldType type, ZoneId zone) {
    return switch (type) {
      case DATE -> moment.atZone(zone).toLocalDate();
      case TIMESTAMP -> moment.atOffset(ZoneOffset.UTC);
      default -> moment.atOffset(ZoneOffset.UTC).toLocalDateTime();
    };
  }
}
