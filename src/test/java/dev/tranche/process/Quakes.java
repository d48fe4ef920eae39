package dev.tranche.process;

import dev.tranche.chunk.ItemStep;
import dev.tranche.definition.ProcessDefinition;
import dev.tranche.definition.ProcessDefinition.Check;
import dev.tranche.definition.ProcessDefinition.Constraints;
import dev.tranche.definition.ProcessDefinition.Size;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of earthquakes, and entries of {@code process:} in few words. */
final class Quakes {

  static final Columns QUAKES = new Columns(List.of(
      new Column("id", ColumnType.STRING),
      new Column("magnitude", ColumnType.DECIMAL),
      new Column("depth", ColumnType.DOUBLE),
      new Column("stations", ColumnType.LONG),
      new Column("time", ColumnType.TIMESTAMP),
      new Column("felt", ColumnType.BOOLEAN)));

  static final OffsetDateTime NOON = OffsetDateTime.parse("2017-03-01T12:00:00Z");

  static Row quake(@Nullable Object id, @Nullable Object magnitude) {
    return new Row(QUAKES, new @Nullable Object[] {id, magnitude, 10.5, 7L, NOON, true});
  }

  static ItemStep<Object, Object> bind(ProcessDefinition... entries) {
    return processing(QUAKES, Map.of("region", "oklahoma"), entries)
        .bind(name -> item -> item)
        .get(0);
  }

  static @Nullable Row apply(Row row, ProcessDefinition... entries) throws Exception {
    return (Row) bind(entries).apply(row);
  }

  static List<String> problems(ProcessDefinition... entries) {
    return problems(QUAKES, entries);
  }

  static List<String> problems(@Nullable Columns input, ProcessDefinition... entries) {
    try {
      processing(input, Map.of("region", "oklahoma"), entries);
      return List.of();
    } catch (IllegalArgumentException problems) {
      return problems.getMessage().lines().toList();
    }
  }

  static Processing processing(
      @Nullable Columns input, Map<String, Object> parameters, ProcessDefinition... entries) {
    return new Processing(
        List.of(entries),
        input,
        parameters,
        table -> {
          throw new AssertionError("nothing is looked up here");
        });
  }

  static ProcessDefinition set(String... pairs) {
    Map<String, String> expressions = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      expressions.put(pairs[i], pairs[i + 1]);
    }
    return new ProcessDefinition.Set(expressions);
  }

  static Check check(String column, Constraints constraints) {
    return new Check(Map.of(column, constraints));
  }

  static Constraints range(@Nullable String min, @Nullable String max) {
    return new Constraints(
        null,
        null,
        min == null ? null : new BigDecimal(min),
        max == null ? null : new BigDecimal(max),
        null,
        null,
        null);
  }

  static Constraints notNull() {
    return new Constraints(true, null, null, null, null, null, null);
  }

  static Constraints notBlank() {
    return new Constraints(null, true, null, null, null, null, null);
  }

  static Constraints size(@Nullable Integer min, @Nullable Integer max) {
    return new Constraints(null, null, null, null, new Size(min, max), null, null);
  }

  static Constraints pattern(String pattern) {
    return new Constraints(null, null, null, null, null, pattern, null);
  }

  static Constraints in(String... values) {
    return new Constraints(null, null, null, null, null, null, List.of(values));
  }

  private Quakes() {}
}
