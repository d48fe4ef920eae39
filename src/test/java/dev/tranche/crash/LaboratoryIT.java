package dev.tranche.crash;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A dozen and more random faults: nothing is lost, nothing is there twice. */
class LaboratoryIT {

  @TempDir
  Path directory;

  @ParameterizedTest
  @CsvSource({"h2, 5", "postgresql, 5", "csv, 2", "bean, 2"})
  void nothingIsLostAndNothingIsTwiceWhateverHappens(String target, int faults) throws Exception {
    Results results = new Results(directory.resolve("results.csv"), "this");
    try (Laboratory laboratory = new Laboratory(target, directory, results, "")) {
      laboratory.run(faults, System.nanoTime() % 1_000_000);
    }
  }
}
