package dev.tranche.chunk;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A chunk took longer than its timeout; names the thread and the item if code did not stop. */
final class ChunkTimeoutException extends TimeoutException {

  private static final long serialVersionUID = 1L;

  private ChunkTimeoutException(String message) {
    super(message);
  }

  static ChunkTimeoutException of(Window.Slot<?, ?> slot, @Nullable Duration timeout) {
    ReadChunk<?> chunk = slot.work.chunk;
    String message =
        "was not processed within its timeout of "
            + (timeout == null ? "" : text(timeout))
            + " (items "
            + (chunk.position(0).ordinal() + 1)
            + " to "
            + (chunk.position(0).ordinal() + chunk.size())
            + ")";
    List<Stretch> stuck = slot.passage().running();
    return new ChunkTimeoutException(
        stuck.isEmpty()
            ? message
            : message
                + stuck.stream()
                    .map(stretch -> describe(chunk, stretch))
                    .collect(Collectors.joining()));
  }

  private static String describe(ReadChunk<?> chunk, Stretch stretch) {
    Thread worker = stretch.worker();
    if (worker == null) {
      return "";
    }
    return "; thread '"
        + worker.getName()
        + "' did not stop when interrupted, at item "
        + (chunk.position(stretch.at()).ordinal() + 1)
        + ": "
        + Arrays.stream(worker.getStackTrace())
            .limit(12)
            .map(StackTraceElement::toString)
            .collect(Collectors.joining(" < "));
  }

  private static String text(Duration timeout) {
    return timeout.toMillis() % 1000 == 0
        ? timeout.toSeconds() + "s"
        : timeout.toMillis() + "ms";
  }
}
