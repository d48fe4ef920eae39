package dev.tranche.chunk;

import dev.tranche.chunk.ChunkWork.Fault;
import dev.tranche.partition.InputException;
import dev.tranche.store.Position;
import dev.tranche.store.Reject;
import java.nio.charset.StandardCharsets;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Words for what went wrong with an item, and where. */
final class Faults {

  private Faults() {}

  /** {@code item 16431 (oklahoma-region.csv, line 5012)}. */
  static String place(ReadChunk<?> chunk, int index) {
    Position position = chunk.position(index);
    String line = chunk.line(index) > 0 ? ", line " + chunk.line(index) : "";
    return "item " + (position.ordinal() + 1) + " (" + chunk.source(index) + line + ")";
  }

  /** The error in one line, with its class where the message alone would not say enough. */
  static String text(Throwable error) {
    Throwable telling = telling(error);
    String message = telling.getMessage();
    boolean plain =
        telling instanceof ItemError
            || telling instanceof InputException
            || telling instanceof ChunkTimeoutException;
    if (plain && message != null) {
      return message;
    }
    String name = telling.getClass().getSimpleName();
    if (message == null) {
      return name;
    }
    String line = message.strip().replaceAll("\\s*\\R\\s*", " ");
    return telling instanceof SQLException
        ? line.replaceFirst("^\\(conn=\\d+\\) ", "")
            .replaceFirst("; SQL statement: .*", "")
            .replaceFirst("\\.$", "")
        : name + ": " + line;
  }

  /** A batch's error hides the database's own one behind it. */
  private static Throwable telling(Throwable error) {
    if (error instanceof BatchUpdateException batch && batch.getNextException() != null) {
      return batch.getNextException();
    }
    return error;
  }

  static Reject reject(ReadChunk<?> chunk, int index, Fault fault) {
    Position position = chunk.position(index);
    Throwable error = telling(fault.error());
    String phase = fault.phase().name().toLowerCase(Locale.ROOT);
    String column = error instanceof ItemError item ? item.column() : null;
    return new Reject(
        position.ordinal(),
        phase,
        chunk.source(index),
        chunk.line(index),
        chunk.offset(index),
        column,
        chunk.original(index),
        error.getClass().getName(),
        text(fault.error()),
        fingerprint(phase, column, error));
  }

  /** Equal for errors of one kind: values, that is quoted texts and numbers, do not count. */
  private static String fingerprint(String phase, @Nullable String column, Throwable error) {
    String kind =
        String.valueOf(error.getMessage())
            .replaceAll("'[^']*'|\"[^\"]*\"|\\([^)]*\\)", "?")
            .replaceAll("\\d+", "#");
    CRC32 sum = new CRC32();
    sum.update(
        (error.getClass().getName() + '|' + phase + '|' + column + '|' + kind)
            .getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08x", sum.getValue());
  }
}
