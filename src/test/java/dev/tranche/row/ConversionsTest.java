package dev.tranche.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConversionsTest {

  private static final OffsetDateTime MOMENT = OffsetDateTime.parse("2017-03-01T12:30:00Z");

  @ParameterizedTest
  @CsvSource({
    "LONG, -9223372036854775808",
    "DECIMAL, 1.50",
    "DOUBLE, NaN",
    "DOUBLE, 1.0E-300",
    "BOOLEAN, true",
    "DATE, 2017-03-01",
    "TIME, 12:30",
    "TIMESTAMP, 2017-03-01T12:30Z",
    "TIMESTAMP, 2017-03-01T12:30+05:30",
    "UUID, 00000000-0000-0001-0000-000000000002",
    "STRING, anything"
  })
  void readsATextAndGivesItBack(ColumnType type, String text) {
    Object value = Conversions.convert(text, type);
    assertThat(value).isInstanceOf(type.javaType());
    assertThat(Conversions.convert(value, ColumnType.STRING)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "LONG, 1.5, 'a long'",
    "LONG, 9223372036854775808, 'a long'",
    "LONG, '', 'a long'",
    "DECIMAL, NaN, 'a decimal'",
    "DOUBLE, x, 'a double'",
    "BOOLEAN, yes, 'a boolean'",
    "DATE, 2017-02-29, 'a date'",
    "DATE, 2017-03-01T00:00, 'a date'",
    "TIME, 25:00, 'a time'",
    "TIMESTAMP, 12:30, 'a timestamp'",
    "UUID, 1-2-3-4-5, 'a uuid'"
  })
  void namesTheValueAndTheTypeItIsNot(ColumnType type, String text, String is) {
    assertThatThrownBy(() -> Conversions.convert(text, type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'" + text + "' is not " + is);
  }

  @Test
  void takesTextsWithoutAnOffsetAsUtc() {
    assertThat(Conversions.convert("2017-03-01 12:30:00", ColumnType.TIMESTAMP)).isEqualTo(MOMENT);
    assertThat(Conversions.convert("2017-03-01T12:30", ColumnType.TIMESTAMP)).isEqualTo(MOMENT);
    assertThat(Conversions.convert("2017-03-01", ColumnType.TIMESTAMP))
        .isEqualTo(OffsetDateTime.parse("2017-03-01T00:00:00Z"));
  }

  @Test
  void convertsNumbersExactlyOrNotAtAll() {
    assertThat(Conversions.convert(7, ColumnType.LONG)).isEqualTo(7L);
    assertThat(Conversions.convert(new BigDecimal("7.00"), ColumnType.LONG)).isEqualTo(7L);
    assertThat(Conversions.convert(7.0, ColumnType.LONG)).isEqualTo(7L);
    assertThat(Conversions.convert(BigInteger.TEN, ColumnType.DECIMAL)).isEqualTo(BigDecimal.TEN);
    assertThat(Conversions.convert(0.1, ColumnType.DECIMAL)).isEqualTo(new BigDecimal("0.1"));
    assertThat(Conversions.convert(true, ColumnType.LONG)).isEqualTo(1L);
    assertThat(Conversions.convert(0L, ColumnType.BOOLEAN)).isEqualTo(false);
    assertThat(Conversions.convert(2.5f, ColumnType.DOUBLE)).isEqualTo(2.5);
    refused(7.5, ColumnType.LONG);
    refused(2L, ColumnType.BOOLEAN);
    refused(Double.NaN, ColumnType.DECIMAL);
    refused(new BigDecimal("1e400"), ColumnType.DOUBLE);
    refused(LocalDate.EPOCH, ColumnType.LONG);
    refused(MOMENT, ColumnType.DOUBLE);
  }

  @Test
  void convertsMomentsThroughUtc() {
    LocalDateTime local = LocalDateTime.parse("2017-03-01T12:30");
    Instant instant = MOMENT.toInstant();
    ZonedDateTime zoned = instant.atZone(ZoneOffset.UTC);
    for (Object same : new Object[] {local, instant, zoned, Date.from(instant)}) {
      assertThat(Conversions.convert(same, ColumnType.TIMESTAMP)).isEqualTo(MOMENT);
    }
    OffsetDateTime midnight = OffsetDateTime.parse("2017-03-01T02:00:00+02:00");
    assertThat(Conversions.convert(midnight, ColumnType.DATE)).isEqualTo(LocalDate.of(2017, 3, 1));
    refused(MOMENT, ColumnType.DATE);
    refused(LocalTime.NOON, ColumnType.TIMESTAMP);
    refused(UUID.randomUUID(), ColumnType.TIMESTAMP);
  }

  @ParameterizedTest
  @EnumSource(ColumnType.class)
  void leavesNullAlone(ColumnType type) {
    assertThat(Conversions.convert(null, type)).isNull();
    assertThat(Conversions.possible(type, type)).isTrue();
  }

  @Test
  void knowsWhichTypesCanNeverBecomeAnother() {
    assertThat(Conversions.possible(ColumnType.DATE, ColumnType.LONG)).isFalse();
    assertThat(Conversions.possible(ColumnType.UUID, ColumnType.BOOLEAN)).isFalse();
    assertThat(Conversions.possible(ColumnType.TIMESTAMP, ColumnType.DATE)).isTrue();
    assertThat(Conversions.possible(ColumnType.DECIMAL, ColumnType.LONG)).isTrue();
  }

  private static void refused(Object value, ColumnType type) {
    assertThatThrownBy(() -> Conversions.convert(value, type))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
