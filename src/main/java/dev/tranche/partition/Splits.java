package dev.tranche.partition;

import dev.tranche.definition.PartitionDefinition;
import dev.tranche.definition.PartitionDefinition.Time.Every;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;

/** Where a stretch of numbers or of time is to be split. */
public final class Splits {

  /** Digits of a split of decimals beyond those of its width. */
  private static final int DIGITS = 6;

  private Splits() {}

  /**
   * The places that split {@code least} to {@code greatest} into {@code count} stretches of the
   * same width, from the second stretch on; fewer if there are not as many places.
   *
   * @param isWhole whether places are whole numbers
   */
  public static List<BigDecimal> even(
      BigDecimal least, BigDecimal greatest, int count, boolean isWhole) {
    BigDecimal width = greatest.subtract(least);
    int scale = isWhole ? 0 : Math.max(0, width.scale()) + DIGITS;
    List<BigDecimal> splits = new ArrayList<>();
    BigDecimal last = least;
    for (int i = 1; i < count; i++) {
      BigDecimal split =
          least.add(
              width
                  .multiply(BigDecimal.valueOf(i))
                  .divide(BigDecimal.valueOf(count), scale, RoundingMode.CEILING));
      if (split.compareTo(last) > 0 && split.compareTo(greatest) <= 0) {
        splits.add(split);
        last = split;
      }
    }
    return splits;
  }

  /**
   * The moments at which windows of the calendar begin, after {@code first} and up to {@code last}.
   *
   * @throws InputException if there are more than a table may be cut into
   */
  public static List<Instant> calendar(Instant first, Instant last, Every every, ZoneId zone) {
    List<Instant> splits = new ArrayList<>();
    ZonedDateTime begin = begin(first.atZone(zone), every);
    ZonedDateTime next = begin;
    for (long i = 1; !next.toInstant().isAfter(last); i++) {
      if (next.toInstant().isAfter(first)) {
        splits.add(next.toInstant());
      }
      if (splits.size() >= PartitionDefinition.MOST) {
        throw new InputException("it would be cut into more than " + PartitionDefinition.MOST
            + " partitions between " + first + " and " + last + ". Use longer windows");
      }
      next = plus(begin, i, every);
    }
    return splits;
  }

  private static ZonedDateTime begin(ZonedDateTime time, Every every) {
    if (every == Every.HOUR) {
      return time.truncatedTo(ChronoUnit.HOURS);
    }
    ZonedDateTime day = time.toLocalDate().atStartOfDay(time.getZone());
    return switch (every) {
      case HOUR, DAY -> day;
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> day.withDayOfMonth(1);
    };
  }

  /** Hours are of the clock's time; days begin where the zone says. */
  private static ZonedDateTime plus(ZonedDateTime begin, long count, Every every) {
    return switch (every) {
      case HOUR -> begin.plusHours(count);
      case DAY -> begin.toLocalDate().plusDays(count).atStartOfDay(begin.getZone());
      case WEEK -> begin.toLocalDate().plusWeeks(count).atStartOfDay(begin.getZone());
      case MONTH -> begin.toLocalDate().plusMonths(count).atStartOfDay(begin.getZone());
    };
  }
}
