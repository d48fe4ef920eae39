package dev.tranche.chunk;

import dev.tranche.row.Digest;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.DoneRange;
import dev.tranche.store.Position;
import dev.tranche.store.Tally;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What of a partition is done: the low watermark, and what lies beyond it, in input order.
 *
 * <p>The loop enters every stretch of input as it reads it, asks what the checkpoint would be with
 * some more of it done, and has that adopted once the transaction is committed. One attempt, one
 * thread.
 */
final class Ledger {

  // -- given --
  private final Position start;

  // -- so far --
  private Checkpoint checkpoint;
  private final Deque<DoneRange> ahead;
  private final TreeMap<Long, Entry> entries = new TreeMap<>();
  private long entered;

  /** @param start the place of the watermark, as the source names it after it was opened there */
  Ledger(Checkpoint found, Position start) {
    this.checkpoint = found;
    this.start = start;
    this.ahead = new ArrayDeque<>(found.done());
  }

  Checkpoint checkpoint() {
    return checkpoint;
  }

  /** Where the next range found done begins: the reader stops there. */
  @Nullable Position nextDone() {
    DoneRange next = ahead.peek();
    return next == null ? null : next.from();
  }

  /** The reader is at the next range found done: enters it, and returns it. */
  DoneRange passDone() {
    DoneRange range = ahead.remove();
    entries.put(entered, new Entry(entered, range));
    entered++;
    return range;
  }

  Entry enter(ReadChunk<?> chunk) {
    Entry entry = new Entry(entered, chunk);
    entries.put(entered, entry);
    entered++;
    return entry;
  }

  /** How many chunks the newest is beyond the watermark. */
  long lead() {
    return entries.isEmpty() ? 0 : entered - entries.firstKey();
  }

  /** Whether all that is known of the input is committed once {@code items} of {@code entry} are. */
  boolean isSettledWith(@Nullable Entry entry, int items) {
    return ahead.isEmpty()
        && entries.values().stream()
            .allMatch(each -> each == entry ? each.isWhole(items) : each.isWhole(each.committed));
  }

  /**
   * The checkpoint once the first {@code items} of {@code entry} are committed; with a null entry:
   * as things are.
   *
   * @param delta what that adds to the tally
   */
  Checkpoint with(@Nullable Entry entry, int items, Tally delta, boolean complete) {
    Position watermark = checkpoint.watermark() == null ? start : checkpoint.watermark();
    Digest digest = checkpoint.digest();
    List<DoneRange> done = new ArrayList<>();
    boolean contiguous = true;
    boolean adjoins = false;
    for (Entry each : entries.values()) {
      DoneRange range = each == entry ? each.range(items) : each.done;
      if (range != null && contiguous) {
        watermark = range.to();
        digest = digest.then(range.digest());
      } else if (range != null) {
        append(done, range, adjoins);
      }
      adjoins = each.isWhole(each == entry ? items : each.committed);
      contiguous &= adjoins;
    }
    done.addAll(ahead);
    return new Checkpoint(watermark, digest, done, checkpoint.tally().plus(delta), complete);
  }

  private static void append(List<DoneRange> done, DoneRange range, boolean adjoins) {
    if (!adjoins || done.isEmpty()) {
      done.add(range);
      return;
    }
    DoneRange last = done.remove(done.size() - 1);
    done.add(
        new DoneRange(
            last.from(),
            range.to(),
            last.items() + range.items(),
            last.digest().then(range.digest())));
  }

  /** {@code next}, made by {@link #with} for the same entry and items, is committed now. */
  void adopt(@Nullable Entry entry, int items, Checkpoint next) {
    checkpoint = next;
    if (entry != null) {
      entry.commit(items);
    }
    while (!entries.isEmpty() && entries.firstEntry().getValue().isWhole()) {
      entries.pollFirstEntry();
    }
    if (!entries.isEmpty()) {
      entries.firstEntry().getValue().absorb();
    }
  }

  /** A stretch of input between the watermark and the reader: a chunk, or a range found done. */
  static final class Entry {

    // -- given --
    private final long index;
    private final int size;

    // -- so far --
    /** Released once the whole chunk is committed, since it holds the bytes read. */
    private @Nullable ReadChunk<?> chunk;

    /** Items, from the first, that the watermark has passed. */
    private int absorbed;

    /** Items, from the first, that are committed. */
    private int committed;

    /** What is committed and not absorbed. */
    private @Nullable DoneRange done;

    private Entry(long index, ReadChunk<?> chunk) {
      this.index = index;
      this.size = chunk.size();
      this.chunk = chunk;
    }

    private Entry(long index, DoneRange done) {
      this.index = index;
      this.size = 0;
      this.done = done;
    }

    /** From 0 within the attempt, in input order. */
    long index() {
      return index;
    }

    int committed() {
      return committed;
    }

    private boolean isWhole() {
      return isWhole(committed);
    }

    private boolean isWhole(int items) {
      return items == size;
    }

    /** What is done beyond the watermark once the first {@code items} are. */
    private @Nullable DoneRange range(int items) {
      if (items == absorbed || chunk == null) {
        return done;
      }
      return new DoneRange(
          chunk.position(absorbed),
          chunk.position(items),
          items - absorbed,
          chunk.digest(absorbed, items));
    }

    private void commit(int items) {
      done = range(items);
      committed = items;
      if (isWhole()) {
        chunk = null;
      }
    }

    /** The watermark has passed what is committed. */
    private void absorb() {
      absorbed = committed;
      done = null;
    }
  }
}
