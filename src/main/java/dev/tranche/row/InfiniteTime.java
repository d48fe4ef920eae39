package dev.tranche.row;

import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * PostgreSQL's infinity: the first and the last moment that Java knows. Its driver has them at the
 * far ends of all offsets, from where there is no way to another one; rows have them in UTC.
 */
public final class InfiniteTime {

  private static final OffsetDateTime LAST = LocalDateTime.MAX.atOffset(ZoneOffset.UTC);
  private static final OffsetDateTime FIRST = LocalDateTime.MIN.atOffset(ZoneOffset.UTC);

  private InfiniteTime() {}

  /** A moment of the driver's, for a row. */
  public static OffsetDateTime ofDriver(OffsetDateTime time) {
    return time.equals(OffsetDateTime.MAX) ? LAST : time.equals(OffsetDateTime.MIN) ? FIRST : time;
  }

  /** A moment of a row's, for the driver. */
  public static OffsetDateTime toDriver(OffsetDateTime time) {
    return time.equals(LAST)
        ? OffsetDateTime.MAX
        : time.equals(FIRST) ? OffsetDateTime.MIN : time;
  }
}
