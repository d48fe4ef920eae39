package dev.tranche.exactlyonce;

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
 * Nothing lost, nothing twice: after any number of deaths, cuts, commits of unknown outcome,
 * deadlocks and zombies, at any step of the protocol, in both modes and with any sizes, the target
 * equals the input, each reject is there once and never also a row, and the tally adds up.
 *
 * <p>Drives the real loop, store and writer on real databases; a run is one process's life.
 */
class ExactlyOnceTest {

  private static final Coverage ALL = new Coverage();
  private static final AtomicInteger MARIADB_LIVES = new AtomicInteger();

  @Provide
  Arbitrary<Scenario> scenarios() {
    return Scenario.any();
  }

  @Property(
      tries = 650,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.RANDOM_SEED)
  void onPostgresInOneDatabase(@ForAll("scenarios") Scenario scenario) throws Exception {
    Worlds.POSTGRES_ONE.live(scenario, ALL);
  }

  @Property(
      tries = 650,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.RANDOM_SEED)
  void onPostgresInTwoDatabases(@ForAll("scenarios") Scenario scenario) throws Exception {
    Worlds.POSTGRES_TWO.live(scenario, ALL);
  }

  @Property(
      tries = 650,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.RANDOM_SEED)
  void onH2InOneDatabase(@ForAll("scenarios") Scenario scenario) throws Exception {
    Worlds.H2_ONE.live(scenario, ALL);
  }

  @Property(
      tries = 650,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.RANDOM_SEED)
  void onH2InTwoDatabases(@ForAll("scenarios") Scenario scenario) throws Exception {
    Worlds.H2_TWO.live(scenario, ALL);
  }

  /**
   * Fewer, since every commit is forced to disk there as on PostgreSQL, and every lock costs more:
   * {@code -Dtranche.exactlyonce.mariadb=650} lives as many as elsewhere.
   */
  @Property(
      tries = 2_000,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.RANDOM_SEED)
  void onMariaDb(@ForAll("scenarios") Scenario scenario) throws Exception {
    int life = MARIADB_LIVES.getAndIncrement();
    if (MariaDb.isThere() && life < Integer.getInteger("tranche.exactlyonce.mariadb", 40)) {
      (life % 2 == 0 ? MariaDbWorlds.ONE : MariaDbWorlds.TWO).live(scenario, ALL);
    }
  }

  @AfterContainer
  static void hasSeenEnough() throws Exception {
    System.out.println("exactly once: " + ALL);
    for (World world :
        new World[] {
          Worlds.POSTGRES_ONE, Worlds.POSTGRES_TWO, Worlds.H2_ONE, Worlds.H2_TWO
        }) {
      world.close();
    }
    if (MariaDb.isThere()) {
      MariaDbWorlds.ONE.close();
      MariaDbWorlds.TWO.close();
    }
    ALL.assertEnough();
  }

  /** Made at the first use and kept, since a fresh database for each try would take too long. */
  private static final class Worlds {
    static final World POSTGRES_ONE = new World(TestDatabase.Kind.POSTGRESQL, true);
    static final World POSTGRES_TWO = new World(TestDatabase.Kind.POSTGRESQL, false);
    static final World H2_ONE = new World(TestDatabase.Kind.H2_FILE, true);
    static final World H2_TWO = new World(TestDatabase.Kind.H2_FILE, false);
  }

  /** Apart from the others: not every machine has it. */
  private static final class MariaDbWorlds {
    static final World ONE = new World(TestDatabase.Kind.MARIADB, true);
    static final World TWO = new World(TestDatabase.Kind.MARIADB, false);
  }
}
