package dev.tranche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dserver.port=0",
            "-jar",
            EXECUTABLE.toString(),
            "serve")
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .start();
    BufferedReader output = process.inputReader();
    readUntil(output, "Tranche serves. SIGTERM or Ctrl-C ends it.");

    process.toHandle().destroy(); // Process.destroy closes its streams as well

    readUntil(output, "Stopping at the next commit. Once more ends the process at once.");
    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(directory.resolve("var")).isDirectory();
  }

  private void readUntil(BufferedReader output, String wanted) throws Exception {
    String line = "";
    while (!line.equals(wanted)) {
      line = output.readLine();
      assertThat(line).as("the end of what it printed: %s", lines).isNotNull();
      lines.add(line);
    }
  }
}
