package dev.tranche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The packaged service in a directory of its own. */
class ServeIT {

  private static final Path EXECUTABLE = Path.of("target/tranche-exec.jar").toAbsolutePath();

  @TempDir
  Path directory;

  private final List<String> lines = new ArrayList<>();
  private Process process;

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  @Test
  void servesUntilASignalEndsIt() throws Exception {
    BufferedReader output = serve(Map.of());
    readUntil(output, "Tranche serves. SIGTERM or Ctrl-C ends it.");

    process.toHandle().destroy(); // Process.destroy closes its streams as well

    readUntil(output, "Stopping at the next commit. Once more ends the process at once.");
    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(directory.resolve("var")).isDirectory();
  }

  /** In the middle of a run: it ends at its next commit, in good order, and can be restarted. */
  @Test
  void stopsItsRunsInGoodOrder() throws Exception {
    Files.createDirectories(directory.resolve("jobs"));
    Files.writeString(
        directory.resolve("jobs/long.yml"),
        """
        name: long
        schedule: { every: 1s }
        steps:
          - name: load
            read: { type: csv, files: in.csv, columns: { n: long } }
            chunk: { size: 1 }
            write: { type: jdbc, table: item, mode: insert, create: true }
        """);
    Files.writeString(
        directory.resolve("in.csv"),
        IntStream.range(0, 200_000).mapToObj(n -> n + "\n").collect(Collectors.joining("", "n\n", "")));
    BufferedReader output = serve(Map.of());
    readUntil(output, line -> line.contains("load/p1") || line.contains("load:p1"));

    process.toHandle().destroy();

    readUntil(output, line -> line.endsWith("is STOPPED"));
    assertThat(process.waitFor()).isEqualTo(143);
    Process after = new ProcessBuilder(java(), "-jar", EXECUTABLE.toString(), "executions")
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .start();
    assertThat(new String(after.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("long").contains("STOPPED");
    assertThat(after.waitFor()).isZero();
  }

  /** What is logged of a run is JSON then, and a secret is not in it however JSON writes it. */
  @Test
  void logsInJsonWithoutSecrets() throws Exception {
    Files.createDirectories(directory.resolve("jobs"));
    Files.writeString(
        directory.resolve("jobs/leaky.yml"),
        """
        name: leaky
        schedule: { every: 1s }
        steps:
          - name: load
            read: { type: csv, files: in.csv, columns: { n: long } }
            write: { type: jdbc, table: item, mode: insert, create: true }
        """);
    Files.writeString(directory.resolve("in.csv"), "n\n\"open/\"\"sesame\\now\"\n");
    BufferedReader output =
        serve(
            Map.of(
                "MY_PASSWORD", "open/\"sesame\\now",
                "LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs"));
    String line = "";
    while (!line.contains("is not a long")) {
      line = output.readLine();
      assertThat(line).as("the end of what it printed: %s", lines).isNotNull();
      lines.add(line);
    }
    JsonNode json = JsonMapper.shared().readTree(line);
    assertThat(json.path("message").asString())
        .contains("load/p1 failed at item 1 (in.csv, line 2): n: '***' is not a long");
    assertThat(line).contains("\"tranche\"").contains("execution");
    assertThat(lines).noneMatch(it -> it.contains("sesame"));
  }

  private BufferedReader serve(Map<String, String> variables) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                java(),
                "-Dserver.port=0",
                "-jar",
                EXECUTABLE.toString(),
                "serve")
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(variables);
    process = builder.start();
    return process.inputReader();
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private void readUntil(BufferedReader output, String wanted) throws Exception {
    readUntil(output, wanted::equals);
  }

  private void readUntil(BufferedReader output, Predicate<String> wanted) throws Exception {
    String line = "";
    while (!wanted.test(line)) {
      line = output.readLine();
      assertThat(line).as("the end of what it printed: %s", lines).isNotNull();
      lines.add(line);
    }
  }
}
