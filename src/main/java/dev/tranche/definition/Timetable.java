package dev.tranche.definition;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/**
 * The times at which a schedule fires.
 *
 * <p>A cron expression is about wall clocks, and these are put forward and back. A time that is
 * skipped then fires once, at the first moment after the gap; a time that comes twice fires at the
 * first of the two. Where the field of hours is {@code *}, the expression is about intervals: it
 * fires in every hour that there is, so twice in one that comes twice, and not for one that is
 * skipped. A fixed rate is counted from 1970-01-01T00:00Z and knows no wall clock.
 *
 * <p>Immutable; safe for all threads.
 */
public final class Timetable {

  private static final String EVERY = "every ";
  private static final String CRON = "cron ";

  private final String text;
  private final @Nullable Duration every;
  private final @Nullable CronExpression cron;
  private final boolean everyHour;
  private final ZoneId zone;

  private Timetable(
      String text, @Nullable Duration every, @Nullable String cron, ZoneId zone) {
    this.text = text;
    this.every = every;
    this.cron = cron == null ? null : CronExpression.parse(cron);
    this.everyHour = this.cron != null && this.cron.toString().trim().split("\\s+")[2].equals("*");
    this.zone = zone;
  }

  public static Timetable of(ScheduleDefinition schedule) {
    Duration every = schedule.every();
    return every != null
        ? new Timetable(EVERY + every, every, null, schedule.zone())
        : new Timetable(
            CRON + schedule.zone() + " " + schedule.cron(),
            null,
            schedule.cron(),
            schedule.zone());
  }

  /** @throws IllegalArgumentException if it is no cron expression; its message is a sentence */
  public static Timetable cron(String cron, ZoneId zone) {
    Notation.CRON.parse(cron);
    return new Timetable(CRON + zone + " " + cron, null, cron, zone);
  }

  /**
   * The one whose {@link #text} this is.
   *
   * @throws IllegalArgumentException if it is none's
   */
  public static Timetable parse(String text) {
    try {
      if (text.startsWith(EVERY)) {
        Duration every = Duration.parse(text.substring(EVERY.length()));
        return new Timetable(text, every, null, ZoneId.of("UTC"));
      }
      String[] parts = text.substring(CRON.length()).split(" ", 2);
      return new Timetable(text, null, parts[1], ZoneId.of(parts[0]));
    } catch (DateTimeException | IndexOutOfBoundsException broken) {
      throw new IllegalArgumentException("'" + text + "' is no timetable", broken);
    }
  }

  /** All that matters of it; equal texts are equal times. */
  public String text() {
    return text;
  }

  /** The first time after {@code after}; null if there is none any more. */
  public @Nullable Instant next(Instant after) {
    if (every != null) {
      long millis = every.toMillis();
      long past = Math.floorDiv(after.toEpochMilli(), millis);
      return Instant.ofEpochMilli(Math.multiplyExact(past + 1, millis));
    }
    return everyHour ? inEveryHour(after) : onceADay(after);
  }

  private @Nullable Instant onceADay(Instant after) {
    LocalDateTime local = next(after.atZone(zone).toLocalDateTime());
    while (local != null && !moment(local).isAfter(after)) {
      local = next(local);
    }
    return local == null ? null : moment(local);
  }

  /** In a gap, its end; of two, the first. */
  private Instant moment(LocalDateTime local) {
    ZoneOffsetTransition transition = zone.getRules().getTransition(local);
    return transition != null && transition.isGap()
        ? transition.getInstant()
        : ZonedDateTime.ofLocal(local, zone, null).toInstant();
  }

  /** Between two changes of the clock, a wall clock is as good as any. */
  private @Nullable Instant inEveryHour(Instant after) {
    ZoneRules rules = zone.getRules();
    LocalDateTime local = next(LocalDateTime.ofInstant(after, zone));
    Instant found = local == null ? null : local.toInstant(rules.getOffset(after));
    ZoneOffsetTransition change = rules.nextTransition(after);
    while (local != null && found != null && change != null && !found.isBefore(change.getInstant())) {
      local = next(change.getDateTimeAfter().minusNanos(1));
      found = local == null ? null : local.toInstant(change.getOffsetAfter());
      change = rules.nextTransition(change.getInstant());
    }
    return found;
  }

  private @Nullable LocalDateTime next(LocalDateTime local) {
    return cron == null ? null : cron.next(local);
  }

  @Override
  public String toString() {
    return text;
  }
}
