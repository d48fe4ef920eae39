package dev.tranche.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.ItemError;
import dev.tranche.definition.ReadDefinition.ColumnDefinition;
import dev.tranche.partition.CsvSyntax;
import dev.tranche.row.ColumnType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldConversionsTest {

  private static final String LONG_TEXT = "x".repeat(200);

  private static @Nullable Object read(ColumnType type, @Nullable String format, String text) {
    try (CsvFolder folder = new CsvFolder()) {
      ColumnReader reader = new ColumnReader(
          "c",
          new ColumnDefinition(null, type, format, null),
          new ColumnReader.Blanks(false, List.of()),
          CsvSyntax.of(folder.definition()));
      byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
      return reader.read(bytes, 1, bytes.length - 1);
    }
  }

  private static void assertRefused(
      ColumnType type, @Nullable String format, String text, String message) {
    assertThatThrownBy(() -> read(type, format, text))
        .isInstanceOfSatisfying(
            ItemError.class, error -> assertThat(error.column()).isEqualTo("c"))
        .hasMessage("c: '" + text + "' is not " + message);
  }

  @Property(tries = 500)
  void readsEveryLong(@ForAll long value) {
    assertThat(read(ColumnType.LONG, null, String.valueOf(value))).isEqualTo(value);
  }

  @Property(tries = 500)
  void readsEveryDouble(@ForAll double value) {
    assertThat(read(ColumnType.DOUBLE, null, String.valueOf(value))).isEqualTo(value);
    assertThat(read(ColumnType.DOUBLE, null, new BigDecimal(value).toPlainString()))
        .isEqualTo(value);
  }

  @Property(tries = 500)
  void readsShortDecimalFractionsAsJavaDoes(
      @ForAll long mantissa, @ForAll @IntRange(min = 0, max = 18) int scale) {
    String text = BigDecimal.valueOf(mantissa, scale).toPlainString();

    assertThat(read(ColumnType.DOUBLE, null, text)).isEqualTo(Double.valueOf(text));
  }

  @Property(tries = 500)
  void readsEveryDecimalWithItsScale(@ForAll @Scale(12) BigDecimal value) {
    assertThat(read(ColumnType.DECIMAL, null, value.toPlainString())).isEqualTo(value);
    assertThat(read(ColumnType.DECIMAL, null, value.toString())).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"-0.0, -0.0", "+1.5, 1.5", ".5, 0.5", "5., 5.0", "1e3, 1000.0", "NaN, NaN"})
  void readsDoublesHoweverTheyAreWritten(String text, double value) {
    assertThat(read(ColumnType.DOUBLE, null, text)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "abc", "1d", "0x1p3", "1,5", "--1", "1e", "-"})
  void refusesOtherDoubles(String text) {
    assertRefused(ColumnType.DOUBLE, null, text, "a double");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.0", "1.", "1e2", "١x", "+", "0x1"})
  void refusesOtherLongs(String text) {
    assertRefused(ColumnType.LONG, null, text, "a long");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775808", "-9223372036854775809", "+10000000000000000000"})
  void refusesLongsThatAreTooLarge(String text) {
    assertRefused(
        ColumnType.LONG,
        null,
        text,
        "a long, which goes from -9223372036854775808 to 9223372036854775807");
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "1,000", "1e999999999", "NaN", "-"})
  void refusesOtherDecimals(String text) {
    assertRefused(ColumnType.DECIMAL, null, text, "a decimal");
  }

  @Property(tries = 300)
  void readsEveryDateAndTimeThatJavaWrites(@ForAll @IntRange(max = 2_000_000_000) int seconds) {
    OffsetDateTime timestamp =
        OffsetDateTime.parse("1970-01-01T00:00:00+05:30").plusSeconds(seconds).plusNanos(seconds);

    assertThat(read(ColumnType.TIMESTAMP, null, timestamp.toString())).isEqualTo(timestamp);
    assertThat(read(ColumnType.DATE, null, timestamp.toLocalDate().toString()))
        .isEqualTo(timestamp.toLocalDate());
    assertThat(read(ColumnType.TIME, null, timestamp.toLocalTime().toString()))
        .isEqualTo(timestamp.toLocalTime());
  }

  @ParameterizedTest
  @CsvSource({
    "2017-01-31T23:59:58Z, 2017-01-31T23:59:58Z",
    "2017-01-31 23:59:58.5, 2017-01-31T23:59:58.5Z",
    "2017-01-31T23:59, 2017-01-31T23:59Z",
    "2017-01-31t23:59:58z, 2017-01-31T23:59:58Z",
    "2017-01-31 23:59:58-0330, 2017-01-31T23:59:58-03:30",
    "2017-01-31 23:59:58+02, 2017-01-31T23:59:58+02:00",
    "2017-01-31, 2017-01-31T00:00Z"
  })
  void readsTimestampsAsDatabasesWriteThem(String text, OffsetDateTime value) {
    assertThat(read(ColumnType.TIMESTAMP, null, text)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2017-02-29T00:00Z", "2017-01-31T24:00Z", "2017-01-31T23:59:58Zx", "2017-01-31T",
        "2017-1-31 00:00", "31.01.2017", "2017-01-31T23:59:58.", "2017-01-31T23:59:58+"
      })
  void refusesOtherTimestamps(String text) {
    assertRefused(ColumnType.TIMESTAMP, null, text, "a timestamp, such as 2017-01-31T23:59:58Z");
  }

  @Test
  void saysWhatADateAndATimeLookLike() {
    assertRefused(ColumnType.DATE, null, "31.01.2017", "a date, such as 2017-01-31");
    assertRefused(ColumnType.DATE, null, "2017-01-31x", "a date, such as 2017-01-31");
    assertRefused(ColumnType.TIME, null, "25:00", "a time, such as 23:59:58");
  }

  @ParameterizedTest
  @CsvSource({"true,true", "T,true", "yes,true", "Y,true", "On,true", "1,true"})
  @CsvSource({"FALSE,false", "f,false", "no,false", "n,false", "off,false", "0,false"})
  void readsBooleansAsDatabasesWriteThem(String text, boolean value) {
    assertThat(read(ColumnType.BOOLEAN, null, text)).isEqualTo(value);
  }

  @Test
  void refusesOtherBooleansAndUuids() {
    assertRefused(ColumnType.BOOLEAN, null, "2", "a boolean, such as true or false");
    assertRefused(
        ColumnType.UUID, null, "1-1-1-1-1", "a uuid, such as f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
    UUID uuid = UUID.fromString("f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
    assertThat(read(ColumnType.UUID, null, uuid.toString())).isEqualTo(uuid);
  }

  // -- formats --

  @ParameterizedTest
  @CsvSource({
    "dd.MM.yyyy, 31.01.2017, 2017-01-31",
    "dd.MM.uuuu, 31.01.2017, 2017-01-31",
    "d MMM yyyy, 3 feb 2017, 2017-02-03",
    "M/d/yy, 1/31/17, 2017-01-31"
  })
  void readsDatesOfAFormat(String format, String text, LocalDate value) {
    assertThat(read(ColumnType.DATE, format, text)).isEqualTo(value);
  }

  @Test
  void refusesADayThatAMonthDoesNotHave() {
    assertRefused(ColumnType.DATE, "dd.MM.yyyy", "31.02.2017", "a date of the format 'dd.MM.yyyy'");
    assertRefused(ColumnType.DATE, "dd.MM.uuuu", "31.02.2017", "a date of the format 'dd.MM.uuuu'");
  }

  @Test
  void readsTimesAndTimestampsOfAFormat() {
    assertThat(read(ColumnType.TIME, "hh:mm a", "01:30 pm")).isEqualTo(LocalTime.of(13, 30));
    assertThat(read(ColumnType.TIMESTAMP, "dd.MM.yyyy HH:mm", "31.01.2017 10:20"))
        .isEqualTo(OffsetDateTime.parse("2017-01-31T10:20Z"));
    assertThat(read(ColumnType.TIMESTAMP, "yyyyMMddHHmmssX", "20170131102030+01"))
        .isEqualTo(OffsetDateTime.parse("2017-01-31T10:20:30+01:00"));
    assertThat(read(ColumnType.TIMESTAMP, "yyyy-MM-dd HH:mm VV", "2017-07-31 10:20 Europe/Berlin"))
        .isEqualTo(OffsetDateTime.parse("2017-07-31T10:20+02:00"));
  }

  @Test
  void readsNumbersOfAFormat() {
    assertThat(read(ColumnType.LONG, "#,##0", "1,234,567")).isEqualTo(1234567L);
    assertThat(read(ColumnType.DECIMAL, "#,##0.00", "1,234.50"))
        .isEqualTo(new BigDecimal("1234.50"));
    assertThat(read(ColumnType.DOUBLE, "0.#%", "12.5%")).isEqualTo(0.125);
    assertRefused(ColumnType.LONG, "#,##0", "1.5", "a long of the format '#,##0'");
    assertRefused(ColumnType.LONG, "#,##0", "1x", "a long of the format '#,##0'");
  }

  @Test
  void showsOnlyTheBeginningOfALongValue() {
    assertThatThrownBy(() -> read(ColumnType.LONG, null, LONG_TEXT))
        .hasMessage("c: '" + "x".repeat(100) + "…' is not a long");
  }
}
