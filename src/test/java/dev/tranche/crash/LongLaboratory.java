package dev.tranche.crash;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The laboratory for as long as one wants, in profile {@code crash}; run again, it goes on where it
 * was. Settings are system properties that begin with {@code tranche.crash.}.
 */
class LongLaboratory {

  private static final String DATABASE = property("database", "postgresql");
  private static final int RUNS = Integer.parseInt(property("runs", "200"));
  private static final long SEED = Long.parseLong(property("seed", "1"));
  private static final String FAULT = property("fault", "");
  private static final Path RESULTS = Path.of(property("results", "src/docs/guarantees/results.csv"));

  @Test
  void nothingIsLostAndNothingIsTwiceWhateverHappens() throws Exception {
    Path directory = Path.of("target", "crash");
    Results results = new Results(RESULTS);
    try (Laboratory laboratory = new Laboratory(DATABASE, directory.toAbsolutePath(), results, FAULT)) {
      laboratory.run(RUNS, SEED);
    }
  }

  private static String property(String name, String otherwise) {
    return System.getProperty("tranche.crash." + name, otherwise);
  }
}
