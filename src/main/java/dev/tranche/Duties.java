package dev.tranche;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a service does without being asked. Any number of nodes do it at the same time: what is due is
 * decided once, and carried out by one of them.
 *
 * <p>Safe for all threads.
 */
public interface Duties {

  /** Something to do, which this process has taken upon itself. */
  interface Duty {

    /** Does it, and waits for its end. Whoever throws has said so where others see it. */
    void carryOut();
  }

  /** Sees to it that all tables are there. */
  void prepare();

  /**
   * The jobs with a schedule; job files are looked at anew.
   *
   * @see #changes
   */
  Set<String> scheduled();

  /** What changed in the job files since this was last asked, in words. */
  List<String> changes();

  /**
   * Decides about all fires of a job that are due by now.
   *
   * @return when the next one is due; null if the job has no schedule, or it never fires again
   */
  @Nullable Instant decide(String job);

  /**
   * Settles the executions of dead processes, which takes as long as it takes to know that they are;
   * those that are to go on are among the next duties. */
  List<Tranche.Recovery> settle();

  /** The next thing to do, if there is one. From now on it is this process that does it. */
  Optional<Duty> next();

  /** When histories are cut back, as a cron expression; null: never. */
  @Nullable String nightly();

  /** Cuts histories back, as the settings say. */
  PurgeView purge();
}
