package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.TestDatabase;
import dev.tranche.testing.TestDatabase.Address;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two processes restart the same execution at the same moment: exactly one runs, each time. */
class TwoNodesTest {

  private static final int ITEMS = 60;

  @TempDir Path directory;

  @ParameterizedTest(name = "by {0} on {1}")
  @CsvSource({
    "ours, POSTGRESQL, 40", "stock, POSTGRESQL, 40", "ours, MARIADB, 8", "stock, MARIADB, 8"
  })
  void exactlyOneOfTwoNodesRunsARestart(String way, TestDatabase.Kind kind, int rounds)
      throws Exception {
    Files.createDirectories(directory.resolve("jobs"));
    Files.writeString(directory.resolve("jobs/load-items.yml"), job());
    try (TestDatabase databases = new TestDatabase(kind)) {
      JdbcClient client = JdbcClient.create(databases.empty("default").dataSource());
      restart(way, rounds, databases.address("default"), client);
    }
  }

  private void restart(String way, int rounds, Address database, JdbcClient client)
      throws Exception {
    try (Process one = new Process(directory, database);
        Process two = new Process(directory, database)) {
      client.sql("create table item (round int not null, n int not null)").update();
      one.awaitAnswer();
      two.awaitAnswer();
      for (int round = 1; round <= rounds; round++) {
        String failed = failedExecution(one, round);
        writeItems(round, "7");
        one.tell(way + " " + failed);
        two.tell(way + " " + failed);
        List<String> answers = List.of(one.awaitAnswer(), two.awaitAnswer());
        assertThat(answers)
            .as("round %s", round)
            .filteredOn(answer -> answer.startsWith("COMPLETED"))
            .hasSize(1);
        assertThat(
                client
                    .sql("select n from item where round = ? order by n")
                    .param(round)
                    .query(Integer.class)
                    .list())
            .as("round %s: %s", round, answers)
            .isEqualTo(IntStream.rangeClosed(1, ITEMS).boxed().toList());
      }
    }
  }

  private String failedExecution(Process node, int round) throws IOException {
    writeItems(round, "bad");
    node.tell("run load-items " + round);
    String answer = node.awaitAnswer();
    assertThat(answer).startsWith("FAILED ");
    return answer.split(" ")[1];
  }

  private void writeItems(int round, String seventh) throws IOException {
    String rows =
        IntStream.rangeClosed(1, ITEMS)
            .mapToObj(n -> round + "," + (n == 7 ? seventh : n) + "\n")
            .collect(Collectors.joining());
    Files.writeString(directory.resolve("items-" + round + ".csv"), "round,n\n" + rows);
  }

  private static String job() {
    return """
        name: load-items
        parameters:
          round: { type: long, required: true }
        steps:
          - name: load
            read:
              type: csv
              files: items-${round}.csv
              columns: { round: long, n: long }
            partition: { by: bytes, size: 100, concurrency: 2 }
            chunk: { size: 3, mode: futures, workers: 2, in-flight: 4, order: completion }
            write: { type: jdbc, table: item, mode: insert }
        """;
  }

  /** A node and the pipe to it. */
  private static final class Process implements AutoCloseable {

    private final java.lang.Process process;
    private final PrintWriter commands;
    private final BufferedReader answers;

    private Process(Path directory, Address database) throws IOException {
      String classPath =
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
      process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElse("java"),
                  "-Xmx256m",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Dspring.datasource.url=" + database.url(),
                  "-Dspring.datasource.username=" + database.username(),
                  "-Dspring.datasource.password=" + database.password(),
                  "-Dspring.batch.jdbc.initialize-schema=always",
                  "-Dspring.batch.jdbc.isolation-level-for-create=READ_COMMITTED",
                  "-Dspring.batch.job.enabled=false",
                  "-Dspring.main.banner-mode=off",
                  "-Dlogging.level.root=WARN",
                  "-Dtranche.initialize-schema=always",
                  "-cp",
                  classPath,
                  Node.class.getName())
              .directory(directory.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      commands = new PrintWriter(process.outputWriter(), true);
      answers = process.inputReader();
    }

    private void tell(String command) {
      commands.println(command);
    }

    private String awaitAnswer() throws IOException {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        if (line.startsWith("= ")) {
          return line.substring(2);
        }
      }
      throw new AssertionError("the node ended");
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
