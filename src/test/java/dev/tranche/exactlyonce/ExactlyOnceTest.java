package dev.tranche.exactlyonce;

import dev.tranche.testing.TestDatabase;
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

  @AfterContainer
  static void hasSeenEnough() throws Exception {
    System.out.println("exactly once: " + ALL);
    for (World world :
        new World[] {
          Worlds.POSTGRES_ONE, Worlds.POSTGRES_TWO, Worlds.H2_ONE, Worlds.H2_TWO
        }) {
      world.close();
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
}
