package dev.tranche.process;

import static dev.tranche.process.Quakes.QUAKES;
import static dev.tranche.process.Quakes.apply;
import static dev.tranche.process.Quakes.problems;
import static dev.tranche.process.Quakes.processing;
import static dev.tranche.process.Quakes.quake;
import static dev.tranche.process.Quakes.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.ItemError;
import dev.tranche.definition.ProcessDefinition;
import dev.tranche.definition.ProcessDefinition.Filter;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Row;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.Expression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

class ExpressionTest {

  @Test
  void setsNewColumnsAtTheEndAndLetsLaterOnesSeeThem() throws Exception {
    Row row = apply(
        quake("us1", new BigDecimal("6.1")),
        set(
            "severity", "magnitude >= 6 ? 'strong' : 'light'",
            "label", "severity + ' ' + id",
            "id", "id.toUpperCase()"));
    assertThat(row)
        .hasToString(
            "{id=US1, magnitude=6.1, depth=10.5, stations=7, time=2017-03-01T12:00Z, felt=true,"
                + " severity=strong, label=strong us1}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "1                                 | LONG      | 1",
        "2.5                               | DOUBLE    | 2.5",
        "'x'                               | STRING    | x",
        "magnitude > 6                     | BOOLEAN   | false",
        "magnitude != null and felt        | BOOLEAN   | true",
        "!felt                             | BOOLEAN   | false",
        "id matches 'u.*'                  | BOOLEAN   | true",
        "stations between {1, 7}           | BOOLEAN   | true",
        "{'us1', 'us2'}.contains(id)       | BOOLEAN   | true",
        "{1, 7}.contains(stations)         | BOOLEAN   | true",
        "stations + 1                      | LONG      | 8",
        "-stations                         | LONG      | -7",
        "stations * 1.5                    | DOUBLE    | 10.5",
        "magnitude + stations              | DECIMAL   | 12.25",
        "magnitude + depth                 | DECIMAL   | 15.75",
        "stations ?: 0                     | LONG      | 7",
        "felt ? magnitude : null           | DECIMAL   | 5.25",
        "felt ? stations : depth           | DOUBLE    | 7.0",
        "felt ? stations : id              | STRING    | 7",
        "null                              | STRING    | ",
        "time                              | TIMESTAMP | 2017-03-01T12:00Z",
        "time.date()                       | DATE      | 2017-03-01",
        "time.date().plusMonths(1)         | DATE      | 2017-04-01",
        "time.time()                       | TIME      | 12:00",
        "time.year                         | LONG      | 2017",
        "time >= '2017-01-01'              | BOOLEAN   | true",
        "time < '2017-01-01'               | BOOLEAN   | false",
        "id.length()                       | LONG      | 3",
        "id.substring(1, 2) + stations     | STRING    | s7",
        "magnitude.round(1)                | DECIMAL   | 5.3",
        "#region                           | STRING    | oklahoma",
        "#region.startsWith('okla')        | BOOLEAN   | true",
        "['id']                            | STRING    | us1",
        "magnitude.toString()              | STRING    | 5.25",
      })
  void worksOutTheTypeOfAColumnFromItsExpression(
      String expression, ColumnType type, @Nullable String value) throws Exception {
    ProcessDefinition set = set("x", expression);
    assertThat(problems(set)).isEmpty();
    Processing processing = processing(QUAKES, Map.of("region", "oklahoma"), set);

    Row row =
        (Row) processing.bind(name -> item -> item).get(0).apply(quake("us1", new BigDecimal("5.25")));

    assertThat(processing.columns()).isNotNull();
    assertThat(processing.columns().get(6)).isEqualTo(new Column("x", type));
    assertThat(row).isNotNull();
    Object x = row.get("x");
    if (value == null) {
      assertThat(x).isNull();
    } else {
      assertThat(x).isInstanceOf(type.javaType()).hasToString(value);
    }
  }

  @Test
  void saysWhichExpressionFailedForARow() {
    assertThatThrownBy(() -> apply(quake("us1", null), set("twice", "magnitude * 2")))
        .isInstanceOf(ItemError.class)
        .hasMessage(
            "column 'twice', set to \"magnitude * 2\": The operator 'MULTIPLY' is not supported"
                + " between objects of type 'null' and 'java.lang.Integer'")
        .extracting(error -> ((ItemError) error).column())
        .isEqualTo("twice");
    assertThatThrownBy(() -> apply(quake("us1", null), set("x", "stations / 0")))
        .isInstanceOf(ItemError.class)
        .hasMessage("column 'x', set to \"stations / 0\": / by zero");
    assertThatThrownBy(() -> apply(quake("us1", null), new Filter("id.substring(5) == 'x'")))
        .isInstanceOf(ItemError.class)
        .hasMessageStartingWith("\"id.substring(5) == 'x'\": ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "T(java.lang.Runtime).getRuntime().exec('true')  | 1",
        "@dataSource.connection                          | 2",
        "new java.io.File('x').delete()                  | 1",
        "''.getClass()                                   | 4",
        "id.class                                        | 4",
        "id.getClass().forName('x')                      | 4",
        "id.bytes                                        | 4",
        "toString()                                      | 1",
        "#root.columns()                                 | 1",
        "#this                                           | 1",
        "#region()                                       | 1",
        "id = 'x'                                        | 4",
        "stations++                                      | 9",
        "id.repeat(1000000)                              | 4",
        "'%s'.formatted(id)                              | 6",
        "id instanceof T(String)                         | 4",
        "{1,2}.![#this]                                  | 7",
        "{1,2}.?[#this > 1]                              | 7",
        "{a: 1}                                          | 1",
        "{1,2}.stream()                                  | 7",
        "time.offset.rules                               | 6",
        "id[0]                                           | 3",
        "#region.class.classLoader                       | 9",
      })
  void refusesExpressionsThatReachFurtherThanTheRow(String expression, int character) {
    List<String> known = problems(new Filter(expression));
    assertThat(known).isNotEmpty();
    assertThat(known.get(0))
        .startsWith("process[0]: \"" + expression + "\", character " + character + ": ");

    // The same holds where the columns are not known beforehand.
    assertThat(problems(new ProcessDefinition.Bean("b"), new Filter(expression))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "T(java.lang.Runtime).getRuntime()",
        "@dataSource",
        "new java.io.File('x')",
        "''.getClass()",
        "id.class",
        "#root.columns()",
        "#root.columns",
        "id = 'x'",
        "stations++",
        "{1,2}.iterator()",
        "id.bytes"
      })
  void evaluatesNothingHostileEvenIfTheCheckLetItPass(String expression) {
    Expression unchecked = new SpelExpressionParser().parseExpression(expression);
    assertThatThrownBy(
            () -> unchecked.getValue(new RowContext(Map.of()), quake("us1", BigDecimal.ONE)))
        .isInstanceOf(EvaluationException.class);
  }

  @Test
  void documentsEveryMethodAndPart() throws IOException {
    String reference = Files.readString(Path.of("src/docs/job-file.md"));
    assertThat(Functions.names(null)).allMatch(name -> reference.contains("`" + name));
    assertThat(RowProperties.PARTS.keySet())
        .allMatch(name -> reference.contains("`" + name + "`") || name.equals("year"));
  }
}
