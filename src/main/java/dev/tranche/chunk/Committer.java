package dev.tranche.chunk;

import dev.tranche.chunk.ChunkWork.Fault;
import dev.tranche.chunk.Window.Slot;
import dev.tranche.partition.InputException;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Claim;
import dev.tranche.store.Fence;
import dev.tranche.store.Position;
import dev.tranche.store.Reject;
import dev.tranche.store.SqlErrors;
import dev.tranche.store.SupersededException;
import dev.tranche.store.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The half of the loop behind the workers: judges the outcomes of a chunk and commits it, retrying
 * in new transactions and halving it to find a bad item.
 *
 * <p>Holds the fence and the ledger of one attempt; one thread.
 */
final class Committer<I, O> {

  private static final Log LOG = LogFactory.getLog(ChunkLoop.class);

  // -- given --
  private final ChunkLoop.Parts<I, O> parts;
  private final RetryRule retry;

  // -- so far --
  private @Nullable Claim claim;
  private @Nullable Fence fence;
  private @Nullable Ledger ledger;
  private @Nullable String fault;
  private @Nullable Throwable cause;

  /** What an item could not be looked up for: no fault of its. */
  private @Nullable OutageException away;

  /** Rejects of the chunk at hand that the budget holds for it and that are not committed. */
  private long reserved;

  private boolean inputEnded;
  private volatile Tally tally = Tally.ZERO;

  Committer(ChunkLoop.Parts<I, O> parts) {
    this.parts = parts;
    this.retry = RetryRule.of(parts.onError().retry());
  }

  void begin(Claim claim) {
    this.claim = claim;
    this.fence = claim.fence();
    this.tally = claim.checkpoint().tally();
  }

  /** The source is open; its first item is at {@code start}. */
  void opened(Position start) {
    ledger = new Ledger(claim().checkpoint(), start);
  }

  private Claim claim() {
    return Objects.requireNonNull(claim, "not begun");
  }

  private Fence fence() {
    return Objects.requireNonNull(fence, "not begun");
  }

  Ledger ledger() {
    return Objects.requireNonNull(ledger, "not opened");
  }

  Tally tally() {
    return tally;
  }

  boolean hasFailed() {
    return cause != null;
  }

  /** Told last, since what ran when the fault was seen is committed after it. */
  @Nullable Failure failure() {
    return cause == null ? null : new Failure(fault + ". " + safePoint(), cause);
  }

  boolean isComplete() {
    return (ledger == null ? claim().checkpoint() : ledger.checkpoint()).complete();
  }

  /**
   * Commits what is good of a chunk that its workers have left.
   *
   * @param last whether no other chunk is read or to be read
   * @return whether all of it is committed
   */
  boolean settle(Slot<I, O> slot, boolean last)
      throws SupersededException, OutageException, UnknownOutcomeException {
    inputEnded = last;
    Throwable crash = slot.passage().failure();
    if (crash != null) {
      fail("cannot be processed", crash);
    }
    int good = crash == null ? judge(slot.work) : 0;
    try {
      if (good > 0) {
        commit(slot, 0, good);
      }
    } finally {
      parts.budget().release(reserved);
      reserved = 0;
    }
    if (away != null) {
      throw away;
    }
    return slot.entry.committed() == slot.work.size();
  }

  /** All that was read is settled: says so in the checkpoint, if nothing is missing. */
  void finish(boolean inputEnded)
      throws SupersededException, OutageException, UnknownOutcomeException {
    if (ledger == null
        || hasFailed()
        || !inputEnded
        || isComplete()
        || !ledger.isSettledWith(null, 0)) {
      return;
    }
    Checkpoint next = ledger.with(null, 0, Tally.ZERO, true);
    WriteException refused =
        withRetries(
            () ->
                parts.target()
                    .commit(
                        new ChunkTarget.Commit<>(fence(), next, List.of(), List.of(), new long[0])));
    if (refused == null) {
      adopted(null, 0, next, Tally.ZERO);
    } else {
      fail("cannot be completed", refused.getCause());
    }
  }

  /** How many items, from the first, can be committed; the first bad one after them is the failure. */
  private int judge(ChunkWork<I, O> work) {
    for (int i = 0; i < work.size(); i++) {
      Object outcome = work.outcome(i);
      if (outcome == null) {
        return i; // a stop or a cancellation came first
      }
      if (outcome instanceof Fault fault && !mayReject(work, i, fault)) {
        return i;
      }
    }
    return work.size();
  }

  private boolean mayReject(ChunkWork<I, O> work, int index, Fault fault) {
    if (fault.error() instanceof InterruptedException) {
      return false;
    }
    if (fault.error() instanceof OutageException outage) {
      away = outage;
      return false;
    }
    boolean blameless = fault.error() instanceof InputException;
    String refusal = blameless ? "" : parts.budget().reserve(index + 1L);
    if (refusal == null) {
      reserved++;
      return true;
    }
    failAt(work.chunk, index, fault.error(), refusal);
    return false;
  }

  /** Commits items {@code from} to before {@code to}; on a bad one, halves them to find it. */
  private void commit(Slot<I, O> slot, int from, int to)
      throws SupersededException, OutageException, UnknownOutcomeException {
    WriteException refused = withRetries(() -> transact(slot, from, to, null));
    if (refused == null || hasFailed() || parts.stop().requested() && isTransient(refused)) {
      return;
    }
    if (!refused.blamesItems()) {
      fail("cannot be written", refused.getCause());
    } else if (isTransient(refused)) {
      failAt(slot.work.chunk, from, refused.getCause(), "");
    } else if (to - from == 1) {
      rejectOrFail(slot, from, refused.getCause());
    } else {
      int middle = (from + to) >>> 1;
      commit(slot, from, middle);
      if (slot.entry.committed() == middle) {
        commit(slot, middle, to);
      }
    }
  }

  private static boolean isTransient(WriteException refused) {
    return SqlErrors.isTransient(refused.getCause());
  }

  /** One transaction, tried again as a new one. */
  private interface Transaction {
    void run()
        throws SupersededException, OutageException, UnknownOutcomeException, WriteException;
  }

  /** @return null once it is committed, else the last refusal */
  private @Nullable WriteException withRetries(Transaction transaction)
      throws SupersededException, OutageException, UnknownOutcomeException {
    for (int attempt = 1; ; attempt++) {
      try {
        transaction.run();
        return null;
      } catch (WriteException refused) {
        parts.observer().rolledBack();
        if (!retry.again(attempt, refused.getCause()) || stopAskedWithin(attempt)) {
          return refused;
        }
        parts.observer().retried(ChunkObserver.Phase.WRITE, refused.getCause());
      }
    }
  }

  private boolean stopAskedWithin(int attempt) {
    try {
      return parts.stop().await(retry.pause(attempt));
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void rejectOrFail(Slot<I, O> slot, int index, Throwable error)
      throws SupersededException, OutageException, UnknownOutcomeException {
    String refusal = parts.budget().reserve(index + 1L - slot.entry.committed());
    if (refusal != null) {
      failAt(slot.work.chunk, index, error, refusal);
      return;
    }
    reserved++;
    Object item = slot.work.outcome(index);
    try {
      transact(slot, index, index + 1, new Fault(ChunkObserver.Phase.WRITE, item, error));
    } catch (WriteException again) {
      failAt(slot.work.chunk, index, again.getCause(), "");
    }
  }

  /**
   * One transaction of the target: items {@code from} to before {@code to}.
   *
   * @param refused why the only item of the stretch is not written; null if all are
   */
  private void transact(Slot<I, O> slot, int from, int to, @Nullable Fault refused)
      throws SupersededException, OutageException, UnknownOutcomeException, WriteException {
    Stretch<I, O> stretch = Stretch.of(slot.work, from, to, refused);
    boolean complete =
        inputEnded && !hasFailed() && ledger().isSettledWith(slot.entry, to);
    Checkpoint next = ledger().with(slot.entry, to, stretch.delta(), complete);
    ChunkObserver observer = parts.observer();
    observer.beforeChunk(stretch.items);
    observer.beforeWrite(stretch.items);
    long began = System.nanoTime();
    // An interrupt in the middle of H2's file access would close its database for everybody.
    boolean interrupted = Thread.interrupted();
    try {
      parts.target().commit(stretch.commit(fence(), next));
    } catch (WriteException error) {
      observer.onWriteError(error.getCause(), stretch.items);
      observer.onChunkError(error.getCause(), stretch.items);
      throw error;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    adopted(slot.entry, to, next, stretch.delta());
    observer.committed(stretch.delta(), System.nanoTime() - began);
    observer.afterWrite(stretch.items);
    observer.afterChunk(stretch.items);
    stretch.faults.forEach(
        fault -> observer.onSkip(fault.phase(), fault.item(), fault.error()));
  }

  private void adopted(
      Ledger.@Nullable Entry entry, int items, Checkpoint next, Tally delta) {
    fence = fence().next();
    ledger().adopt(entry, items, next);
    tally = next.tally();
    reserved -= delta.rejected();
    parts.budget().committed(delta);
    if (LOG.isDebugEnabled()) {
      LOG.debug(parts.name() + ": +" + delta.read() + " items, " + tally.read() + " are safe");
    }
  }

  // -- failures, in words --

  /** Fails the attempt, for a reason that is no single item's fault; the first reason stays. */
  void fail(String what, Throwable error) {
    if (!hasFailed()) {
      String why = error instanceof ChunkTimeoutException ? "" : ": " + Faults.text(error);
      fault = parts.name() + " " + what + why;
      cause = error;
    }
  }

  private void failAt(ReadChunk<I> chunk, int index, Throwable error, String refusal) {
    if (!hasFailed()) {
      String limit = refusal.isEmpty() || !parts.budget().skips() ? "" : "; " + refusal;
      fault =
          parts.name()
              + " failed at "
              + Faults.place(chunk, index)
              + ": "
              + Faults.text(error)
              + limit;
      cause = error;
    }
  }

  private String safePoint() {
    Position watermark =
        (ledger == null ? claim().checkpoint() : ledger.checkpoint()).watermark();
    String from =
        watermark == null
            ? "the beginning"
            : "item "
                + (watermark.ordinal() + 1)
                + (watermark.line() > 0 ? ", line " + watermark.line() : "");
    return tally.read() + " items are safe; a restart goes on at " + from;
  }

  /** What one transaction carries of a chunk. */
  private static final class Stretch<I, O> {

    private final ChunkWork<I, O> work;
    private final int read;
    private final Reject.Taken taken;
    private final List<O> items;
    private final List<Fault> faults = new ArrayList<>();
    private final List<Reject> rejects = new ArrayList<>();
    private final long[] keys;

    private Stretch(ChunkWork<I, O> work, int from, int to) {
      this.work = work;
      this.read = to - from;
      this.items = new ArrayList<>(read);
      this.keys = new long[read];
      this.taken = work.chunk.taken(from, to);
    }

    static <I, O> Stretch<I, O> of(
        ChunkWork<I, O> work, int from, int to, @Nullable Fault refused) {
      Stretch<I, O> stretch = new Stretch<>(work, from, to);
      for (int i = from; i < to; i++) {
        stretch.add(i, refused == null ? work.outcome(i) : refused);
      }
      return stretch;
    }

    @SuppressWarnings("unchecked") // what is neither FILTERED nor a fault is what the step gave
    private void add(int index, @Nullable Object outcome) {
      if (outcome instanceof Fault fault) {
        faults.add(fault);
        rejects.add(Faults.reject(work.chunk, index, fault));
      } else if (outcome != ChunkWork.FILTERED) {
        keys[items.size()] = work.chunk.ordinal(index);
        items.add((O) outcome);
      }
    }

    Tally delta() {
      int rejected = rejects.size();
      return new Tally(read, items.size(), read - items.size() - rejected, rejected);
    }

    ChunkTarget.Commit<O> commit(Fence fence, Checkpoint next) {
      return new ChunkTarget.Commit<>(
          fence,
          next,
          rejects,
          items,
          items.size() == keys.length ? keys : Arrays.copyOf(keys, items.size()),
          taken);
    }
  }
}
