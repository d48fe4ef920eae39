package dev.tranche.batch;

import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.OutageException;
import dev.tranche.chunk.UnknownOutcomeException;
import dev.tranche.chunk.WriteException;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Claim;
import dev.tranche.store.DoneRange;
import dev.tranche.store.MissingCheckpointException;
import dev.tranche.store.SupersededException;
import java.sql.Connection;

/** A target that remembers how many bytes of the input are committed, for progress. */
final class WatchedTarget implements ChunkTarget<Object> {

  private final ChunkTarget<Object> target;
  private volatile long bytes;

  WatchedTarget(ChunkTarget<Object> target) {
    this.target = target;
  }

  /** Bytes of the input that are committed; 0 for inputs without bytes. Safe for all threads. */
  long bytes() {
    return bytes;
  }

  @Override
  public Claim claim(long owner, boolean mustExist)
      throws MissingCheckpointException, OutageException {
    Claim claim = target.claim(owner, mustExist);
    bytes = bytes(claim.checkpoint());
    return claim;
  }

  @Override
  public void takeUp(Claim claim, Connection session) throws OutageException {
    target.takeUp(claim, session);
    bytes = bytes(claim.checkpoint());
  }

  @Override
  public void commit(Commit<Object> commit)
      throws SupersededException, UnknownOutcomeException, OutageException, WriteException {
    target.commit(commit);
    bytes = bytes(commit.next());
  }

  private static long bytes(Checkpoint checkpoint) {
    long beyond = 0;
    for (DoneRange range : checkpoint.done()) {
      beyond += range.digest().length();
    }
    return checkpoint.digest().length() + beyond;
  }

  @Override
  public void abort() {
    target.abort();
  }

  @Override
  public void close() {
    target.close();
  }
}
