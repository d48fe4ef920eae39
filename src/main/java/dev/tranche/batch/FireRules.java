package dev.tranche.batch;

import dev.tranche.definition.ScheduleDefinition;
import dev.tranche.definition.ScheduleDefinition.Missed;
import dev.tranche.definition.ScheduleDefinition.Overlap;
import dev.tranche.definition.Timetable;
import dev.tranche.store.Fire;
import dev.tranche.store.Fires;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of each time of a schedule, as of one moment. Each time is decided once: a clock that
 * is put back finds its times decided, one that is put forward finds them missed.
 *
 * @param now in whole milliseconds
 * @param late how long after its time a fire is still in time
 */
record FireRules(String job, ScheduleDefinition schedule, Instant now, Duration late) {

  /** Times that are decided in one transaction. */
  private static final int AT_ONCE = 500;

  private static final String NOBODY = "no service ran at that time";

  Timetable timetable() {
    return Timetable.of(schedule);
  }

  /** The timing of a schedule that was never seen before: nothing before now was missed. */
  Fires.Timing first() {
    return new Fires.Timing(timetable().text(), now, false);
  }

  /**
   * Decides the first times that are due. Those up to now are the old timetable's, if it changed.
   *
   * @return the timing as it is then, whose times may still be due
   */
  Fires.Timing decide(Fires.Timing timing, Fires.Page page) throws SQLException {
    Timetable held = Timetable.parse(timing.times());
    Instant to = timing.decidedTo();
    Instant time = held.next(to);
    for (int i = 0; time != null && isDue(time) && i < AT_ONCE; i++) {
      Instant following = held.next(time);
      page.add(judge(time, following, timing.paused(), page));
      to = time;
      time = following;
    }
    Fires.Timing decided = isDue(time)
        ? new Fires.Timing(held.text(), to, timing.paused())
        : new Fires.Timing(timetable().text(), to.isAfter(now) ? to : now, timing.paused());
    page.store(decided);
    return decided;
  }

  /** Whether all that is due is decided. */
  boolean isDone(Fires.Timing timing) {
    return !timing.decidedTo().isBefore(now);
  }

  private boolean isDue(@Nullable Instant time) {
    return time != null && !time.isAfter(now);
  }

  private Fire judge(Instant time, @Nullable Instant following, boolean paused, Fires.Page page)
      throws SQLException {
    if (paused) {
      return fire(time, Fire.State.SKIPPED, "the schedule was paused");
    }
    if (isMissed(time)) {
      return missed(time, following);
    }
    if (schedule.overlap() == Overlap.QUEUE) {
      return fire(time, Fire.State.QUEUED, null);
    }
    String busy = busy(page);
    if (busy == null) {
      return fire(time, Fire.State.QUEUED, null);
    }
    return schedule.overlap() == Overlap.SKIP
        ? fire(time, Fire.State.SKIPPED, busy + " (overlap: skip)")
        : fire(time, Fire.State.FAILED, busy + " (overlap: fail)");
  }

  private Fire missed(Instant time, @Nullable Instant following) {
    boolean last = following == null || following.isAfter(now) || !isMissed(following);
    if (schedule.missed() == Missed.RUN_ALL || schedule.missed() == Missed.RUN_LAST && last) {
      return fire(time, Fire.State.QUEUED, null);
    }
    return schedule.missed() == Missed.SKIP
        ? fire(time, Fire.State.SKIPPED, NOBODY + " (missed: skip)")
        : fire(
            time,
            Fire.State.SKIPPED,
            NOBODY + ", and a later fire makes up for it (missed: run-last)");
  }

  private boolean isMissed(Instant time) {
    return Duration.between(time, now).compareTo(late) > 0;
  }

  /** What keeps the job busy, in words; null if nothing does. */
  private static @Nullable String busy(Fires.Page page) throws SQLException {
    long running = page.running();
    if (running != 0) {
      return "execution " + running + " still ran";
    }
    Optional<Fire> open = page.first(Fire.State.RUNNING);
    if (open.isEmpty()) {
      open = page.first(Fire.State.QUEUED);
    }
    return open.map(fire -> "the fire of " + fire.time() + " was still to run").orElse(null);
  }

  Fire fire(Instant time, Fire.State state, @Nullable String reason) {
    return new Fire(job, time, false, state, reason, now, null, 0);
  }
}
