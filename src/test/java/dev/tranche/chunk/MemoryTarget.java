package dev.tranche.chunk;

import dev.tranche.store.Checkpoint;
import dev.tranche.store.Claim;
import dev.tranche.store.DoneRange;
import dev.tranche.store.Fence;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.Reject;
import dev.tranche.store.SupersededException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A target that remembers: its fence and checkpoint work as the real one's do. */
final class MemoryTarget implements ChunkTarget<Integer> {

  /** What happens in the place of a commit, or around it. */
  interface Fault {
    void in(int commit, List<Integer> items) throws Exception;
  }

  // -- given --
  final Set<Integer> refused = new HashSet<>();
  Fault before = (commit, items) -> {};
  Fault after = (commit, items) -> {};

  // -- so far --
  final List<List<Integer>> written = new ArrayList<>();
  final List<Reject> rejects = new ArrayList<>();
  Checkpoint checkpoint = Checkpoint.START;
  long owner;
  long seq;
  int commits;

  @Override
  public synchronized Claim claim(long repositoryOwner, boolean mustExist) {
    owner = Math.max(owner, repositoryOwner) + 1;
    return new Claim(new Fence(new PartitionKey("layout", 1), owner, seq), checkpoint);
  }

  @Override
  public void takeUp(Claim claim, Connection session) {
    throw new UnsupportedOperationException("it has no sessions");
  }

  @Override
  public synchronized void commit(Commit<Integer> commit)
      throws SupersededException, UnknownOutcomeException, OutageException, WriteException {
    raise(before, commit.items());
    if (commit.fence().owner() != owner || commit.fence().seq() != seq) {
      throw new SupersededException(commit.fence().partition(), "owner " + owner);
    }
    for (Integer item : commit.items()) {
      if (refused.contains(item)) {
        throw new WriteException(new SQLException("value " + item + " is refused", "22001"));
      }
    }
    commits++;
    seq++;
    checkpoint = commit.next();
    rejects.addAll(commit.rejects());
    if (!commit.items().isEmpty()) {
      written.add(List.copyOf(commit.items()));
    }
    raise(after, commit.items());
  }

  private void raise(Fault fault, List<Integer> items)
      throws SupersededException, UnknownOutcomeException, OutageException, WriteException {
    try {
      fault.in(commits, items);
    } catch (SupersededException
        | UnknownOutcomeException
        | OutageException
        | WriteException
        | RuntimeException expected) {
      throw expected;
    } catch (Exception unexpected) {
      throw new AssertionError(unexpected);
    }
  }

  List<Integer> items() {
    return written.stream().flatMap(List::stream).sorted().toList();
  }

  /** Where each range done beyond the watermark begins and ends, as {@code 4-6}. */
  List<String> done() {
    return checkpoint.done().stream().map(MemoryTarget::text).toList();
  }

  private static String text(DoneRange range) {
    return range.from().key() + "-" + range.to().key();
  }

  @Override
  public void abort() {}

  @Override
  public void close() {}
}
