package dev.tranche.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.tranche.Tranche;
import dev.tranche.RunObserver;
import dev.tranche.autoconfigure.TrancheAutoConfiguration;
import dev.tranche.testing.Postgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
 * CSV files of {@code lineitem} into PostgreSQL, two partitions at the same time: stock Spring Batch
 * as an expert writes it, and as most do, Tranche as it is by default, and {@code psql} with as many
 * sessions where there is one; in turns in one run; the ratios count.
 *
 * <p>{@code ./mvnw -Pbench test -Dtest=LineitemBenchmark}; {@code -Dtranche.bench.rows=…}, {@code
 * -Dtranche.bench.rounds=…}. With {@code TRANCHE_TEST_POSTGRES} on a server that forces its log.
 */
class LineitemBenchmark {

  private static final int ROWS = Integer.getInteger("tranche.bench.rows", 300_000);
  private static final int ROUNDS = Integer.getInteger("tranche.bench.rounds", 5);
  private static final int LANES = 2;

  /** One way to load, round by round. */
  private record Way(String name, Load load) {}

  @TempDir Path directory;

  private final List<Path> files = new ArrayList<>();

  @Test
  void loadsLineitemBesideStockSpringBatch() throws Exception {
    for (int lane = 0; lane < LANES; lane++) {
      files.add(directory.resolve("lineitem-" + lane + ".csv"));
    }
    Lineitem.write(files, ROWS);
    Files.createDirectory(directory.resolve("jobs"));
    Files.writeString(directory.resolve("jobs/map.yml"), job("map", "map", "mode: insert"));
    Files.writeString(
        directory.resolve("jobs/futures.yml"), job("futures", "futures", "mode: insert"));
    Files.writeString(
        directory.resolve("jobs/upsert.yml"),
        job("upsert", "futures", "mode: upsert, key: [l_orderkey, l_linenumber]"));
    try (Postgres postgres = Postgres.database();
        HikariDataSource pool = pool(postgres);
        // It also makes Spring Batch's tables, for both.
        ConfigurableApplicationContext context = tranche(postgres, directory)) {
      measure(pool, ways(postgres, new StockExpert(pool), context.getBean(Tranche.class)));
    }
  }

  private List<Way> ways(Postgres postgres, StockExpert stock, Tranche tranche) {
    long[] runs = {0};
    List<Way> ways = new ArrayList<>();
    ways.add(new Way("stock expert, partitioned", () -> stock.load(files, 1000, ++runs[0])));
    ways.add(
        new Way("stock expert, chunks of 4000", () -> stock.load(files, 4000, ++runs[0])));
    ways.add(new Way("stock, bean-mapped", () -> stock.loadBeans(files, ++runs[0])));
    for (String job : List.of("map", "futures", "upsert")) {
      ways.add(
          new Way(
              "tranche, " + job, () -> tranche.run(job, Map.of(), true, RunObserver.NONE)));
    }
    if (Files.isExecutable(Path.of("/usr/bin/psql"))) {
      ways.add(new Way("psql copy", () -> psql(postgres)));
    }
    return ways;
  }

  private void psql(Postgres postgres) throws Exception {
    List<Process> sessions = new ArrayList<>();
    String url = postgres.url().substring("jdbc:".length());
    for (Path file : files) {
      ProcessBuilder session =
          new ProcessBuilder(
              "psql", url, "-qc", "\\copy lineitem from '" + file + "' csv header");
      session.environment().put("PGUSER", postgres.username());
      session.environment().put("PGPASSWORD", postgres.password());
      sessions.add(session.inheritIO().start());
    }
    for (Process session : sessions) {
      session.waitFor();
    }
  }

  private void measure(HikariDataSource pool, List<Way> ways) throws Exception {
    JdbcClient client = JdbcClient.create(pool);
    client.sql(Lineitem.TABLE).update();
    ServerTime server = new ServerTime(client);
    Timing timing = new Timing(ways.stream().map(Way::name).toArray(String[]::new), ROUNDS);
    for (int round = -1; round < ROUNDS; round++) {
      for (int way = 0; way < ways.size(); way++) {
        Load load = ways.get(way).load();
        client.sql("truncate lineitem").update();
        try (Allocation allocation = new Allocation()) {
          Timing.Took took = Timing.of(load::run, server::nanos);
          if (round >= 0) {
            timing.add(way, round, took);
            System.out.printf(
                "%s: %d bytes allocated per row%n", ways.get(way).name(), allocation.bytes() / ROWS);
          }
        }
        requireAll(client);
      }
    }
    timing.report(ROWS + " rows, 2 partitions", ROWS);
  }

  private static void requireAll(JdbcClient client) {
    long rows = client.sql("select count(*) from lineitem").query(Long.class).single();
    if (rows != ROWS) {
      throw new AssertionError(rows + " rows of " + ROWS);
    }
  }

  static HikariDataSource pool(Postgres postgres) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(postgres.url() + "?reWriteBatchedInserts=true");
    pool.setUsername(postgres.username());
    pool.setPassword(postgres.password());
    return pool;
  }

  static ConfigurableApplicationContext tranche(Postgres postgres, Path directory) {
    return tranche(postgres.url(), postgres.username(), postgres.password(), directory);
  }

  static ConfigurableApplicationContext tranche(
      String url, String username, String password, Path directory) {
    return new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.NONE)
        .properties(
            Map.of(
                "spring.datasource.url", url,
                "spring.datasource.username", username,
                "spring.datasource.password", password,
                "spring.batch.job.enabled", "false",
                "spring.batch.jdbc.initialize-schema", "always",
                "spring.batch.jdbc.isolation-level-for-create", "READ_COMMITTED",
                "tranche.initialize-schema", "always",
                "tranche.base-directory", directory.toString(),
                "tranche.jobs", directory.resolve("jobs").toString()))
        .run();
  }

  private static String job(String name, String chunks, String write) {
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
              files: lineitem-*.csv
              columns:
        %s
            partition: { by: file, concurrency: %d }
            chunk: { mode: %s, workers: 1 }
            write: { type: jdbc, table: lineitem, %s }
        """
        .formatted(name, columns, LANES, chunks, write);
  }

  private interface Load {
    void run() throws Exception;
  }

  /** Without metrics, as a job from the command line has it, and as stock has it here. */
  @EnableAutoConfiguration(
      excludeName =
          "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration")
  static class Application {
    private static final Class<?> NEEDS = TrancheAutoConfiguration.class;
  }
}
