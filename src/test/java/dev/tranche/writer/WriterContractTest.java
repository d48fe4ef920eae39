package dev.tranche.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tranche.chunk.ChunkExecutor;
import dev.tranche.chunk.ChunkLoop;
import dev.tranche.chunk.ChunkObserver;
import dev.tranche.chunk.ChunkStreams;
import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.Ending;
import dev.tranche.chunk.Pipeline;
import dev.tranche.chunk.SkipBudget;
import dev.tranche.chunk.StopSignal;
import dev.tranche.definition.ChunkDefinition;
import dev.tranche.definition.ChunkDefinition.Mode;
import dev.tranche.definition.ChunkDefinition.Order;
import dev.tranche.definition.ChunkDefinition.Threads;
import dev.tranche.definition.OnError;
import dev.tranche.store.Checkpoints;
import dev.tranche.store.Claim;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.Tally;
import dev.tranche.testing.MariaDb;
import dev.tranche.testing.MortalProcess;
import dev.tranche.testing.MortalProcess.Death;
import dev.tranche.testing.MortalProcess.Fate;
import dev.tranche.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every writer must keep, the same for all of them, on every database and in both modes. */
class WriterContractTest {

  private static final OnError NO_FAULTS =
      new OnError(
          new OnError.Retry(1, Duration.ofNanos(1), Duration.ofNanos(1), 0, List.of()), null, null);

  /** What strikes the process at a step, one after the other. */
  private static final List<MortalProcess.Kind> FATES =
      List.of(
          MortalProcess.Kind.DIES_BEFORE,
          MortalProcess.Kind.DIES_AFTER,
          MortalProcess.Kind.CUT_BEFORE,
          MortalProcess.Kind.CUT_AFTER);

  /**
   * Struck before or after every statement, commit and write to a disk; then another process goes
   * on. What is there in the end is what must be there, and it adds up.
   */
  @ParameterizedTest
  @EnumSource(names = {"H2_MEMORY", "POSTGRESQL", "MARIADB"})
  void losesAndRepeatsNothingWhereverItsProcessIsStruck(TestDatabase.Kind product)
      throws Exception {
    assumeTrue(product != TestDatabase.Kind.MARIADB || MariaDb.isThere());
    try (TestDatabase databases = new TestDatabase(product)) {
      for (Writers.Kind kind : Writers.Kind.values()) {
        if (!kind.isFor(product)) {
          continue;
        }
        try (Writers writers = new Writers(kind, databases)) {
          for (Mode mode : Mode.values()) {
            assertThat(strikeAtEveryStep(writers, kind, mode))
                .as("steps at which %s was struck in %s mode", kind, mode)
                .isGreaterThan(15);
          }
        }
      }
    }
  }

  private static int strikeAtEveryStep(Writers writers, Writers.Kind kind, Mode mode)
      throws Exception {
    int step = 0;
    boolean struck = true;
    while (struck) {
      step++;
      MortalProcess.Kind fate = FATES.get((step + mode.ordinal()) % FATES.size());
      writers.begin();
      String layout = UUID.randomUUID().toString();
      MortalProcess process = new MortalProcess(new Fate(fate, step), () -> {});
      boolean done = live(writers, process, layout, mode);
      process.bury();
      String when = kind + " in " + mode + " mode, " + fate + " at step " + step;
      assertThat(!kind.isPublished() || writers.isWhole()).as(when).isTrue();
      if (!done) {
        MortalProcess next = new MortalProcess(Fate.NONE, () -> {});
        assertThat(live(writers, next, layout, mode)).isTrue();
        next.bury();
      }
      struck = process.struck() != null;
      assertThat(writers.found())
          .as(when)
          .containsExactlyInAnyOrderElementsOf(writers.expected());
      assertThat(writers.left()).as(when).isEmpty();
      long rows = (long) Writers.PARTITIONS * Writers.ROWS;
      assertThat(tally(writers, layout)).as(when).isEqualTo(new Tally(rows, rows, 0, 0, 0, 0));
    }
    return step;
  }

  private static Tally tally(Writers writers, String layout) throws SQLException {
    try (Connection connection = writers.database().connect()) {
      return new Checkpoints(writers.database().platform()).tally(connection, layout);
    }
  }

  /** False if it died, or lost its connection and gave up. */
  private static boolean live(Writers writers, MortalProcess process, String layout, Mode mode)
      throws Exception {
    try {
      return live(writers.life(process), writers, layout, mode);
    } catch (Death killed) {
      assertThat(process.isDead()).isTrue();
      return false;
    } catch (Exception cut) {
      if (process.struck() == null) {
        throw cut;
      }
      return false;
    }
  }

  private static boolean live(Writers.Life life, Writers writers, String layout, Mode mode)
      throws Exception {
    life.prepare();
    Publication publication = life.publication(layout);
    Publication.Hold hold = new Publication.Hold(writers.database(), connection -> true);
    if (publication != null && publication.progress() != Publication.Progress.DONE) {
      publication.stage(publication.progress(), hold);
    }
    for (int number = 1; number <= Writers.PARTITIONS; number++) {
      if (!(partition(life, new PartitionKey(layout, number), mode) instanceof Ending.Completed)) {
        return false;
      }
    }
    if (publication != null) {
      publication.publish(Writers.PARTITIONS, hold, () -> false);
      publication.discard(layout);
    }
    return true;
  }

  private static Ending partition(Writers.Life life, PartitionKey key, Mode mode)
      throws Exception {
    boolean map = mode == Mode.MAP;
    ChunkDefinition chunk =
        new ChunkDefinition(
            2,
            mode,
            2,
            Threads.PLATFORM,
            map ? 1 : 3,
            map ? 1 : 12,
            map ? Order.INPUT : Order.COMPLETION,
            null,
            null);
    try (ChunkExecutor executor = ChunkExecutor.of(chunk, "contract");
        ChunkTarget<Object> target = life.target(key)) {
      Claim claim = target.claim(0, false);
      if (claim.checkpoint().complete()) {
        return new Ending.Completed(claim.checkpoint().tally());
      }
      return new ChunkLoop<>(
              new ChunkLoop.Parts<Object, Object>(
                  "load/" + key.name(),
                  chunk,
                  NO_FAULTS,
                  new Rows(key.number(), Writers.ROWS),
                  Pipeline.of(Writers::row, executor),
                  ChunkStreams.NONE,
                  target,
                  new SkipBudget(null, Tally.ZERO),
                  new StopSignal(),
                  ChunkObserver.NONE,
                  body -> body))
          .run(claim);
    }
  }
}
