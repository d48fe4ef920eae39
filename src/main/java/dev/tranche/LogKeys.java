package dev.tranche;

/** What log lines of a run have in their diagnostic context (MDC), on all its threads. */
public final class LogKeys {

  public static final String JOB = "tranche.job";

  /** Its id. */
  public static final String EXECUTION = "tranche.execution";

  public static final String STEP = "tranche.step";

  /** Its name, such as {@code p3}. */
  public static final String PARTITION = "tranche.partition";

  private LogKeys() {}
}
