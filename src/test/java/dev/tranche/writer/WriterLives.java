package dev.tranche.writer;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.tranche.testing.MortalProcess;
import dev.tranche.testing.MortalProcess.Death;
import dev.tranche.testing.MortalProcess.Fate;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The processes that write the rows of one layout, one after another; the first is struck by its
 * fate, and the last goes through with it.
 */
final class WriterLives {

  private static final OnError NO_FAULTS =
      new OnError(
          new OnError.Retry(1, Duration.ofNanos(1), Duration.ofNanos(1), 0, List.of()), null, null);

  // -- given --
  private final Writers writers;
  private final Mode mode;
  private final String layout = UUID.randomUUID().toString();

  // -- so far --
  /** Whose the run is. */
  private volatile @Nullable MortalProcess holder;

  WriterLives(Writers writers, Mode mode) {
    this.writers = writers;
    this.mode = mode;
  }

  Tally tally() throws SQLException {
    try (Connection connection = writers.database().connect()) {
      return new Checkpoints(writers.database().platform()).tally(connection, layout);
    }
  }

  /** Returns the first process, which has ended by then, as all have. */
  MortalProcess liveAndGoOn(Fate fate, String when) throws Exception {
    Attempt attempt = new Attempt(fate);
    if (attempt.isFrozen()) {
      outlive(attempt, when);
    } else if (!attempt.hasWritten()) {
      attempt.process.bury();
      assertThat(!writers.isPublished() || writers.isWhole()).as(when).isTrue();
      goOn(when);
    }
    attempt.process.bury();
    return attempt.process;
  }

  private void goOn(String when) throws Exception {
    Attempt attempt = new Attempt(Fate.NONE);
    assertThat(attempt.hasWritten()).as(when).isTrue();
    attempt.process.bury();
  }

  /**
   * A second process takes what the frozen one holds, and freezes too: so the first wakes when what
   * it held is another's. The third goes through with it; so the second wakes when all is done.
   */
  private void outlive(Attempt first, String when) throws Exception {
    Attempt second = new Attempt(new Fate(MortalProcess.Kind.FREEZES, 1));
    assertThat(second.isFrozen()).as(when).isTrue();
    assertThat(first.wake().hasWritten()).as(when).isFalse();
    assertThat(!writers.isPublished() || writers.isWhole()).as(when).isTrue();
    goOn(when);
    List<String> found = writers.found();
    assertThat(second.wake().hasWritten()).as(when).isFalse();
    second.process.bury();
    assertThat(writers.found()).as(when).isEqualTo(found);
  }

  /** A process at work, on a thread of its own. */
  private final class Attempt {

    private final MortalProcess process;
    private final FutureTask<Boolean> work = new FutureTask<>(this::live);
    private final Thread thread = new Thread(work, "process");

    private Attempt(Fate fate) {
      process = new MortalProcess(fate, () -> {});
      thread.start();
    }

    private boolean isFrozen() throws InterruptedException {
      return process.awaitFrozen(thread);
    }

    private Attempt wake() {
      process.wake();
      return this;
    }

    private boolean hasWritten() throws Exception {
      return work.get();
    }

    /** False if it died, lost its connection or the run, and gave up. */
    private boolean live() throws Exception {
      try {
        holder = process;
        return write();
      } catch (Death killed) {
        assertThat(process.isDead()).isTrue();
        return false;
      } catch (Exception givenUp) {
        if (process.struck() == null) {
          throw givenUp;
        }
        return false;
      }
    }

    private boolean write() throws Exception {
      Writers.Life life = writers.life(process);
      life.prepare();
      Publication publication = life.publication(layout);
      Publication.Hold hold =
          new Publication.Hold(writers.database(), connection -> holder == process);
      if (publication != null && publication.progress() != Publication.Progress.DONE) {
        publication.stage(publication.progress(), hold);
      }
      for (int number = 1; number <= writers.partitions; number++) {
        if (!(partition(life, new PartitionKey(layout, number)) instanceof Ending.Completed)) {
          return false;
        }
      }
      if (publication != null) {
        publication.publish(writers.partitions, hold, () -> false);
        publication.discard(layout);
      }
      return true;
    }
  }

  private Ending partition(Writers.Life life, PartitionKey key) throws Exception {
    boolean map = mode == Mode.MAP;
    ChunkDefinition chunk =
        new ChunkDefinition(
            2,
            null,
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
                  new Rows(key.number(), writers.rows),
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
