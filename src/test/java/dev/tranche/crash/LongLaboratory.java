package dev.tranche.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The laboratory for as long as one wants, in profile {@code crash}; run again, it goes on where it
 * was. Settings are system properties that begin with {@code tranche.crash.}.
 */
class LongLaboratory {

  private static final String TARGET = property("target", "postgresql");
  private static final int RUNS = Integer.parseInt(property("runs", "200"));
  private static final long SEED = Long.parseLong(property("seed", "1"));
  private static final String FAULT = property("fault", "");
  private static final Path RESULTS =
      Path.of(property("results", "src/docs/guarantees/results.csv"));

  @Test
  void nothingIsLostAndNothingIsTwiceWhateverHappens() throws Exception {
    Path directory = Path.of("target", "crash");
    Results results = new Results(RESULTS, build());
    try (Laboratory laboratory =
        new Laboratory(TARGET, directory.toAbsolutePath(), results, FAULT)) {
      laboratory.run(RUNS, SEED);
    }
  }

  /** The commit that is tried, as Git describes it. */
  private static String build() throws IOException {
    Process git = new ProcessBuilder("git", "describe", "--always", "--dirty").start();
    return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private static String property(String name, String otherwise) {
    return System.getProperty("tranche.crash." + name, otherwise);
  }
}
