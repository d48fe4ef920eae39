package dev.tranche.definition;

import java.time.Duration;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * When a job runs by itself, and what becomes of fires that find nobody there or the job busy. It has
 * either {@code cron} or {@code every}.
 */
public record ScheduleDefinition(
    @Key(value = "The times, with seconds first, as in Spring.", notation = Notation.CRON)
    @Nullable String cron,

    @Key("Instead of `cron`: the time between two fires, counted from 1970-01-01T00:00Z.")
    @Nullable Duration every,

    @Key(value = "The time zone of the times, and of `date(...)`.", standard = Defaults.SCHEDULE_ZONE)
    ZoneId zone,

    @Key(
        value = "Which fires are made up for that were missed while the service was down.",
        standard = Defaults.SCHEDULE_MISSED)
    Missed missed,

    @Key(
        value = "What becomes of a fire while the last run still runs.",
        standard = Defaults.SCHEDULE_OVERLAP)
    Overlap overlap) {

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
