package dev.tranche.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.tranche.Tranche;
import dev.tranche.RunObserver;
import dev.tranche.autoconfigure.TrancheAutoConfiguration;
import dev.tranche.testing.Postgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One CSV file of {@code lineitem} into PostgreSQL, one lane, chunks of 1000: stock Spring Batch as
 * an expert writes it, and Tranche, in turns in one run; the ratios count.
 *
 * <p>{@code ./mvnw -Pbench test}; {@code -Dtranche.bench.rows=…}, {@code -Dtranche.bench.rounds=…}.
 */
class LineitemBenchmark {

  private static final int ROWS = Integer.getInteger("tranche.bench.rows", 300_000);
  private static final int ROUNDS = Integer.getInteger("tranche.bench.rounds", 5);

  @TempDir Path directory;

  @Test
  void loadsLineitemBesideStockSpringBatch() throws Exception {
    Lineitem.write(directory.resolve("lineitem.csv"), ROWS);
    Files.createDirectory(directory.resolve("jobs"));
    for (String mode : new String[] {"map", "futures"}) {
      Files.writeString(directory.resolve("jobs/" + mode + ".yml"), job(mode));
    }
    try (Postgres postgres = Postgres.database();
        HikariDataSource pool = pool(postgres);
        // It also makes Spring Batch's tables, for both.
        ConfigurableApplicationContext context = tranche(postgres)) {
      measure(pool, new StockExpert(pool), context.getBean(Tranche.class));
    }
  }

  private void measure(HikariDataSource pool, StockExpert stock, Tranche tranche)
      throws Exception {
    JdbcClient client = JdbcClient.create(pool);
    client.sql(Lineitem.TABLE).update();
    double[][] seconds = new double[3][ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      long run = round + 2;
      double[] took = {
        timed(client, () -> stock.load(directory.resolve("lineitem.csv"), run)),
        timed(client, () -> tranche.run("map", Map.of(), true, RunObserver.NONE)),
        timed(client, () -> tranche.run("futures", Map.of(), true, RunObserver.NONE)),
      };
      for (int i = 0; i < 3 && round >= 0; i++) {
        seconds[i][round] = took[i];
      }
    }
    report("stock expert step", seconds[0], seconds[0]);
    report("tranche, map mode", seconds[1], seconds[0]);
    report("tranche, futures mode", seconds[2], seconds[0]);
  }

  private double timed(JdbcClient client, Load load) throws Exception {
    client.sql("truncate lineitem").update();
    long began = System.nanoTime();
    load.run();
    double seconds = (System.nanoTime() - began) / 1e9;
    long rows = client.sql("select count(*) from lineitem").query(Long.class).single();
    if (rows != ROWS) {
      throw new AssertionError(rows + " rows of " + ROWS);
    }
    return seconds;
  }

  private static void report(String what, double[] seconds, double[] stock) {
    double[] ratios =
        IntStream.range(0, ROUNDS).mapToDouble(i -> stock[i] / seconds[i]).sorted().toArray();
    double[] sorted = Arrays.stream(seconds).sorted().toArray();
    System.out.printf(
        "%-24s %8.0f rows/s (median of %d), %.2f x stock (%.2f to %.2f)%n",
        what,
        ROWS / sorted[ROUNDS / 2],
        ROUNDS,
        ratios[ROUNDS / 2],
        ratios[0],
        ratios[ROUNDS - 1]);
  }

  private static HikariDataSource pool(Postgres postgres) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(postgres.url() + "?reWriteBatchedInserts=true");
    pool.setUsername(postgres.username());
    pool.setPassword(postgres.password());
    return pool;
  }

  private ConfigurableApplicationContext tranche(Postgres postgres) {
    return new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.NONE)
        .properties(
            Map.of(
                "spring.datasource.url", postgres.url(),
                "spring.datasource.username", postgres.username(),
                "spring.datasource.password", postgres.password(),
                "spring.batch.job.enabled", "false",
                "spring.batch.jdbc.initialize-schema", "always",
                "spring.batch.jdbc.isolation-level-for-create", "READ_COMMITTED",
                "tranche.initialize-schema", "always",
                "tranche.base-directory", directory.toString(),
                "tranche.jobs", directory.resolve("jobs").toString()))
        .run();
  }

  private static String job(String mode) {
    String columns =
        IntStream.range(0, Lineitem.COLUMNS.length)
            .mapToObj(i -> "        " + Lineitem.COLUMNS[i] + ": " + Lineitem.TYPES[i])
            .collect(Collectors.joining("\n"));
    return """
        name: %s
        steps:
          - name: load
            read:
              type: csv
              files: lineitem.csv
              columns:
        %s
            partition: { by: file, concurrency: 1 }
            chunk: { size: 1000, mode: %s, workers: 1 }
            write: { type: jdbc, table: lineitem, mode: insert }
        """
        .formatted(mode, columns, mode);
  }

  private interface Load {
    void run() throws Exception;
  }

  @EnableAutoConfiguration
  static class Application {
    private static final Class<?> NEEDS = TrancheAutoConfiguration.class;
  }
}
