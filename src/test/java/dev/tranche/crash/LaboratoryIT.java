package dev.tranche.crash;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A dozen random faults on each database: nothing is lost, nothing is there twice. */
class LaboratoryIT {

  private static final int FAULTS = 6;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void nothingIsLostAndNothingIsTwiceWhateverHappens(String database) throws Exception {
    Results results = new Results(directory.resolve("results.csv"));
    try (Laboratory laboratory = new Laboratory(database, directory, results, "")) {
      laboratory.run(FAULTS, System.nanoTime() % 1_000_000);
    }
  }
}
