package dev.tranche;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The schedules of the jobs, and what became of their fires. They fire where a service runs, on any
 * number of nodes; whoever else looks sees the same.
 *
 * <p>Safe for all threads. Methods that take a job throw {@link RefusedException} if it has no
 * schedule.
 */
public interface Schedules {

  /**
   * Every job with a schedule, by name.
   *
   * @param next how many of the next fires are shown of each
   * @param fallen how many of the latest fires that did not become runs
   */
  List<ScheduleView> list(int next, int fallen);

  /** Fires, the latest first; those of {@code job} only, if it is not null. */
  List<FireView> fires(@Nullable String job, int limit);

  /** From now on, what falls due becomes no run, until {@link #resume}. */
  void pause(String job);

  /** What falls due from now on becomes runs again; what fell due while paused does not. */
  void resume(String job);

  /** Has a fire of this moment, whatever the schedule says, paused or not. */
  FireView fireNow(String job);

  /** The next fire that is not skipped yet will become no run. */
  FireView skipNext(String job);
}
