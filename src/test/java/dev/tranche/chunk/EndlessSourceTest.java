package dev.tranche.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An input without end in a heap of 64 MB: eight readings, and with {@code -Pci} the loop for a
 * minute.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class EndlessSourceTest {

  private static final long SECONDS = Long.getLong("tranche.endless.seconds", 0);

  @ParameterizedTest
  @ValueSource(strings = {"loop", "executor"})
  void takesNoMoreMemoryTheLongerItRuns(String way) throws Exception {
    List<Long> kilobytes = run(way, way.equals("loop") ? SECONDS : 0);

    assertThat(kilobytes).hasSizeGreaterThanOrEqualTo(SECONDS == 0 ? 8 : 4);
    assertFlat(kilobytes);
  }

  /** The last reading beside the third, when everything is loaded. */
  static void assertFlat(List<Long> kilobytes) {
    assertThat(kilobytes.get(kilobytes.size() - 1) - kilobytes.get(2))
        .as("kilobytes more at the end: %s", kilobytes)
        .isLessThan(1024);
  }

  /** What {@link EndlessSource} has read. */
  static List<Long> run(String way, long seconds) throws Exception {
    Process process = new ProcessBuilder(
            System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            System.getProperty("java.class.path"),
            EndlessSource.class.getName(),
            way,
            String.valueOf(seconds))
        .redirectErrorStream(true)
        .start();
    try {
      List<String> lines =
          new String(process.getInputStream().readAllBytes()).lines().toList();
      assertThat(process.waitFor()).as("%s", lines).isZero();
      return lines.stream()
          .filter(line -> line.matches("\\d+"))
          .map(Long::valueOf)
          .toList();
    } finally {
      process.destroyForcibly();
    }
  }
}
