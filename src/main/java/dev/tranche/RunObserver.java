package dev.tranche;

/** Hears of a run as it goes; called from the run's own threads, one call at a time. */
public interface RunObserver {

  RunObserver NONE = new RunObserver() {};

  /** The execution began, under this id. */
  default void started(long execution, String job) {}

  /** A step is laid out and begins. @param estimate of all its partitions, in bytes or items */
  default void stepStarted(String step, int partitions, int lanes, long estimate) {}

  /**
   * About once a second while a step runs.
   *
   * @param done share of the estimate that is done, from 0 to 1; negative if unknown
   */
  default void progress(String step, TallyView tally, int partitionsDone, double done) {}

  /** A partition's attempt failed, or waits for a database; in words. */
  default void notice(String step, String partition, String message) {}

  /** A step ended; without its partitions, and without where the data is. */
  default void stepEnded(StepView step) {}
}
