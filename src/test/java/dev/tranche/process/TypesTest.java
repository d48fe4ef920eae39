package dev.tranche.process;

import static dev.tranche.process.Quakes.QUAKES;
import static dev.tranche.process.Quakes.apply;
import static dev.tranche.process.Quakes.problems;
import static dev.tranche.process.Quakes.quake;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.ItemError;
import dev.tranche.definition.ProcessDefinition;
import dev.tranche.definition.ProcessDefinition.Part;
import dev.tranche.definition.ProcessDefinition.Target;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Row;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Entries {@code cast} and {@code flatten}. */
class TypesTest {

  @Test
  void castsTextsByTheirFormatAndValuesIntoTexts() throws Exception {
    Row row = quake("31.12.2026", new BigDecimal("1234.5"));

    assertThat(apply(row, cast("id", ColumnType.DATE, "dd.MM.yyyy")).get("id"))
        .isEqualTo(LocalDate.of(2026, 12, 31));
    assertThat(apply(row, cast("magnitude", ColumnType.STRING, "#,##0.00")).get("magnitude"))
        .isEqualTo("1,234.50");
    assertThat(apply(row, cast("time", ColumnType.STRING, "yyyy/MM/dd HH:mm")).get("time"))
        .isEqualTo("2017/03/01 12:00");
    assertThat(apply(quake("1,234.5", null), cast("id", ColumnType.DECIMAL, "#,##0.0")).get("id"))
        .isEqualTo(new BigDecimal("1234.5"));
    assertThat(apply(row, cast("stations", ColumnType.DECIMAL, null)).get("stations"))
        .isEqualTo(new BigDecimal("7"));
    assertThat(apply(quake(null, null), cast("id", ColumnType.LONG, null)).get("id")).isNull();
    assertThat(apply(row, cast("stations", ColumnType.DECIMAL, null)).columns().get(3).type())
        .isEqualTo(ColumnType.DECIMAL);
  }

  @Test
  void castsExactlyOrNotAtAll() {
    assertThatThrownBy(
            () -> apply(quake("31.02.2026", null), cast("id", ColumnType.DATE, "dd.MM.yyyy")))
        .isInstanceOf(ItemError.class)
        .hasMessage("column 'id': '31.02.2026' is not a date of the format 'dd.MM.yyyy'");
    assertThatThrownBy(
            () -> apply(quake("x", new BigDecimal("1.5")), cast("magnitude", ColumnType.LONG, null)))
        .isInstanceOf(ItemError.class)
        .hasMessage("column 'magnitude': '1.5' is not a long");
    assertThatThrownBy(() -> apply(quake("1.5", null), cast("id", ColumnType.LONG, "#0.0")))
        .hasMessage("column 'id': '1.5' is not a long of the format '#0.0'");
  }

  @Test
  void tellsBeforehandWhatCannotBeCast() {
    assertThat(problems(cast("felt", ColumnType.DATE, null)))
        .containsExactly(
            "process[0].felt: column 'felt' is a boolean, which cannot become a date.");
    assertThat(problems(cast("ID", ColumnType.DATE, null)).get(0))
        .startsWith("process[0].ID: there is no column 'ID'. ");
    assertThat(problems(cast("magnitude", ColumnType.LONG, "#0")))
        .containsExactly("process[0].magnitude: a 'format' is for texts, and this makes a long of a"
            + " decimal. Remove it.");
  }

  @Test
  void takesColumnsOutOfJson() throws Exception {
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("lat", new Part("/geo/0", ColumnType.DECIMAL));
    parts.put("stations", new Part("n", ColumnType.LONG));
    parts.put("tags", new Part(null, ColumnType.STRING));
    ProcessDefinition flatten = new ProcessDefinition.Flatten(Map.of("id", parts));

    Row row =
        apply(quake("{\"geo\": [1.10, 2], \"n\": 9007199254740993, \"tags\": [\"a\"]}", null), flatten);

    assertThat(row.columns().names()).containsExactly(
        "id", "magnitude", "depth", "stations", "time", "felt", "lat", "tags");
    assertThat(row.get("lat")).isEqualTo(new BigDecimal("1.10"));
    assertThat(row.get("stations")).isEqualTo(9007199254740993L);
    assertThat(row.get("tags")).isEqualTo("[\"a\"]");
    assertThat(apply(quake("{}", null), flatten).get("stations")).isNull();
    assertThat(apply(quake(null, null), flatten).get("lat")).isNull();
    assertThatThrownBy(() -> apply(quake("{\"n\": 1.5}", null), flatten))
        .isInstanceOf(ItemError.class)
        .hasMessage("column 'stations', 'n' of 'id': '1.5' is not a long");
    assertThatThrownBy(() -> apply(quake("7", null), flatten))
        .hasMessage("column 'id' is no JSON object");
    assertThatThrownBy(() -> apply(quake("{", null), flatten))
        .hasMessageStartingWith("column 'id' is no JSON: ");
    assertThat(problems(new ProcessDefinition.Flatten(Map.of("felt", parts))))
        .containsExactly("process[0].felt: column 'felt' is a boolean, and no JSON text.");
    assertThat(QUAKES.size()).isEqualTo(6);
  }

  private static ProcessDefinition cast(
      String column, ColumnType type, @Nullable String format) {
    return new ProcessDefinition.Cast(Map.of(column, new Target(type, format)));
  }
}
