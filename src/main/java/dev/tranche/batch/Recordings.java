package dev.tranche.batch;

import dev.tranche.chunk.ChunkObserver;
import dev.tranche.store.Tally;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/**
 * A partition's commits, retries and rejects as events of the JDK's Flight Recorder. Costs next to
 * nothing while nothing is recorded.
 */
final class Recordings implements ChunkObserver {

  /** A chunk's transaction; the duration is its. */
  @Name("dev.tranche.Commit")
  @Label("Commit of a chunk")
  @Category("Tranche")
  static final class Commit extends Event {

    @Label("Partition")
    String partition = "";

    @Label("Items read")
    long read;

    @Label("Items written")
    long written;

    @Label("Items rejected")
    long rejected;
  }

  /** Something that failed. */
  abstract static class Fault extends Event {

    @Label("Partition")
    String partition = "";

    @Label("Phase")
    String phase = "";

    @Label("Error")
    String error = "";

    void commit(String partition, Phase phase, Throwable error) {
      if (shouldCommit()) {
        this.partition = partition;
        this.phase = Words.of(phase);
        this.error = error.toString();
        commit();
      }
    }
  }

  /** An item or a transaction is tried again. */
  @Name("dev.tranche.Retry")
  @Label("Retry")
  @Category("Tranche")
  static final class Retry extends Fault {}

  /** An item is set aside. */
  @Name("dev.tranche.Reject")
  @Label("Reject of an item")
  @Category("Tranche")
  static final class Reject extends Fault {}

  // -- given --
  private final String partition;

  // -- so far --
  private Commit commit = new Commit();

  /** @param partition as messages call it: {@code load/p3} */
  Recordings(String partition) {
    this.partition = partition;
  }

  @Override
  public boolean watchesItems() {
    return false;
  }

  @Override
  public void committing() {
    commit = new Commit();
    commit.begin();
  }

  @Override
  public void committed(Tally delta, long nanos) {
    commit.end();
    if (commit.shouldCommit()) {
      commit.partition = partition;
      commit.read = delta.read();
      commit.written = delta.written();
      commit.rejected = delta.rejected();
      commit.commit();
    }
  }

  @Override
  public void retried(Phase phase, Throwable error) {
    new Retry().commit(partition, phase, error);
  }

  @Override
  public void onSkip(Phase phase, @Nullable Object item, Throwable error) {
    new Reject().commit(partition, phase, error);
  }
}
