package dev.tranche.crash;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 300 fires in profile {@code crash}: {@code -Dtranche.crash.laboratory=LongFires}. */
class LongFires {

  private static final int FIRES = Integer.getInteger("tranche.crash.runs", 300);
  private static final long SEED = Long.getLong("tranche.crash.seed", 1);

  @TempDir Path directory;

  @Test
  void eachFireBecomesOneRunWhicheverServiceIsKilled() throws Exception {
    Fires.happen(directory, FIRES, 15, SEED);
  }
}
