package dev.tranche.chunk;

import dev.tranche.chunk.ChunkWork.Fault;
import dev.tranche.chunk.Window.Slot;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Fence;
import dev.tranche.store.Reject;
import dev.tranche.store.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction carries of a chunk that its workers have left: items {@code from} to before
 * {@code to}. Immutable once made.
 */
final class ChunkStretch<I, O> {

  final Slot<I, O> slot;
  final ChunkWork<I, O> work;
  final int from;
  final int to;

  /** Whether it is written by itself since the whole could not be. */
  final boolean isPart;

  final List<O> items;
  final List<Fault> faults = new ArrayList<>();
  private final List<Reject> rejects = new ArrayList<>();
  private final long[] keys;

  private ChunkStretch(Slot<I, O> slot, int from, int to, boolean isPart) {
    this.slot = slot;
    this.work = slot.work;
    this.from = from;
    this.to = to;
    this.isPart = isPart;
    this.items = new ArrayList<>(to - from);
    this.keys = new long[to - from];
  }

  static <I, O> ChunkStretch<I, O> of(Slot<I, O> slot, int from, int to) {
    return new ChunkStretch<>(slot, from, to, false).filled();
  }

  ChunkStretch<I, O> part(int first, int end) {
    return new ChunkStretch<>(slot, first, end, true).filled();
  }

  /** The same single item, set aside since it could not be written. */
  ChunkStretch<I, O> refused(Throwable error) {
    ChunkStretch<I, O> refused = new ChunkStretch<>(slot, from, to, true);
    refused.add(from, new Fault(ChunkObserver.Phase.WRITE, work.outcome(from), error));
    return refused;
  }

  private ChunkStretch<I, O> filled() {
    for (int i = from; i < to; i++) {
      add(i, work.outcome(i));
    }
    return this;
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

  int size() {
    return to - from;
  }

  /** Whether its write is told: not of items that are set aside where they were. */
  boolean isTold() {
    long unwritten = faults(ChunkObserver.Phase.READ) + faults(ChunkObserver.Phase.WRITE);
    return unwritten < size();
  }

  List<Object> inputs() {
    return work.inputs(from, to);
  }

  Tally delta() {
    int rejected = rejects.size();
    return new Tally(
        size(),
        items.size(),
        size() - items.size() - rejected,
        faults(ChunkObserver.Phase.READ),
        faults(ChunkObserver.Phase.PROCESS),
        faults(ChunkObserver.Phase.WRITE));
  }

  private long faults(ChunkObserver.Phase phase) {
    return faults.stream().filter(fault -> fault.phase() == phase).count();
  }

  ChunkTarget.Commit<O> commit(Fence fence, Checkpoint next) {
    return new ChunkTarget.Commit<>(
        fence,
        next,
        rejects,
        items,
        items.size() == keys.length ? keys : Arrays.copyOf(keys, items.size()),
        work.chunk.taken(from, to));
  }
}
