package dev.tranche.crash;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small version of {@link LongFires}. */
class FireIT {

  @TempDir Path directory;

  @Test
  void eachFireBecomesOneRunWhicheverServiceIsKilled() throws Exception {
    Fires.happen(directory, 20, 8, 1);
  }
}
