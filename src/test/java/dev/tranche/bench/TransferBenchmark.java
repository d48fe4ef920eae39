package dev.tranche.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.Tranche;
import dev.tranche.testing.Postgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Rows of {@code lineitem} out of a table of PostgreSQL into a file and into another table, and out
 * of files into H2; one big file with one worker and with two; and a restart of a big file. Stock
 * Spring Batch as an expert writes it, Tranche as it is by default, and {@code psql}; in turns in one
 * run; the ratios count.
 *
 * <p>{@code ./mvnw -Pbench test -Dtest=TransferBenchmark}; {@code -Dtranche.bench.rows=…}, {@code
 * -Dtranche.bench.rounds=…}. With {@code TRANCHE_TEST_POSTGRES} on a server that forces its log.
 */
class TransferBenchmark {

  private static final int ROWS = Integer.getInteger("tranche.bench.rows", 300_000);
  private static final int ROUNDS = Integer.getInteger("tranche.bench.rounds", 5);
  private static final int BIG = Integer.getInteger("tranche.bench.big-rows", 3_000_000);

  @TempDir Path directory;

  /** One way to do it, round by round. */
  private record Way(String name, Timing.Run run) {}

  private long runs;

  private void job(String name, String step) throws Exception {
    Files.createDirectories(directory.resolve("jobs"));
    Files.writeString(
        directory.resolve("jobs/" + name + ".yml"),
        "name: " + name + "\nsteps:\n  - name: " + name + "\n" + step.indent(4));
  }

  private static String csv(String files) {
    return "read: { type: csv, files: '" + files + "', columns: { "
        + IntStream.range(0, Lineitem.COLUMNS.length)
            .mapToObj(i -> Lineitem.COLUMNS[i] + ": " + Lineitem.TYPES[i])
            .collect(Collectors.joining(", "))
        + " } }\n";
  }

  private static final String TABLE = """
      read: { type: jdbc, table: lineitem, key: [l_orderkey, l_linenumber] }
      partition: { by: balanced, count: 2, concurrency: 2 }
      """;

  private Way tranche(Tranche tranche, String name, String job) {
    return new Way(name, () -> completed(tranche.run(job, Map.of(), true, RunObserver.NONE)));
  }

  private static void completed(ExecutionView execution) {
    if (!execution.status().equals("COMPLETED")) {
      throw new AssertionError(execution.toString());
    }
  }

  private void measure(String title, List<Way> ways, Timing.Run before, LongSupplier server, int rows)
      throws Exception {
    Timing timing = new Timing(ways.stream().map(Way::name).toArray(String[]::new), ROUNDS);
    for (int round = -1; round < ROUNDS; round++) {
      for (int way = 0; way < ways.size(); way++) {
        before.run();
        Timing.Took took = Timing.of(ways.get(way).run(), server);
        if (round >= 0) {
          timing.add(way, round, took);
        }
      }
    }
    timing.report(title + ", " + rows + " rows", rows);
  }

  @Test
  void takesTablesOfPostgres() throws Exception {
    Path file = directory.resolve("lineitem.csv");
    Lineitem.write(file, ROWS);
    job("export", TABLE + "write: { type: csv, file: out.csv, overwrite: true }");
    job("copy", TABLE + "write: { type: jdbc, table: copied, mode: insert }");
    try (Postgres postgres = Postgres.database();
        HikariDataSource pool = LineitemBenchmark.pool(postgres);
        ConfigurableApplicationContext context = LineitemBenchmark.tranche(postgres, directory)) {
      JdbcClient client = JdbcClient.create(pool);
      client.sql(Lineitem.TABLE).update();
      client.sql("create table copied (like lineitem including all)").update();
      psql(postgres, "\\copy lineitem from '" + file + "' csv header");
      client.sql("analyze lineitem").update();
      long middle = client
          .sql("select percentile_disc(0.5) within group (order by l_orderkey) from lineitem")
          .query(Long.class)
          .single();
      ServerTime server = new ServerTime(client);
      Tranche tranche = context.getBean(Tranche.class);
      StockTransfers stock = new StockTransfers(new StockExpert(pool), pool);
      List<Way> intoFile = new ArrayList<>();
      intoFile.add(
          new Way("stock expert", () -> stock.intoFile(directory.resolve("stock.csv"), ++runs)));
      intoFile.add(tranche(tranche, "tranche", "export"));
      intoFile.add(
          new Way(
              "psql copy",
              () -> psql(postgres, "\\copy lineitem to '" + directory.resolve("p.csv") + "' csv header")));
      measure("PostgreSQL to CSV", intoFile, () -> {}, server::nanos, ROWS);
      List<Way> intoTable = new ArrayList<>();
      intoTable.add(
          new Way("stock expert, two steps", () -> stock.intoTable("copied", middle, ++runs)));
      intoTable.add(tranche(tranche, "tranche", "copy"));
      measure(
          "PostgreSQL to PostgreSQL",
          intoTable,
          () -> client.sql("truncate copied").update(),
          server::nanos,
          ROWS);
    }
  }

  @Test
  void fillsATableOfH2() throws Exception {
    List<Path> files = List.of(directory.resolve("l-0.csv"), directory.resolve("l-1.csv"));
    Lineitem.write(files, ROWS);
    job(
        "load",
        csv("l-*.csv")
            + "partition: { by: file, concurrency: 2 }\nwrite: { type: jdbc, table: lineitem }");
    String url = "jdbc:h2:file:" + directory.resolve("h2") + ";WRITE_DELAY=0;LOCK_TIMEOUT=30000";
    try (HikariDataSource pool = new HikariDataSource();
        ConfigurableApplicationContext context =
            LineitemBenchmark.tranche(url, "sa", "", directory)) {
      pool.setJdbcUrl(url);
      pool.setUsername("sa");
      pool.setPassword("");
      JdbcClient client = JdbcClient.create(pool);
      client.sql(Lineitem.TABLE).update();
      StockExpert stock = new StockExpert(pool);
      List<Way> ways = new ArrayList<>();
      ways.add(new Way("stock expert, partitioned", () -> stock.load(files, 1000, ++runs)));
      ways.add(tranche(context.getBean(Tranche.class), "tranche", "load"));
      measure(
          "CSV to H2 file",
          ways,
          () -> client.sql("truncate table lineitem").update(),
          () -> 0,
          ROWS);
    }
  }

  /** In map mode, where the partition's thread waits for its one worker. */
  @Test
  void dividesOneBigFile() throws Exception {
    Lineitem.write(directory.resolve("big.csv"), BIG);
    for (int workers : new int[] {1, 2}) {
      job(
          "by-" + workers,
          csv("big.csv")
              + "partition: { by: bytes, count: 8, concurrency: " + workers + " }\n"
              + "chunk: { mode: map, workers: 1 }\n"
              + "process:\n"
              + "  - set: { net: 'l_extendedprice * (1 - l_discount)' }\n"
              + "  - filter: 'net < 0'\n"
              + "write: { type: csv, file: none.csv, overwrite: true }");
    }
    try (Postgres postgres = Postgres.database();
        ConfigurableApplicationContext context = LineitemBenchmark.tranche(postgres, directory)) {
      Tranche tranche = context.getBean(Tranche.class);
      List<Way> ways = List.of(tranche(tranche, "1 at a time", "by-1"), tranche(tranche, "2", "by-2"));
      measure("One big file", ways, () -> {}, () -> 0, BIG);
    }
  }

  /** Of a file that failed at 90 %. */
  @Test
  void resumes() throws Exception {
    Path file = directory.resolve("big.csv");
    Lineitem.write(file, BIG);
    long last = BIG / 10 * 9L;
    job(
        "resume",
        csv("big.csv")
            + "partition: { by: file }\n"
            + "process:\n  - filter: 'l_orderkey < 0'\n"
            + "write: { type: jdbc, table: lineitem }");
    try (Postgres postgres = Postgres.database();
        ConfigurableApplicationContext context = LineitemBenchmark.tranche(postgres, directory)) {
      Tranche tranche = context.getBean(Tranche.class);
      try (HikariDataSource pool = LineitemBenchmark.pool(postgres)) {
        JdbcClient.create(pool).sql(Lineitem.TABLE).update();
      }
      spoil(file, last);
      ExecutionView failed = tranche.run("resume", Map.of(), true, RunObserver.NONE);
      Lineitem.write(file, BIG);
      Timing.Took took =
          Timing.of(() -> completed(tranche.restart(failed.execution(), Set.of(), RunObserver.NONE)));
      System.out.printf(
          "restart at %d of %d rows: %.2f s, until the end%n", failed.steps().get(0).tally().read(), BIG,
          took.clock() / 1e9);
    }
    for (int round = 0; round < ROUNDS; round++) {
      System.out.printf(
          "FlatFileItemReader, until the first new line: %.2f s%n",
          StockTransfers.reopen(file, last) / 1e9);
    }
  }

  /** Makes a record of the same length wrong. */
  private static void spoil(Path file, long line) throws Exception {
    try (var channel =
        java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE);
        var lines = Files.newBufferedReader(file)) {
      long offset = 0;
      for (long i = 0; i <= line; i++) {
        offset += lines.readLine().length() + 1;
      }
      channel.write(java.nio.ByteBuffer.wrap(new byte[] {'x'}), offset);
    }
  }

  private static void psql(Postgres postgres, String command) throws Exception {
    ProcessBuilder session =
        new ProcessBuilder("psql", postgres.url().substring("jdbc:".length()), "-qc", command);
    session.environment().put("PGUSER", postgres.username());
    session.environment().put("PGPASSWORD", postgres.password());
    if (session.inheritIO().start().waitFor() != 0) {
      throw new AssertionError(command);
    }
  }
}
