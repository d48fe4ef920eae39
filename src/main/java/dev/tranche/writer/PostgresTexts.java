package dev.tranche.writer;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Dates and times as PostgreSQL reads them, whatever its settings. */
final class PostgresTexts {

  private static final int LAST_YEAR_OF_FOUR_DIGITS = 9999;

  private PostgresTexts() {}

  static String date(LocalDate day) {
    return text(day, "");
  }

  static String time(LocalDateTime time) {
    return text(time.toLocalDate(), " " + time.toLocalTime());
  }

  static String moment(OffsetDateTime moment) {
    LocalDateTime utc = moment.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
    return text(utc.toLocalDate(), " " + utc.toLocalTime() + "+00");
  }

  /** Whether a day stands for infinity. */
  static boolean isInfinite(LocalDate day) {
    return day.equals(LocalDate.MAX) || day.equals(LocalDate.MIN);
  }

  /** Whether a day is written as in ISO 8601. */
  static boolean isIso(LocalDate day) {
    return day.getYear() > 0 && day.getYear() <= LAST_YEAR_OF_FOUR_DIGITS;
  }

  /**
   * A day, and what follows it. Year 0 of ISO 8601 is 1 BC here, long years have no sign, and beyond
   * the first and the last day that Java knows there is infinity.
   */
  private static String text(LocalDate day, String rest) {
    String iso = day.toString();
    if (isIso(day)) {
      return iso + rest;
    }
    if (isInfinite(day)) {
      return day.getYear() > 0 ? "infinity" : "-infinity";
    }
    int year = day.getYear();
    String shown = String.format("%04d", year > 0 ? year : 1 - year);
    return shown + iso.substring(iso.length() - 6) + rest + (year > 0 ? "" : " BC");
  }
}
