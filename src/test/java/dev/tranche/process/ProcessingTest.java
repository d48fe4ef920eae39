package dev.tranche.process;

import static dev.tranche.process.Quakes.QUAKES;
import static dev.tranche.process.Quakes.apply;
import static dev.tranche.process.Quakes.bind;
import static dev.tranche.process.Quakes.check;
import static dev.tranche.process.Quakes.in;
import static dev.tranche.process.Quakes.pattern;
import static dev.tranche.process.Quakes.problems;
import static dev.tranche.process.Quakes.processing;
import static dev.tranche.process.Quakes.quake;
import static dev.tranche.process.Quakes.range;
import static dev.tranche.process.Quakes.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.ItemStep;
import dev.tranche.definition.ProcessDefinition;
import dev.tranche.definition.ProcessDefinition.Drop;
import dev.tranche.definition.ProcessDefinition.Filter;
import dev.tranche.definition.ProcessDefinition.Rename;
import dev.tranche.definition.ProcessDefinition.Select;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ItemProcessor;

class ProcessingTest {

  @Test
  void filtersRowsForWhichTheExpressionIsNotTrue() throws Exception {
    Filter strong = new Filter("magnitude >= 6");
    assertThat(apply(quake("a", new BigDecimal("6")), strong)).isNotNull();
    assertThat(apply(quake("a", new BigDecimal("5.9")), strong)).isNull();
    assertThat(apply(quake("a", null), strong)).isNull();
    assertThat(apply(quake("a", null), new Filter("null"))).isNull();
  }

  @Test
  void renamesSelectsAndDropsColumns() throws Exception {
    Row row = quake("us1", BigDecimal.ONE);
    assertThat(apply(row, new Rename(Map.of("id", "magnitude", "magnitude", "id"))))
        .hasToString(
            "{magnitude=us1, id=1, depth=10.5, stations=7, time=2017-03-01T12:00Z, felt=true}");
    assertThat(apply(row, new Select(List.of("stations", "id"))))
        .hasToString("{stations=7, id=us1}");
    assertThat(apply(row, new Drop(List.of("time", "felt", "depth"))))
        .hasToString("{id=us1, magnitude=1, stations=7}");
    assertThat(row.columns()).isSameAs(QUAKES);
  }

  @Test
  void findsAllProblemsAtOnceAndSaysWhatWouldBeRight() {
    assertThat(problems(
            check("magnitud", range("1", null)),
            check("id", range("1", null)),
            check("id", pattern("(")),
            check("magnitude", in("one")),
            set("a", "magnitud + 1", "b", "id +"),
            new Filter("id.length()"),
            new Filter("id == 5"),
            new Filter("#regoin == 'x'"),
            new Filter("id and felt"),
            new Rename(Map.of("id", "felt")),
            new Rename(Map.of("idd", "x")),
            new Select(List.of("id", "id")),
            new Drop(List.of("id", "nothing"))))
        .containsExactly(
            "process[0].magnitud: there is no column 'magnitud'. Did you mean 'magnitude'?",
            "process[1].id: 'min' needs a number, and column 'id' is a string.",
            "process[2].id: 'pattern' of column 'id' is no regular expression: Unclosed group, in"
                + " \"(\".",
            "process[3].magnitude: 'in' of column 'magnitude': 'one' is not a decimal.",
            "process[4].a: \"magnitud + 1\", character 1: there is no column 'magnitud'. Did you"
                + " mean 'magnitude'?",
            "process[4].b: \"id +\", character 4: problem parsing right operand",
            "process[5]: \"id.length()\" is a long; a filter must be true or false.",
            "process[6]: \"id == 5\", character 4: this compares a string with a long, which are"
                + " never equal.",
            "process[7]: \"#regoin == 'x'\", character 1: there is no parameter 'regoin'. Did you"
                + " mean 'region'?",
            "process[8]: \"id and felt\", character 1: this must be true or false, and it is a"
                + " string.",
            "process[9].id: there would be two columns 'felt'.",
            "process[10].idd: there is no column 'idd'. Did you mean 'id'?",
            "process[11].id: column 'id' is named twice.",
            "process[12].nothing: there is no column 'nothing'. The columns are id.",
            "process[12]: this leaves no column.");
    assertThatThrownBy(() -> bind(new Filter("x > 1"), new Filter("y")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "process[0]: \"x > 1\", character 1: there is no column 'x'. The columns are id,"
                + " magnitude, depth, stations, time, felt.\n"
                + "process[1]: \"y\", character 1: there is no column 'y'. The columns are id,"
                + " magnitude, depth, stations, time, felt.");
  }

  @Test
  void givesAllThreadsTheSame() {
    ItemStep<Object, Object> bound = bind(
        check("magnitude", range("-2", "10")),
        set("severity", "magnitude >= 6 ? 'strong' : 'light'", "year", "time.year"),
        new Filter("severity == 'strong' or stations < 7"));
    List<Row> kept = IntStream.range(0, 20_000)
        .parallel()
        .mapToObj(i -> quake("q" + i, BigDecimal.valueOf(i % 10)))
        .map(row -> applied(bound, row))
        .filter(Objects::nonNull)
        .toList();
    assertThat(kept).hasSize(8_000).allMatch(row -> "strong".equals(row.get("severity")));
  }

  private static @Nullable Row applied(ItemStep<Object, Object> bound, Row row) {
    try {
      return (Row) bound.apply(row);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void runsBeansInTheirPlaceAndMakesLaterEntriesForTheRowsTheyGive() throws Exception {
    Columns pair =
        new Columns(List.of(new Column("k", ColumnType.STRING), new Column("v", ColumnType.LONG)));
    ItemProcessor<Object, Object> shorten =
        item -> new Row(pair, new Object[] {((Row) item).get("id"), 1L});
    Processing processing = processing(
        QUAKES,
        Map.of(),
        new Filter("magnitude > 1"),
        new ProcessDefinition.Bean("shorten"),
        set("v", "v + 1"),
        new Rename(Map.of("k", "key")));

    assertThat(processing.columns()).isNull();
    ItemStep<Object, Object> bound = processing.bind(Map.of("shorten", shorten)::get).get(0);
    assertThat(bound.apply(quake("us1", BigDecimal.TEN))).hasToString("{key=us1, v=2}");
    assertThat(bound.apply(quake("us1", BigDecimal.ONE))).isNull();
  }

  @Test
  void refusesRowsOfABeanThatLackAColumn() {
    Processing processing = processing(
        null, Map.of(), new ProcessDefinition.Bean("b"), new Filter("depht > 1"));
    assertThatThrownBy(() -> processing.bind(name -> item -> item).get(0).apply(quake("a", null)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "process[1]: \"depht > 1\", character 1: there is no column 'depht'. Did you mean"
                + " 'depth'?");
    assertThatThrownBy(() -> processing.bind(name -> item -> "text").get(0).apply(quake("a", null)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "process[1] works on rows, and the item is a java.lang.String. Let a bean before it"
                + " turn items into dev.tranche.row.Row.");
  }

  @Test
  void handsEveryItemThroughWhereNothingIsToBeDone() throws Exception {
    assertThat(bind().apply("anything")).isEqualTo("anything");
  }
}
