package dev.tranche.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real signals for a real process. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SignalsTest {

  @TempDir
  Path directory;

  private Process process;
  private BufferedReader err;

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  @Test
  void sigtermStopsTheRunInGoodOrderAndTheExitCodeNamesTheSignal() throws Exception {
    start(1);
    signal("TERM");

    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(out()).startsWith("endless: STOPPED (execution 7)\n");
    assertThat(rest()).contains("Stopping at the next commit. Once more ends the process at once.");
  }

  @Test
  void ctrlCDoesTheSame() throws Exception {
    start(1);
    assumeFalse(ignoresSigint(), "this shell starts its children with SIGINT ignored");
    signal("INT");

    assertThat(process.waitFor()).isEqualTo(130);
    assertThat(out()).startsWith("endless: STOPPED (execution 7)\n");
  }

  @Test
  void asksAgainUntilTheRunHasEnded() throws Exception {
    start(3);
    signal("TERM");

    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(out()).startsWith("endless: STOPPED (execution 7)\n");
  }

  @Test
  void aSecondSignalEndsTheProcessAtOnce() throws Exception {
    start(Integer.MAX_VALUE);
    signal("TERM");
    awaitLine("Stopping at the next commit. Once more ends the process at once.");
    signal("TERM");

    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(out()).isEmpty();
  }

  private void start(int stops) throws IOException {
    process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            RunUntilStopped.class.getName(),
            String.valueOf(stops))
        .redirectOutput(directory.resolve("out").toFile())
        .start();
    err = process.errorReader(StandardCharsets.UTF_8);
    awaitLine("printed by others");
    awaitLine("endless: execution 7");
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private void awaitLine(String expected) throws IOException {
    assertThat(err.readLine()).isEqualTo(expected);
  }

  private String out() throws IOException {
    return Files.readString(directory.resolve("out"));
  }

  private List<String> rest() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = err.readLine(); line != null; line = err.readLine()) {
      lines.add(line);
    }
    return lines;
  }

  private boolean ignoresSigint() throws IOException {
    Path status = Path.of("/proc/" + process.pid() + "/status");
    if (!Files.exists(status)) {
      return false;
    }
    String mask = Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> line.substring("SigIgn:".length()).strip())
        .findFirst()
        .orElse("0");
    return (Long.parseUnsignedLong(mask, 16) & 1 << 1) != 0;
  }
}
