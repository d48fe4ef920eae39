package dev.tranche;

import org.jspecify.annotations.Nullable;

/**
 * A rejected item: where it was, its text, and what was wrong.
 *
 * @param takenBy the execution that ran it again; null if none has
 */
public record RejectView(
    String step,
    String partition,
    long ordinal,
    String phase,
    String source,
    long line,
    long offset,
    @Nullable String column,
    String original,
    String error,
    String message,
    String fingerprint,
    @Nullable Long takenBy) {}
