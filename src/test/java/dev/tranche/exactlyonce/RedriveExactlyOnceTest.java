package dev.tranche.exactlyonce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.MariaDb;
import dev.tranche.testing.TestDatabase;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * The same as {@link ExactlyOnceTest} for rejects that are run again: a redrive that dies, is cut
 * off or meets its own zombie, at any step, loads every reject once, rejects it again once or
 * filters it, and has taken all of them.
 */
class RedriveExactlyOnceTest {

  private static final Coverage ALL = new Coverage();
  private static final AtomicInteger MARIADB_LIVES = new AtomicInteger();

  @Provide
  Arbitrary<Scenario> scenarios() {
    return Scenario.any();
  }

  @Property(
      tries = 60,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.RANDOM_SEED)
  void onPostgres(@ForAll("scenarios") Scenario scenario) throws Exception {
    Worlds.POSTGRES.live(scenario, ALL);
  }

  @Property(
      tries = 60,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.RANDOM_SEED)
  void onH2(@ForAll("scenarios") Scenario scenario) throws Exception {
    Worlds.H2.live(scenario, ALL);
  }

  @Property(
      tries = 60,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.RANDOM_SEED)
  void onMariaDb(@ForAll("scenarios") Scenario scenario) throws Exception {
    int lives = Integer.getInteger("tranche.exactlyonce.mariadb", 8);
    if (MariaDb.isThere() && MARIADB_LIVES.getAndIncrement() < lives) {
      MariaDbWorld.IT.live(scenario, ALL);
    }
  }

  @AfterContainer
  static void hasSeenEnough() throws Exception {
    System.out.println("redrives exactly once: " + ALL);
    Worlds.POSTGRES.close();
    Worlds.H2.close();
    if (MariaDb.isThere()) {
      MariaDbWorld.IT.close();
    }
    assertThat(ALL.runs()).as("%s", ALL).isGreaterThanOrEqualTo(100);
  }

  private static final class Worlds {
    static final World POSTGRES = new World(TestDatabase.Kind.POSTGRESQL, false, true);
    static final World H2 = new World(TestDatabase.Kind.H2_MEMORY, true, true);
  }

  /** Apart from the others: not every machine has it. */
  private static final class MariaDbWorld {
    static final World IT = new World(TestDatabase.Kind.MARIADB, false, true);
  }
}
