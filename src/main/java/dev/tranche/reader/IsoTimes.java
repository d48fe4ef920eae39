package dev.tranche.reader;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * ISO 8601 dates and times straight from ASCII bytes: {@code 2017-01-31}, {@code 23:59[:58[.123]]},
 * and both with a {@code T} or a space between them and an offset after them, if it is not UTC. A
 * date alone is also a timestamp: its first moment.
 */
final class IsoTimes {

  private final byte[] bytes;
  private final int to;
  private int at;

  private IsoTimes(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.to = to;
  }

  static LocalDate toDate(byte[] bytes, int from, int to) {
    IsoTimes text = new IsoTimes(bytes, from, to);
    LocalDate date = text.date();
    text.checkEnd();
    return date;
  }

  static LocalTime toTime(byte[] bytes, int from, int to) {
    IsoTimes text = new IsoTimes(bytes, from, to);
    LocalTime time = text.time();
    text.checkEnd();
    return time;
  }

  static OffsetDateTime toTimestamp(byte[] bytes, int from, int to) {
    IsoTimes text = new IsoTimes(bytes, from, to);
    LocalDate date = text.date();
    if (text.at == to) {
      return OffsetDateTime.of(date, LocalTime.MIDNIGHT, ZoneOffset.UTC);
    }
    if (!text.skip('T') && !text.skip('t')) {
      text.expect(' ');
    }
    LocalTime time = text.time();
    ZoneOffset offset = text.offset();
    text.checkEnd();
    return OffsetDateTime.of(date, time, offset);
  }

  private LocalDate date() {
    int year = digits(4);
    expect('-');
    int month = digits(2);
    expect('-');
    return LocalDate.of(year, month, digits(2));
  }

  private LocalTime time() {
    int hour = digits(2);
    expect(':');
    int minute = digits(2);
    int second = skip(':') ? digits(2) : 0;
    return LocalTime.of(hour, minute, second, skip('.') ? nanos() : 0);
  }

  private int nanos() {
    int start = at;
    int nanos = digits(1);
    while (at < to && at - start < 9 && isDigit(bytes[at])) {
      nanos = 10 * nanos + digits(1);
    }
    for (int digits = at - start; digits < 9; digits++) {
      nanos *= 10;
    }
    return nanos;
  }

  private ZoneOffset offset() {
    if (at == to || skip('Z') || skip('z')) {
      return ZoneOffset.UTC;
    }
    int sign = skip('-') ? -1 : 1;
    if (sign > 0) {
      expect('+');
    }
    int hours = digits(2);
    int minutes = skip(':') || at < to ? digits(2) : 0;
    return ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
  }

  private int digits(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      if (at == to || !isDigit(bytes[at])) {
        throw new DateTimeException("a digit is missing");
      }
      value = 10 * value + bytes[at++] - '0';
    }
    return value;
  }

  private static boolean isDigit(byte value) {
    return value >= '0' && value <= '9';
  }

  private boolean skip(char expected) {
    boolean found = at < to && bytes[at] == expected;
    at += found ? 1 : 0;
    return found;
  }

  private void expect(char expected) {
    if (!skip(expected)) {
      throw new DateTimeException("'" + expected + "' is missing");
    }
  }

  private void checkEnd() {
    if (at != to) {
      throw new DateTimeException("something follows");
    }
  }
}
