package dev.tranche.process;

import static dev.tranche.process.Quakes.NOON;
import static dev.tranche.process.Quakes.QUAKES;
import static dev.tranche.process.Quakes.apply;
import static dev.tranche.process.Quakes.check;
import static dev.tranche.process.Quakes.in;
import static dev.tranche.process.Quakes.notBlank;
import static dev.tranche.process.Quakes.notNull;
import static dev.tranche.process.Quakes.pattern;
import static dev.tranche.process.Quakes.quake;
import static dev.tranche.process.Quakes.range;
import static dev.tranche.process.Quakes.size;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.ItemError;
import dev.tranche.definition.ProcessDefinition.Check;
import dev.tranche.row.Row;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckTest {

  private static void assertRefused(Row row, Check check, String column, String message) {
    assertThatThrownBy(() -> apply(row, check))
        .isInstanceOf(ItemError.class)
        .hasMessage(message)
        .extracting(error -> ((ItemError) error).column())
        .isEqualTo(column);
  }

  @Test
  void saysWordForWordWhichConstraintAValueBreaks() {
    assertRefused(
        quake("a", new BigDecimal("12.3")),
        check("magnitude", range("-2", "10")),
        "magnitude",
        "column 'magnitude' is 12.3; it must be at most 10");
    assertRefused(
        quake("a", new BigDecimal("-9.9")),
        check("magnitude", range("-2", "10")),
        "magnitude",
        "column 'magnitude' is -9.9; it must be at least -2");
    assertRefused(
        quake(null, null),
        check("id", notNull()),
        "id",
        "column 'id' has no value; it must have one");
    assertRefused(
        quake(null, null),
        check("id", notBlank()),
        "id",
        "column 'id' has no value; it must have one");
    assertRefused(
        quake(" ", null),
        check("id", notBlank()),
        "id",
        "column 'id' is ' '; it must not be blank");
    assertRefused(
        quake("us123", null),
        check("id", size(1, 4)),
        "id",
        "column 'id' is 'us123'; it must have 1 to 4 characters");
    assertRefused(
        quake("us123", null),
        check("id", size(null, 4)),
        "id",
        "column 'id' is 'us123'; it must have at most 4 characters");
    assertRefused(
        quake("", null),
        check("id", size(1, null)),
        "id",
        "column 'id' is ''; it must have at least 1 characters");
    assertRefused(
        quake("us$", null),
        check("id", pattern("[a-z]+")),
        "id",
        "column 'id' is 'us$'; it must match [a-z]+");
    assertRefused(
        quake("x", null),
        check("id", in("us", "ci")),
        "id",
        "column 'id' is 'x'; it must be one of us, ci");
  }

  @Test
  void shortensALongValueInTheMessage() {
    assertRefused(
        quake("x".repeat(200), null),
        check("id", size(1, 4)),
        "id",
        "column 'id' is '" + "x".repeat(80) + "…'; it must have 1 to 4 characters");
  }

  @Test
  void letsNullPassEveryConstraintButNotNull() throws Exception {
    Row row = quake(null, null);
    assertThat(apply(
            row,
            check("magnitude", range("-2", "10")),
            check("id", size(1, 4)),
            check("id", pattern("a")),
            check("id", in("a"))))
        .isSameAs(row);
  }

  @ParameterizedTest
  @CsvSource({
    "stations, 7, 7, true",
    "stations, 6.5, 7.5, true",
    "stations, 7.5, 9, false",
    "stations, 1, 6.5, false",
    "stations, -1e30, 1e30, true",
    "stations, 1e30, 2e30, false",
    "depth, 10.5, 10.5, true",
    "depth, 10.6, 11, false",
    "depth, 1, 10.4, false",
    "magnitude, 2.50, 2.5, true",
    "magnitude, 2.51, 3, false"
  })
  void comparesNumbersOfAllTypesWithTheirBounds(
      String column, String min, String max, boolean passes) {
    Row row = quake("a", new BigDecimal("2.5"));
    Check check = check(column, range(min, max));
    if (passes) {
      assertThat(row).satisfies(each -> apply(each, check));
    } else {
      assertThatThrownBy(() -> apply(row, check)).isInstanceOf(ItemError.class);
    }
  }

  @Test
  void takesNotANumberForOutOfEveryRange() {
    Row row = new Row(QUAKES, new @Nullable Object[] {"a", null, Double.NaN, 7L, NOON, true});
    assertRefused(
        row,
        check("depth", range("0", null)),
        "depth",
        "column 'depth' is NaN; it must be at least 0");
    assertRefused(
        row,
        check("depth", range(null, "0")),
        "depth",
        "column 'depth' is NaN; it must be at most 0");
  }

  @Test
  void findsAValueInAListWhateverItsScale() throws Exception {
    Row row = quake("a", new BigDecimal("2.50"));
    assertThat(apply(row, check("magnitude", in("2.5", "3")))).isSameAs(row);
    assertThat(apply(row, check("time", in("2017-03-01T13:00:00+01:00")))).isSameAs(row);
  }
}
