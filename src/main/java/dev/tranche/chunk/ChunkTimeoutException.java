package dev.tranche.chunk;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A chunk, or an item, took longer than its timeout. If code did not stop, the message names the
 * thread, its item and where it is, and the whole stack of each such thread is a suppressed
 * exception.
 */
final class ChunkTimeoutException extends TimeoutException {

  private static final long serialVersionUID = 1L;

  /** So many frames fit a message; the log has all of them. */
  private static final int FRAMES = 12;

  private ChunkTimeoutException(String message) {
    super(message);
  }

  /** An item whose call was interrupted. @param error what that led to; null: it returned late */
  static ChunkTimeoutException ofItem(Duration limit, @Nullable Exception error) {
    ChunkTimeoutException timeout =
        new ChunkTimeoutException("took longer than " + text(limit) + " (chunk.item-timeout)");
    if (error != null) {
      timeout.initCause(error);
    }
    return timeout;
  }

  /** @param timeout of the chunk; null: an item's was over, and its worker did not stop */
  static ChunkTimeoutException of(Window.Slot<?, ?> slot, @Nullable Duration timeout) {
    ReadChunk<?> chunk = slot.work.chunk;
    List<Stuck> stuck =
        slot.passage().running().stream()
            .filter(stretch -> stretch.worker() != null)
            .map(stretch -> new Stuck(stretch.worker(), stretch.at(), chunk))
            .toList();
    ChunkTimeoutException exception =
        new ChunkTimeoutException(
            "was not processed within its timeout"
                + (timeout == null ? "" : " of " + text(timeout))
                + " (items "
                + (chunk.position(0).ordinal() + 1)
                + " to "
                + (chunk.position(0).ordinal() + chunk.size())
                + ")"
                + stuck.stream().map(Stuck::describe).collect(Collectors.joining()));
    stuck.forEach(each -> exception.addSuppressed(each.dump()));
    return exception;
  }

  private static String text(Duration timeout) {
    return timeout.toMillis() % 1000 == 0
        ? timeout.toSeconds() + "s"
        : timeout.toMillis() + "ms";
  }

  /** A thread that did not stop, as it was found. */
  private static final class Stuck {

    private final String thread;
    private final Thread.State state;
    private final StackTraceElement[] stack;
    private final long item;

    Stuck(Thread worker, int at, ReadChunk<?> chunk) {
      this.thread = worker.getName();
      this.state = worker.getState();
      this.stack = worker.getStackTrace();
      this.item = chunk.position(at).ordinal() + 1;
    }

    String describe() {
      return "; thread '"
          + thread
          + "' did not stop when interrupted, at item "
          + item
          + ": "
          + Arrays.stream(stack)
              .limit(FRAMES)
              .map(StackTraceElement::toString)
              .collect(Collectors.joining(" < "));
    }

    /** What a thread dump would show, wherever the exception is printed. */
    Throwable dump() {
      Throwable dump =
          new Throwable("thread '" + thread + "', " + state + ", at item " + item, null, false, true) {
            private static final long serialVersionUID = 1L;
          };
      dump.setStackTrace(stack);
      return dump;
    }
  }
}
