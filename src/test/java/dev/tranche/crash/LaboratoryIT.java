package dev.tranche.crash;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A dozen and more faults, drawn by seeds: nothing is lost, nothing is there twice. */
class LaboratoryIT {

  @TempDir
  Path directory;

  @ParameterizedTest
  @CsvSource({"h2, 5, 264221", "postgresql, 5, 6002", "csv, 2, 176239", "bean, 2, 7002"})
  void nothingIsLostAndNothingIsTwiceWhateverHappens(String target, int faults, long seed)
      throws Exception {
    Results results = new Results(directory.resolve("results.csv"), "this");
    try (Laboratory laboratory = new Laboratory(target, directory, results, "")) {
      laboratory.run(faults, seed);
    }
  }
}
