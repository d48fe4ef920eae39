package dev.tranche.process;

import dev.tranche.row.ColumnType;
import dev.tranche.row.Row;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.expression.spel.SpelCompilerMode;
import org.springframework.expression.spel.SpelParserConfiguration;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/**
 * What a value of an expression costs: by SpEL as it interprets, by SpEL with its compiler, and as it
 * is compiled here. In turns in one run, and the ratios of each round count.
 *
 * <p>{@code ./mvnw -Pbench test -Dtest=ExpressionBenchmark}.
 */
class ExpressionBenchmark {

  private static final int ROWS = 200_000;
  private static final int ROUNDS = Integer.getInteger("tranche.bench.rounds", 15);
  private static final RowContext CONTEXT = new RowContext(Map.of("region", "oklahoma"));

  private interface Value {
    Object of(Row row);
  }

  @Test
  void measuresWhatAValueCosts() {
    Row row = Quakes.quake("us1", new BigDecimal("6.1"));
    for (String text : new String[] {
      "magnitude >= 6 ? 'strong' : 'light'",
      "stations * 2 + 1 > 10 and felt",
      "id.toUpperCase()",
      "time.year == 2017 and id != null"
    }) {
      SpelExpression spel = parse(text, SpelCompilerMode.OFF);
      SpelExpression mixed = parse(text, SpelCompilerMode.MIXED);
      Map<String, ColumnType> columns = new LinkedHashMap<>();
      Quakes.QUAKES.asList().forEach(each -> columns.put(each.name(), each.type()));
      RowExpression own =
          new ExpressionParser(Map.of("region", "oklahoma")).parse(text, columns, problem -> {
            throw new AssertionError(problem);
          });
      compare(
          text,
          row,
          each -> spel.getValue(CONTEXT, each),
          each -> mixed.getValue(CONTEXT, each),
          each -> own.value(each, null));
    }
  }

  private static SpelExpression parse(String text, SpelCompilerMode mode) {
    return new SpelExpressionParser(
            new SpelParserConfiguration(mode, ExpressionBenchmark.class.getClassLoader()))
        .parseRaw(text);
  }

  private static void compare(String text, Row row, Value... ways) {
    double[][] took = new double[ways.length][ROUNDS];
    for (int round = -3; round < ROUNDS; round++) {
      for (int i = 0; i < ways.length; i++) {
        int way = (i + Math.max(round, 0)) % ways.length; // nobody is always the first
        long began = System.nanoTime();
        long seen = 0;
        for (int n = 0; n < ROWS; n++) {
          seen += ways[way].of(row).hashCode();
        }
        if (round >= 0) {
          took[way][round] = (System.nanoTime() - began) / (double) ROWS;
        }
        if (seen == 42) {
          System.out.println(); // so that nothing is left out
        }
      }
    }
    System.out.printf(Locale.ROOT, "%n%s; medians of %d rounds%n", text, ROUNDS);
    String[] names = {"SpEL", "SpEL, MIXED", "compiled"};
    for (int way = 0; way < ways.length; way++) {
      double[] ratios = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        ratios[round] = took[way][round] / took[0][round];
      }
      System.out.printf(
          Locale.ROOT,
          "  %-12s %7.1f ns, x %.2f of SpEL%n",
          names[way],
          median(took[way].clone()),
          median(ratios));
    }
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
