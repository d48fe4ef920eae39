package dev.tranche.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.MortalProcess.Fate;
import dev.tranche.testing.MortalProcess.Kind;
import dev.tranche.testing.TestDatabase;
import dev.tranche.writer.FileWorld.Life;
import java.util.List;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Nothing lost, nothing twice, for files: after any number of deaths, power cuts, cut connections,
 * commits of unknown outcome and zombies, at any step on the disk or on the database, the file holds
 * every row once, in the order of the partitions, and nothing is left beside it; compressed or not,
 * as one file or as one for each partition.
 */
class FilesExactlyOnceTest {

  private static final FileWorld.Coverage SEEN = new FileWorld.Coverage();

  /** Made at the first use and kept, since a fresh database for each try would take too long. */
  private static final class Worlds {
    static final FileWorld H2 = new FileWorld(TestDatabase.Kind.H2_MEMORY);
    static final FileWorld POSTGRES = new FileWorld(TestDatabase.Kind.POSTGRESQL);
  }

  @Provide
  Arbitrary<List<Integer>> partitions() {
    return Arbitraries.integers().between(0, 20).list().ofMaxSize(3);
  }

  @Provide
  Arbitrary<List<Life>> lives() {
    return life().list().ofMinSize(1).ofMaxSize(4);
  }

  /** A folder is not replaced. */
  @Provide
  Arbitrary<FileForm> forms() {
    return Combinators.combine(
            Arbitraries.of("", ".gz", ".zst"), Arbitraries.of(true, false), Arbitraries.of(true, false))
        .as((ending, keep, overwrite) -> new FileForm(ending, keep, overwrite && !keep));
  }

  private static Arbitrary<Life> life() {
    return Combinators.combine(
            Arbitraries.of(true, false),
            Arbitraries.integers().between(1, 7),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            Arbitraries.longs(),
            fate())
        .as(Life::new);
  }

  private static Arbitrary<Fate> fate() {
    return Combinators.combine(
            Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(Kind.DIES_BEFORE)),
                Tuple.of(3, Arbitraries.just(Kind.DIES_AFTER)),
                Tuple.of(
                    4,
                    Arbitraries.of(
                        Kind.CUT_BEFORE, Kind.CUT_AFTER, Kind.LANDS_LATER, Kind.FREEZES))),
            Arbitraries.integers().between(1, 90))
        .as(Fate::new);
  }

  @Property(
      tries = 200,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.RANDOM_SEED)
  void onH2(
      @ForAll("partitions") List<Integer> partitions,
      @ForAll("lives") List<Life> lives,
      @ForAll("forms") FileForm form)
      throws Exception {
    Worlds.H2.live(partitions, lives, form, SEEN);
  }

  @Property(
      tries = 60,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.RANDOM_SEED)
  void onPostgres(
      @ForAll("partitions") List<Integer> partitions,
      @ForAll("lives") List<Life> lives,
      @ForAll("forms") FileForm form)
      throws Exception {
    Worlds.POSTGRES.live(partitions, lives, form, SEEN);
  }

  @AfterContainer
  static void hasSeenEnough() throws Exception {
    System.out.println("files exactly once: " + SEEN);
    Worlds.H2.close();
    Worlds.POSTGRES.close();
    assertThat(SEEN.deaths()).as("%s", SEEN).isGreaterThan(80);
    assertThat(SEEN.midway()).as("%s", SEEN).isGreaterThan(40);
    assertThat(SEEN.publishing()).as("%s", SEEN).isGreaterThan(25);
  }
}
