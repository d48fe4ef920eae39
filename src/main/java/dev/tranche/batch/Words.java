package dev.tranche.batch;

import dev.tranche.chunk.ChunkObserver;
import dev.tranche.store.Claim;
import dev.tranche.store.Position;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Places as messages say them. */
final class Words {

  private Words() {}

  /** {@code read}, {@code process} or {@code write}. */
  static String of(ChunkObserver.Phase phase) {
    return phase.name().toLowerCase(Locale.ROOT);
  }

  /** {@code 1 item}, {@code 2 items}. */
  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** {@code 2 s}, {@code 300 ms}. */
  static String time(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }

  /** As in a job file: {@code 15m}, {@code 1d}. */
  static String duration(Duration time) {
    long millis = time.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 60 != 0) {
      return seconds + "s";
    }
    if (seconds % 3600 != 0) {
      return seconds / 60 + "m";
    }
    return seconds % 86_400 != 0 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
  }

  /** With one full stop at its end. */
  static String sentence(@Nullable String text) {
    return String.valueOf(text).replaceFirst("\\.*$", "") + ".";
  }

  /** Where a restart goes on. */
  static String position(@Nullable Position watermark) {
    if (watermark == null) {
      return "the beginning";
    }
    String line = watermark.line() > 0 ? ", line " + watermark.line() : "";
    return "item " + (watermark.ordinal() + 1) + line;
  }

  /** How much of a partition is safe; {@code claim} is null where there is no checkpoint. */
  static String safePoint(@Nullable Claim claim) {
    if (claim == null) {
      return "Nothing of it is safe; a restart goes on at the beginning";
    }
    return count(claim.checkpoint().tally().read(), "item")
        + " safe; a restart goes on at "
        + position(claim.checkpoint().watermark());
  }
}
