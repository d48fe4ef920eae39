package dev.tranche.chunk;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The chunks that are read and not yet committed, in input order.
 *
 * <p>Belongs to the partition's thread; workers and a stop only wake it.
 */
final class Window<I, O> {

  /** How long a worker that was interrupted may take before it counts as stuck. */
  private static final long GRACE = Duration.ofSeconds(1).toNanos();

  /** A chunk in the window. */
  static final class Slot<I, O> {

    final Ledger.Entry entry;
    final ChunkWork<I, O> work;
    final int attempt;
    private final Passage passage;
    private @Nullable Long expiredAt;

    private Slot(
        Ledger.Entry entry, ChunkWork<I, O> work, int attempt, Passage passage) {
      this.entry = entry;
      this.work = work;
      this.attempt = attempt;
      this.passage = passage;
    }

    Passage passage() {
      return passage;
    }

    /** Whether its processing took longer than the timeout. */
    boolean isExpired() {
      return expiredAt != null;
    }
  }

  // -- given --
  private final Pipeline<I, O> pipeline;
  private final boolean inInputOrder;
  private final int size;
  private final int leastItems;
  private final @Nullable Duration timeout;
  private final StopSignal stop;

  // -- so far --
  private final Deque<Slot<I, O>> slots = new ArrayDeque<>();
  private final Semaphore wake = new Semaphore(0);
  private final Runnable waker = wake::release;

  /** Workers that an item's timeout did not stop. */
  private final Set<Thread> stuck = ConcurrentHashMap.newKeySet();

  /**
   * @param size chunks it holds at most
   * @param leastItems of a chunk that has not grown
   */
  Window(
      Pipeline<I, O> pipeline,
      boolean inInputOrder,
      int size,
      int leastItems,
      @Nullable Duration timeout,
      StopSignal stop) {
    this.pipeline = pipeline;
    this.inInputOrder = inInputOrder;
    this.size = size;
    this.leastItems = leastItems;
    this.timeout = timeout;
    this.stop = stop;
    stop.onRequest(waker);
  }

  /** How many are in it. */
  int chunks() {
    return slots.size();
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  /** Chunks that have grown take the room of several. */
  boolean hasRoomFor(int items) {
    return slots.size() < size && items + held() <= (long) size * leastItems;
  }

  private long held() {
    return slots.stream().mapToLong(slot -> slot.work.size()).sum();
  }

  void submit(Ledger.Entry entry, ChunkWork<I, O> work) {
    slots.addLast(new Slot<>(entry, work, 1, Passage.begin(pipeline, work, waker)));
  }

  /** Puts a chunk that was taken to the workers once more, at the place it had. */
  void submitAgain(Slot<I, O> slot, ChunkWork<I, O> work) {
    Slot<I, O> again =
        new Slot<>(
            slot.entry, work, slot.attempt + 1, Passage.begin(pipeline, work, waker));
    Deque<Slot<I, O>> later = new ArrayDeque<>();
    while (!slots.isEmpty() && slots.peekLast().entry.index() > slot.entry.index()) {
      later.addFirst(slots.removeLast());
    }
    slots.addLast(again);
    slots.addAll(later);
  }

  /**
   * Waits for the next chunk that its workers have left: the first in the window, or any, as the
   * step's order says.
   *
   * @return null if a stop was asked before there was one: then the window wants to be {@linkplain
   *     #cancelPending() cancelled} first
   */
  @Nullable Slot<I, O> take(boolean untilStop) throws InterruptedException {
    while (true) {
      wake.drainPermits();
      expire();
      Slot<I, O> ready = pollReady();
      if (ready != null || (untilStop && stop.requested())) {
        return ready;
      }
      await();
    }
  }

  private @Nullable Slot<I, O> pollReady() {
    for (Iterator<Slot<I, O>> each = slots.iterator(); each.hasNext(); ) {
      Slot<I, O> slot = each.next();
      if (slot.passage.isDone() || isStuck(slot)) {
        each.remove();
        return slot;
      }
      if (inInputOrder) {
        return null;
      }
    }
    return null;
  }

  private static boolean isStuck(Slot<?, ?> slot) {
    return slot.expiredAt != null && System.nanoTime() - slot.expiredAt >= GRACE;
  }

  /** A worker did not leave an item whose timeout is over: its chunk is given up. Any thread. */
  void stuck(Thread worker) {
    stuck.add(worker);
    wake.release();
  }

  /** Gives up chunks whose workers are stuck; cancels what else there is of them. */
  private void giveUpStuck() throws InterruptedException {
    for (Slot<I, O> slot : slots) {
      boolean given =
          slot.passage.running().stream()
              .anyMatch(stretch -> stretch.worker() != null && stuck.contains(stretch.worker()));
      if (given && !slot.isExpired()) {
        slot.expiredAt = System.nanoTime() - GRACE;
        slot.passage.cancel(0);
      }
    }
  }

  /** Interrupts the workers of chunks that take longer than the timeout. */
  private void expire() throws InterruptedException {
    if (!stuck.isEmpty()) {
      giveUpStuck();
    }
    if (timeout == null) {
      return;
    }
    for (Slot<I, O> slot : slots) {
      Long startedAt = slot.passage.startedAt();
      if (!slot.isExpired()
          && !slot.passage.isDone()
          && startedAt != null
          && System.nanoTime() - startedAt >= timeout.toNanos()) {
        slot.expiredAt = System.nanoTime();
        slot.passage.cancel(0);
      }
    }
  }

  private void await() throws InterruptedException {
    if (timeout == null) {
      wake.acquire();
      return;
    }
    long now = System.nanoTime();
    // A chunk that begins later than now cannot expire before now + timeout.
    long pause = timeout.toNanos();
    for (Slot<I, O> slot : slots) {
      Long startedAt = slot.passage.startedAt();
      if (slot.expiredAt != null) {
        pause = Math.min(pause, slot.expiredAt + GRACE - now);
      } else if (startedAt != null) {
        pause = Math.min(pause, startedAt + timeout.toNanos() - now);
      }
    }
    wake.tryAcquire(Math.max(pause, 0), TimeUnit.NANOSECONDS);
  }

  /** Cancels the chunks that no worker has begun. */
  void cancelPending() {
    slots.stream()
        .filter(slot -> !slot.passage.hasBegun())
        .forEach(slot -> slot.passage.cancelPending());
  }

  /** Cancels all chunks and waits for their workers, which must not outlive the attempt. */
  void close() {
    stop.forget(waker);
    boolean interrupted = false;
    for (Slot<I, O> slot : slots) {
      try {
        slot.passage.cancel(GRACE);
      } catch (InterruptedException asked) {
        interrupted = true;
      }
    }
    slots.clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
