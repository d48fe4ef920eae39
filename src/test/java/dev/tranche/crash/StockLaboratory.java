package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

/**
 * The same with nothing but Spring Batch, for comparison, in profile {@code crash} with
 * {@code -Dtranche.crash.laboratory=StockLaboratory}: one {@code kill -9}, {@code recover} and
 * {@code restart} until it says COMPLETED; then the rows are counted. It asserts only that it did
 * say so.
 */
class StockLaboratory {

  private static final int RUNS = Integer.getInteger("tranche.crash.runs", 5);
  private static final long SEED = Long.getLong("tranche.crash.seed", 1);
  private static final int ROWS = Integer.getInteger("tranche.crash.rows", 100_000);
  private static final Path RESULTS =
      Path.of(System.getProperty("tranche.crash.stock-results", "src/docs/guarantees/stock.csv"));
  private static final String HEADER = "step,databases,seed,rows,killed at,status,lost,doubled\n";

  @ParameterizedTest
  @CsvSource({
    "concurrent,one", "concurrent,two", "local-chunking,one", "partitioned,one", "partitioned,two"
  })
  void countsWhatAKillLosesAndDoubles(String kind, String databases) throws Exception {
    try (PostgresServer server = new PostgresServer()) {
      for (long seed = SEED; seed < SEED + RUNS; seed++) {
        String repository = "r" + seed;
        String target = databases.equals("two") ? "t" + seed : repository;
        server.execute("create database " + repository);
        if (!target.equals(repository)) {
          server.execute("create database " + target);
        }
        prepare(server, repository, target);
        record(kind, databases, seed, killAndRestart(server, kind, repository, target, seed));
      }
    }
  }

  private static void prepare(PostgresServer server, String repository, String target) throws SQLException {
    try (Connection connection = server.database(repository).getConnection()) {
      ScriptUtils.executeSqlScript(
          connection,
          new ClassPathResource("org/springframework/batch/core/schema-postgresql.sql"));
    }
    try (Connection connection = server.database(target).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table stock (n int not null)");
    }
  }

  private static String killAndRestart(
      PostgresServer server, String kind, String repository, String target, long seed) throws Exception {
    int at = 1 + new Random(seed).nextInt(ROWS * 9 / 10);
    try (Connection connection = server.database(target).getConnection();
        Statement statement = connection.createStatement()) {
      Process first = start(server, kind, repository, target);
      while (first.isAlive() && number(statement, "select count(*) from stock") < at) {
        statement.execute("select pg_sleep(0.002)");
      }
      long killedAt = number(statement, "select count(*) from stock");
      first.destroyForcibly().waitFor();
      String status = "";
      for (int attempt = 1; attempt <= 3 && !status.equals("COMPLETED"); attempt++) {
        status = outcome(start(server, kind, repository, target));
      }
      assertThat(status).isEqualTo("COMPLETED");
      long distinct = number(statement, "select count(distinct n) from stock");
      long all = number(statement, "select count(*) from stock");
      return killedAt + "," + status + "," + (ROWS - distinct) + "," + (all - distinct);
    }
  }

  private static String outcome(Process process) throws IOException, InterruptedException {
    String last = "";
    try (var lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
      }
    }
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return last;
  }

  private static Process start(PostgresServer server, String kind, String repository, String target)
      throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new ProcessBuilder(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dlogging.level.root=WARN",
                "-cp",
                classPath,
                StockChild.class.getName(),
                kind,
                server.url(repository),
                server.url(target),
                String.valueOf(ROWS)))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void record(String kind, String databases, long seed, String outcome)
      throws IOException {
    Files.createDirectories(RESULTS.toAbsolutePath().getParent());
    String line = kind + "," + databases + "," + seed + "," + ROWS + "," + outcome + "\n";
    Files.writeString(
        RESULTS,
        Files.exists(RESULTS) ? line : HEADER + line,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
