package dev.tranche.chunk;

import dev.tranche.chunk.ChunkWork.Fault;
import dev.tranche.chunk.Window.Slot;
import dev.tranche.partition.InputException;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Claim;
import dev.tranche.store.Fence;
import dev.tranche.store.Position;
import dev.tranche.store.SqlErrors;
import dev.tranche.store.SupersededException;
import dev.tranche.store.Tally;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
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

  /** So many items are found the bad one of in fewer transactions one by one than by halving. */
  private static final int ONE_BY_ONE = 3;

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
      if (good == slot.work.size() || good > 0 && mayEndWithinAChunk()) {
        commit(ChunkStretch.of(slot, 0, good));
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
    WriteException refused =
        withRetries(
            () ->
                advance(
                    ChunkObserver.NONE, // it carries no item, and is not counted
                    null,
                    0,
                    Tally.ZERO,
                    true,
                    next ->
                        new ChunkTarget.Commit<>(
                            fence(), next, List.of(), List.of(), new long[0])));
    if (refused != null) {
      fail("cannot be completed", refused.getCause());
    }
  }

  /** Not if processors keep something: they know items of the chunk that are processed again. */
  private boolean mayEndWithinAChunk() {
    try {
      parts.streams().update();
      return !parts.streams().isKeeping();
    } catch (Exception unknown) {
      return false;
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

  /** Commits a stretch; on a bad item, in parts to find it. */
  private void commit(ChunkStretch<I, O> stretch)
      throws SupersededException, OutageException, UnknownOutcomeException {
    WriteException refused = write(stretch);
    if (refused == null || hasFailed() || parts.stop().requested() && isTransient(refused)) {
      return;
    }
    if (!refused.blamesItems()) {
      fail("cannot be written", refused.getCause());
    } else if (isTransient(refused)) {
      failAt(stretch.work.chunk, stretch.from, refused.getCause(), "");
    } else if (stretch.size() == 1) {
      rejectOrFail(stretch, refused.getCause());
    } else {
      commitInParts(stretch);
    }
  }

  private void commitInParts(ChunkStretch<I, O> stretch)
      throws SupersededException, OutageException, UnknownOutcomeException {
    int size = stretch.size() <= ONE_BY_ONE ? 1 : stretch.size() / 2;
    int from = stretch.from;
    while (from < stretch.to && stretch.slot.entry.committed() == from) {
      int rest = stretch.to - from;
      int to = size > 1 && rest < 2 * size ? stretch.to : from + size;
      commit(stretch.part(from, to));
      from = to;
    }
  }

  /**
   * One transaction, tried again as a new one, and told as one. A listener hears of a failure of the
   * whole only: while its parts are tried, the item at fault is being looked for.
   *
   * @return null once it is committed, else the last refusal
   */
  private @Nullable WriteException write(ChunkStretch<I, O> stretch)
      throws SupersededException, OutageException, UnknownOutcomeException {
    ChunkObserver observer = parts.observer();
    if (stretch.isPart && observer.wantsInputs() && stretch.isTold()) {
      observer.beforeChunk(stretch.inputs());
    }
    WriteException refused;
    try {
      if (stretch.isTold()) {
        observer.beforeWrite(stretch.items);
      }
      refused = withRetries(() -> transact(stretch));
    } catch (Exception | Error cut) {
      observer.notWritten(cut);
      throw cut;
    }
    if (refused != null) {
      observer.notWritten(refused.getCause());
    }
    if (refused != null && !stretch.isPart) {
      observer.onWriteError(refused.getCause(), stretch.items);
      observer.onChunkError(refused.getCause(), stretch.items);
    }
    return refused;
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

  private void rejectOrFail(ChunkStretch<I, O> stretch, Throwable error)
      throws SupersededException, OutageException, UnknownOutcomeException {
    int index = stretch.from;
    String refusal = parts.budget().reserve(index + 1L - stretch.slot.entry.committed());
    if (refusal != null) {
      failAt(stretch.work.chunk, index, error, refusal);
      return;
    }
    reserved++;
    try {
      transact(stretch.refused(error));
      parts.observer().onChunkError(error, stretch.items);
    } catch (WriteException again) {
      failAt(stretch.work.chunk, index, again.getCause(), "");
    }
  }

  private void transact(ChunkStretch<I, O> stretch)
      throws SupersededException, OutageException, UnknownOutcomeException, WriteException {
    Ledger.Entry entry = stretch.slot.entry;
    boolean complete = inputEnded && !hasFailed() && ledger().isSettledWith(entry, stretch.to);
    ChunkObserver observer = parts.observer();
    advance(
        observer,
        entry,
        stretch.to,
        stretch.delta(),
        complete,
        next -> stretch.commit(fence(), next));
    if (stretch.isTold()) {
      observer.afterWrite(stretch.items);
      observer.afterChunk(stretch.items);
    }
    stretch.faults.forEach(
        fault -> observer.onSkip(fault.phase(), fault.item(), fault.error()));
  }

  /**
   * One transaction of the target, which moves the checkpoint on.
   *
   * @param observer who is told how it ended, however it did
   * @param carried what it carries, given the checkpoint that goes with it
   */
  private void advance(
      ChunkObserver observer,
      Ledger.@Nullable Entry entry,
      int items,
      Tally delta,
      boolean complete,
      Function<Checkpoint, ChunkTarget.Commit<O>> carried)
      throws SupersededException, OutageException, UnknownOutcomeException, WriteException {
    Checkpoint next;
    long began = System.nanoTime();
    try {
      observer.committing();
      next = withContext(ledger().with(entry, items, delta, complete));
      commitUninterrupted(carried.apply(next));
    } catch (UnknownOutcomeException unknown) {
      observer.outcomeUnknown(unknown);
      throw unknown;
    } catch (WriteException refused) {
      observer.rolledBack(refused.getCause());
      throw refused;
    } catch (Exception | Error ended) {
      observer.rolledBack(ended);
      throw ended;
    }
    adopted(entry, items, next, delta);
    observer.committed(delta, System.nanoTime() - began);
  }

  /** An interrupt in the middle of H2's file access would close its database for everybody. */
  private void commitUninterrupted(ChunkTarget.Commit<O> commit)
      throws SupersededException, OutageException, UnknownOutcomeException, WriteException {
    boolean interrupted = Thread.interrupted();
    try {
      parts.target().commit(commit);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** With what the processors keep. */
  private Checkpoint withContext(Checkpoint next) throws WriteException {
    try {
      return next.with(parts.streams().update());
    } catch (Exception error) {
      throw new WriteException(error, false);
    }
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
}
