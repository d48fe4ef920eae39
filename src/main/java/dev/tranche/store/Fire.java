package dev.tranche.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A fire of a schedule, and what became of it.
 *
 * @param time the logical time: with the job, what makes it unique
 * @param byHand whether somebody asked for it, rather than the schedule
 * @param reason why it did not become a run; null if it did, or has not yet
 * @param process that carries it out or did, of TRANCHE_PROCESS; null before
 * @param execution the last that was run for it; 0 if none was
 */
public record Fire(
    String job,
    Instant time,
    boolean byHand,
    State state,
    @Nullable String reason,
    Instant decided,
    @Nullable String process,
    long execution) {

  /** What became of it so far. */
  public enum State {
    /** It is to become a run. */
    QUEUED,
    /** A process makes a run of it. */
    RUNNING,
    /** It became a run, which has ended, however it ended. */
    RAN,
    /** It will not become a run, by a rule or because somebody said so. */
    SKIPPED,
    /** It could not become a run, or was not to at that time. */
    FAILED
  }

  public boolean isOpen() {
    return state == State.QUEUED || state == State.RUNNING;
  }
}
