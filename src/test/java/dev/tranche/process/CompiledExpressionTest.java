package dev.tranche.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/** A compiled expression gives what SpEL gives, of the same type, or leaves it to SpEL. */
class CompiledExpressionTest {

  private static final Columns COLUMNS = Quakes.QUAKES;
  private static final RowContext CONTEXT = new RowContext(Map.of("region", "oklahoma"));
  private static int compiled;
  private static int given;
  private static int tried;

  @Property(tries = 3000)
  void givesWhatSpelGives(@ForAll("expressions") String text, @ForAll("rows") Row row) {
    SpelExpression spel = (SpelExpression) new SpelExpressionParser().parseExpression(text);
    ExpressionCompiler.Compiled fast =
        new ExpressionCompiler(COLUMNS.names(), CONTEXT).compile(spel.getAST());
    tried++;
    if (fast == null) {
      return;
    }
    compiled++;
    Object value;
    try {
      value = fast.value(row);
    } catch (RuntimeException leftToSpel) {
      return;
    }
    given++;
    Object expected = spel.getValue(CONTEXT, row);
    assertThat(value).as("%s for %s", text, row).isEqualTo(expected);
    assertThat(type(value)).as("%s for %s", text, row).isEqualTo(type(expected));
  }

  private static @Nullable Class<?> type(@Nullable Object value) {
    return value == null ? null : value.getClass();
  }

  @AfterContainer
  static void compilesMost() {
    String seen = "of " + tried + " compiled " + compiled + ", of these not left to SpEL " + given;
    System.out.println("compiled expressions: " + seen);
    assertThat(compiled).as(seen).isGreaterThan(tried / 2);
    assertThat(given).as(seen).isGreaterThan(tried / 6); // most of what is made up makes no sense
  }

  @Provide
  Arbitrary<Row> rows() {
    return Combinators.combine(
            Arbitraries.of("us1", "", "oklahoma", "7").injectNull(0.1),
            Arbitraries.of("0", "6.0", "6.00", "-1.25", "1e30").map(BigDecimal::new).injectNull(0.1),
            Arbitraries.of(0.0, -0.0, 0.1, 6.0, Double.NaN, Double.POSITIVE_INFINITY).injectNull(0.1),
            Arbitraries.of(0L, 6L, -7L, Long.MAX_VALUE, Long.MIN_VALUE).injectNull(0.1),
            Arbitraries.of("2017-03-01T12:00:00Z", "2017-03-01T13:00:00+01:00")
                .map(OffsetDateTime::parse)
                .injectNull(0.1),
            Arbitraries.of(true, false).injectNull(0.1))
        .as((id, magnitude, depth, stations, time, felt) -> new Row(
            COLUMNS,
            new @Nullable Object[] {id, magnitude, depth, stations, time, felt}));
  }

  @Provide
  Arbitrary<String> expressions() {
    return expression(3);
  }

  private static Arbitrary<String> expression(int depth) {
    Arbitrary<String> leaf = Arbitraries.of(
        "id", "magnitude", "depth", "stations", "time", "felt", "['id']", "#region", "1", "0", "6",
        "2.5", "'us1'", "'2017-03-01T12:00:00Z'", "''", "true", "null", "9223372036854775807L");
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<String> inner = expression(depth - 1);
    List<Arbitrary<String>> ways = new ArrayList<>(List.of(leaf));
    ways.add(
        Combinators.combine(
                inner,
                Arbitraries.of(
                    "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "and", "or"),
                inner)
            .as((left, operator, right) -> "(" + left + " " + operator + " " + right + ")"));
    ways.add(alike("id", "['id']", "#region", "'us1'", "'7'"));
    ways.add(alike("stations", "magnitude", "depth", "0", "6", "2.5"));
    ways.add(
        Combinators.combine(inner, inner, inner)
            .as((condition, yes, no) -> "(" + condition + " ? " + yes + " : " + no + ")"));
    ways.add(inner.map(part -> "!(" + part + ")"));
    ways.add(
        Arbitraries.of(
            "id.length()", "id.toUpperCase()", "id.substring(1)", "time.year", "time.date()",
            "time.date().plusDays(stations)", "magnitude.round(1)", "magnitude.abs()",
            "id.concat(#region)", "stations.abs()", "felt.toString()", "id ?: 'none'"));
    return Arbitraries.oneOf(ways);
  }

  /** Two that can be compared, and often are equal. */
  private static Arbitrary<String> alike(String... values) {
    return Combinators.combine(
            Arbitraries.of(values),
            Arbitraries.of("==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/"),
            Arbitraries.of(values))
        .as((left, operator, right) -> "(" + left + " " + operator + " " + right + ")");
  }
}
