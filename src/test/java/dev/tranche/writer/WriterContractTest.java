package dev.tranche.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tranche.definition.ChunkDefinition.Mode;
import dev.tranche.store.Tally;
import dev.tranche.testing.MariaDb;
import dev.tranche.testing.MortalProcess;
import dev.tranche.testing.MortalProcess.Fate;
import dev.tranche.testing.TestDatabase;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every writer must keep, the same for all of them, on every database and in both modes. */
class WriterContractTest {

  /** What strikes the process at a step, one after the other. */
  private static final List<MortalProcess.Kind> STROKES =
      List.of(
          MortalProcess.Kind.DIES_BEFORE,
          MortalProcess.Kind.DIES_AFTER,
          MortalProcess.Kind.CUT_BEFORE,
          MortalProcess.Kind.CUT_AFTER,
          MortalProcess.Kind.DEADLOCK);

  /**
   * Struck before or after every statement, commit and write to a disk, frozen before every
   * transaction of its own, and cut off from every commit that then lands; another process goes on.
   * What is there in the end is what must be there, and it adds up.
   */
  @ParameterizedTest
  @EnumSource(names = {"H2_MEMORY", "POSTGRESQL", "MARIADB"})
  void losesAndRepeatsNothingWhateverStrikesItsProcessWherever(TestDatabase.Kind product)
      throws Exception {
    assumeTrue(product != TestDatabase.Kind.MARIADB || MariaDb.isThere());
    try (TestDatabase databases = new TestDatabase(product)) {
      for (Writers.Kind kind : Writers.Kind.values()) {
        if (!kind.isFor(product)) {
          continue;
        }
        try (Writers writers = new Writers(kind, databases)) {
          Set<MortalProcess.Kind> met = EnumSet.of(MortalProcess.Kind.NONE);
          for (Mode mode : Mode.values()) {
            String what = kind + " in " + mode + " mode";
            assertThat(strikeAtEveryStep(writers, what, mode, met)).as(what).isGreaterThan(10);
            assertThat(strikeWherePossible(writers, what, mode, MortalProcess.Kind.LANDS_LATER, met))
                .as("commits of %s that landed later", what)
                .isGreaterThan(3);
            assertThat(strikeWherePossible(writers, what, mode, MortalProcess.Kind.FREEZES, met))
                .as("transactions before which %s froze", what)
                .isGreaterThanOrEqualTo(kind.isPublished() ? 6 : 3);
          }
          assertThat(met).as("what struck %s", kind).containsExactly(MortalProcess.Kind.values());
        }
      }
    }
  }

  /** Returns how many steps there are. */
  private static int strikeAtEveryStep(
      Writers writers, String what, Mode mode, Set<MortalProcess.Kind> met) throws Exception {
    for (int step = 1; ; step++) {
      MortalProcess.Kind stroke = STROKES.get((step + mode.ordinal()) % STROKES.size());
      MortalProcess process = strike(writers, what, mode, new Fate(stroke, step), met);
      if (process.steps() < step) {
        return step - 1;
      }
    }
  }

  /** Returns at how many steps it can be struck so. */
  private static int strikeWherePossible(
      Writers writers,
      String what,
      Mode mode,
      MortalProcess.Kind stroke,
      Set<MortalProcess.Kind> met)
      throws Exception {
    MortalProcess process = strike(writers, what, mode, new Fate(stroke, 1), met);
    int times = 0;
    for (; process.struck() != null; times++) {
      process = strike(writers, what, mode, new Fate(stroke, process.struckAt() + 1), met);
    }
    return times;
  }

  private static MortalProcess strike(
      Writers writers, String what, Mode mode, Fate fate, Set<MortalProcess.Kind> met)
      throws Exception {
    String when = what + ", " + fate;
    writers.begin();
    WriterLives lives = new WriterLives(writers, mode);
    MortalProcess process = lives.liveAndGoOn(fate, when);
    assertThat(writers.found()).as(when).containsExactlyInAnyOrderElementsOf(writers.expected());
    assertThat(writers.left()).as(when).isEmpty();
    long rows = (long) writers.partitions * writers.rows;
    assertThat(lives.tally()).as(when).isEqualTo(new Tally(rows, rows, 0, 0, 0, 0));
    if (process.struck() != null) {
      met.add(process.struck());
    }
    return process;
  }
}
