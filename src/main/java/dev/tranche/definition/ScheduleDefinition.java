package dev.tranche.definition;

import java.time.ZoneId;

/** When a job runs by itself, and what becomes of fires that find nobody there or the job busy. */
public record ScheduleDefinition(String cron, ZoneId zone, Missed missed, Overlap overlap) {

  public enum Missed {
    RUN_ALL,
    RUN_LAST,
    SKIP
  }

  public enum Overlap {
    QUEUE,
    SKIP,
    FAIL
  }
}
