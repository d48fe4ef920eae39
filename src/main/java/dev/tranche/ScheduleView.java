package dev.tranche;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The schedule of a job.
 *
 * @param times a cron expression or {@code every 15m}, as in the job file
 * @param missed as in the job file: {@code run-all}, {@code run-last} or {@code skip}
 * @param overlap as in the job file: {@code queue}, {@code skip} or {@code fail}
 * @param next the next fires; those among them that are to be skipped are left out
 * @param open fires that run or are queued, in the order of their times
 * @param fallen the latest fires that did not become runs, the latest first
 * @param last the latest fire that became a run; null if there is none
 */
public record ScheduleView(
    String job,
    String times,
    String zone,
    String missed,
    String overlap,
    boolean paused,
    List<Instant> next,
    List<FireView> open,
    List<FireView> fallen,
    @Nullable FireView last) {}
