package dev.tranche;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A fire of a schedule.
 *
 * @param time its logical time: {@code scheduled-at}
 * @param byHand whether somebody asked for it
 * @param state QUEUED, RUNNING, RAN, SKIPPED or FAILED
 * @param reason why it did not become a run; null if it did, or has not yet
 * @param decided when that was decided
 * @param execution the last that was run for it; null if none was
 */
public record FireView(
    String job,
    Instant time,
    boolean byHand,
    String state,
    @Nullable String reason,
    Instant decided,
    @Nullable Long execution) {}
