package dev.tranche.chunk;

import dev.tranche.chunk.Window.Slot;
import dev.tranche.definition.ChunkDefinition;
import dev.tranche.definition.OnError;
import dev.tranche.store.Claim;
import dev.tranche.store.DoneRange;
import dev.tranche.store.Position;
import dev.tranche.store.SqlErrors;
import dev.tranche.store.SupersededException;
import dev.tranche.store.Tally;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Runs one partition to its end, a chunk at a time: read, process, commit.
 *
 * <p>A chunk's rows, its rejects and the checkpoint that says so are committed in one transaction
 * of the target, so that whatever is killed when, the checkpoint tells exactly what is done. Chunks
 * may be processed, and with {@code order: completion} committed, before earlier ones: the
 * checkpoint then holds the low watermark and the ranges done beyond it.
 *
 * <p>How a chunk is processed is the {@link Pipeline}'s business, and its {@link ChunkExecutor}s'. The
 * loop cannot tell map mode from futures mode, nor one stage from several.
 *
 * <p>A loop belongs to one attempt and one thread, which alone reads, counts, commits and judges
 * faults. Build a new one for every attempt. Only {@link #tally()} may be called by others.
 */
public final class ChunkLoop<I, O> {

  /**
   * What a loop is made of.
   *
   * @param name the partition, as messages call it: {@code load/p3}
   * @param inWorker wraps what a worker does with a stretch: scopes, diagnostic context
   */
  public record Parts<I, O>(
      String name,
      ChunkDefinition chunk,
      OnError onError,
      ChunkSource<I> source,
      Pipeline<I, O> pipeline,
      ChunkStreams streams,
      ChunkTarget<O> target,
      SkipBudget budget,
      StopSignal stop,
      ChunkObserver observer,
      UnaryOperator<Runnable> inWorker) {}

  private static final Log LOG = LogFactory.getLog(ChunkLoop.class);

  // -- given --
  private final Parts<I, O> parts;
  private final ChunkSource<I> source;
  private final boolean inInputOrder;
  private final Window<I, O> window;
  private final Pipeline<I, O> pipeline;
  private final Committer<I, O> committer;
  private final Pace pace;

  // -- so far --
  private boolean inputEnded;
  private boolean interrupted;

  /** In input order: a chunk was not committed whole, so that none after it may be. */
  private boolean gap;

  public ChunkLoop(Parts<I, O> parts) {
    this.parts = parts;
    this.source = parts.source();
    this.inInputOrder =
        parts.chunk().order() == ChunkDefinition.Order.INPUT || !source.seeks();
    this.window =
        new Window<>(
            parts.pipeline(),
            inInputOrder,
            source.readsAhead() ? parts.pipeline().window() : 1,
            parts.chunk().size(),
            parts.chunk().timeout(),
            parts.stop());
    this.pipeline = parts.pipeline().timed(parts.chunk().itemTimeout(), window::stuck);
    this.committer = new Committer<>(parts);
    this.pace =
        new Pace(
            parts.chunk().size(),
            source.readsAhead() ? parts.chunk().maxSize() : null,
            System.nanoTime());
  }

  /** What is committed of the partition by this and all earlier attempts; safe for all threads. */
  public Tally tally() {
    return committer.tally();
  }

  /**
   * Goes on from the checkpoint of {@code claim} until the input ends, a stop is asked, or a fault
   * is not allowed for; closes the source. The target is its caller's to close.
   *
   * <p>An interrupt of the calling thread is a stop; the interrupt flag is set again at the end.
   */
  public Ending run(Claim claim) {
    Tally before = claim.checkpoint().tally();
    try {
      committer.begin(claim);
      if (!claim.checkpoint().complete()) {
        open(claim);
        while (hasWork()) {
          fillWindow();
          settleNext();
        }
        committer.finish(inputEnded);
      }
      return ending(before);
    } catch (SupersededException superseded) {
      return new Ending.Superseded(tally().minus(before), String.valueOf(superseded.getMessage()));
    } catch (OutageException | UnknownOutcomeException cut) {
      return new Ending.CutOff(tally().minus(before), cut);
    } finally {
      close();
    }
  }

  private Ending ending(Tally before) {
    Tally done = tally().minus(before);
    Failure failure = committer.failure();
    if (failure != null) {
      return new Ending.Failed(done, failure);
    }
    return committer.isComplete() ? new Ending.Completed(done) : new Ending.Stopped(done);
  }

  private void open(Claim claim) throws OutageException {
    try {
      source.open(claim.checkpoint().watermark());
      committer.opened(source.position());
    } catch (Exception error) {
      readFailed(error);
    }
    try {
      parts.streams().open(claim.checkpoint().context());
    } catch (Exception error) {
      committer.fail("cannot open its processors", error);
    }
  }

  private boolean hasWork() {
    return !window.isEmpty() || (!inputEnded && !isEnding());
  }

  /** Whether nothing more is read: what is in the window is settled, then the attempt ends. */
  private boolean isEnding() {
    return interrupted
        || gap
        || parts.stop().requested()
        || committer.hasFailed()
        || Thread.currentThread().isInterrupted();
  }

  private void fillWindow() throws OutageException {
    try {
      while (!inputEnded && !isEnding() && hasRoom()) {
        readChunk();
      }
    } catch (Exception error) {
      readFailed(error);
    }
    if (isEnding()) {
      window.cancelPending();
    }
  }

  /** An empty window always has room: a lead kept from other settings must not stall the loop. */
  private boolean hasRoom() {
    return window.isEmpty()
        || (window.hasRoomFor(pace.size())
            && !parts.streams().isKeeping()
            && committer.ledger().lead() < parts.chunk().maxLead());
  }

  private void readChunk() throws Exception {
    Ledger ledger = committer.ledger();
    Position stop = ledger.nextDone();
    if (stop != null && source.position().isAt(stop)) {
      DoneRange done = ledger.passDone();
      source.seek(done.to());
      return;
    }
    ReadChunk<I> chunk = source.read(pace.size(), stop);
    if (chunk != null) {
      ChunkWork<I, O> work = work(chunk);
      if (parts.observer().wantsInputs()) {
        announce(work.decodeAll());
      }
      window.submit(ledger.enter(chunk), work);
    }
    inputEnded = endsWith(chunk, stop);
    if (inputEnded) {
      parts.observer().beforeRead(); // of the end, as Spring Batch has it
    }
  }

  private void announce(List<Object> items) {
    if (!items.isEmpty()) {
      parts.observer().beforeChunk(items);
    }
  }

  private boolean endsWith(@Nullable ReadChunk<I> chunk, @Nullable Position stop) {
    boolean atStop = stop != null && source.position().isAt(stop);
    return !atStop && (chunk == null || source.atEnd());
  }

  private void readFailed(Exception error) throws OutageException {
    if (error instanceof OutageException away) {
      throw away;
    }
    if (SqlErrors.isOutage(error)) {
      throw new OutageException("the source cannot be reached: " + error.getMessage(), error);
    }
    committer.fail("cannot be read on", error);
  }

  private ChunkWork<I, O> work(ReadChunk<I> chunk) {
    return new ChunkWork<>(
        chunk,
        pipeline,
        RetryRule.of(parts.onError().retry()),
        parts.stop(),
        parts.observer(),
        parts.budget().skips(),
        parts.inWorker());
  }

  private void settleNext()
      throws SupersededException, OutageException, UnknownOutcomeException {
    Slot<I, O> slot = takeNext();
    if (slot == null || gap && inInputOrder) {
      return;
    }
    if (slot.isExpired()) {
      retryOrFail(slot);
    } else {
      gap |= !committer.settle(slot, inputEnded && window.isEmpty()) && inInputOrder;
      pace.committed(System.nanoTime());
      committedThrough(slot);
    }
  }

  /** The next chunk, or null if the window is to be looked at again first. */
  private @Nullable Slot<I, O> takeNext() {
    try {
      if (window.isEmpty()) {
        return null;
      }
      int chunks = window.chunks();
      long began = System.nanoTime();
      Slot<I, O> taken = window.take(!isEnding());
      parts.observer().waited(chunks, System.nanoTime() - began);
      return taken;
    } catch (InterruptedException asked) {
      interrupted = true;
      return null;
    }
  }

  private void committedThrough(Slot<I, O> slot) {
    if (source.readsAhead() || slot.entry.committed() < slot.work.size()) {
      return;
    }
    try {
      source.committed();
    } catch (Exception error) {
      committer.fail("cannot be read on", error);
    }
  }

  private void retryOrFail(Slot<I, O> slot) {
    ChunkTimeoutException timeout = ChunkTimeoutException.of(slot, parts.chunk().timeout());
    RetryRule retry = RetryRule.of(parts.onError().retry());
    if (slot.passage().isDone() && retry.again(slot.attempt, timeout) && !isEnding()) {
      parts.observer().retried(ChunkObserver.Phase.PROCESS, timeout);
      window.submitAgain(slot, slot.work.again());
    } else {
      gap |= inInputOrder;
      committer.fail(String.valueOf(timeout.getMessage()), timeout);
    }
  }

  private void close() {
    window.close();
    close("the source", source);
    close("its processors", parts.streams()::close);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void close(String what, AutoCloseable opened) {
    try {
      opened.close();
    } catch (Exception error) {
      LOG.warn(parts.name() + ": " + what + " could not be closed", error);
    }
  }
}
