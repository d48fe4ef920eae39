package dev.tranche.reader;

import dev.tranche.row.ColumnType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The one way to write a value, in bytes: see {@link dev.tranche.row.RowText}. */
final class PlainText {

  /** Digits that fit into a long whatever they are. */
  private static final int SAFE_DIGITS = 18;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long BEYOND_ASCII = 0x8080808080808080L;

  private static final int DATE_LENGTH = 10;
  private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

  private PlainText() {}

  /** Whether values of the type have one way to be written that is known here. */
  static boolean knows(ColumnType type) {
    return switch (type) {
      case STRING, LONG, DECIMAL, DATE -> true;
      case DOUBLE, BOOLEAN, TIME, TIMESTAMP, UUID -> false;
    };
  }

  /**
   * Whether the bytes {@code from} to before {@code to} are the one way to write a value.
   *
   * @param utf8 whether a text may have characters beyond ASCII, in UTF-8
   */
  static boolean is(ColumnType type, byte[] bytes, int from, int to, boolean utf8) {
    return switch (type) {
      case STRING -> isText(bytes, from, to, utf8);
      case LONG -> isLong(bytes, from, to);
      case DECIMAL -> isDecimal(bytes, from, to);
      case DATE -> isDate(bytes, from, to);
      case DOUBLE, BOOLEAN, TIME, TIMESTAMP, UUID -> false;
    };
  }

  /** The value of bytes that {@linkplain #is are} the one way to write it. */
  static Object value(ColumnType type, byte[] bytes, int from, int to) {
    return switch (type) {
      case STRING -> new String(bytes, from, to - from, StandardCharsets.UTF_8);
      case LONG -> Numbers.toLong(bytes, from, to);
      case DECIMAL -> Numbers.toDecimal(bytes, from, to);
      case DATE -> IsoTimes.toDate(bytes, from, to);
      case DOUBLE, BOOLEAN, TIME, TIMESTAMP, UUID ->
        throw new IllegalArgumentException("no text of a " + type + " is known here");
    };
  }

  static boolean isLong(byte[] bytes, int from, int to) {
    int first = from < to && bytes[from] == '-' ? from + 1 : from;
    int end = digits(bytes, first, to);
    boolean needlessZero = end > first && bytes[first] == '0' && (end > first + 1 || first > from);
    return end == to && end > first && end - first <= SAFE_DIGITS && !needlessZero;
  }

  /** Without a minus in front of a zero, which no decimal has. */
  static boolean isDecimal(byte[] bytes, int from, int to) {
    int first = from < to && bytes[from] == '-' ? from + 1 : from;
    int point = digits(bytes, first, to);
    if (point == first || bytes[first] == '0' && point > first + 1 || to - first > SAFE_DIGITS) {
      return false;
    }
    if (point < to) {
      boolean fraction = bytes[point] == '.' && point + 1 < to;
      if (!fraction || digits(bytes, point + 1, to) < to) {
        return false;
      }
    }
    return first == from || !isZero(bytes, first, to);
  }

  private static boolean isZero(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] > '0') {
        return false;
      }
    }
    return true;
  }

  static boolean isDate(byte[] bytes, int from, int to) {
    if (to - from != DATE_LENGTH
        || bytes[from + 4] != '-'
        || bytes[from + 7] != '-'
        || digits(bytes, from, to) != from + 4
        || digits(bytes, from + 5, to) != from + 7
        || digits(bytes, from + 8, to) != to) {
      return false;
    }
    int year = 100 * pair(bytes, from) + pair(bytes, from + 2);
    int month = pair(bytes, from + 5);
    int day = pair(bytes, from + 8);
    if (year == 0 || month == 0 || month > DAYS.length || day == 0) {
      return false;
    }
    return day <= DAYS[month - 1] || day == 29 && month == 2 && isLeap(year);
  }

  private static boolean isLeap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  private static int pair(byte[] bytes, int at) {
    return 10 * (bytes[at] - '0') + bytes[at + 1] - '0';
  }

  /** The place after the digits that begin at {@code from}. */
  private static int digits(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    return at;
  }

  /** @param utf8 whether characters beyond ASCII are allowed for, in UTF-8 */
  static boolean isText(byte[] bytes, int from, int to, boolean utf8) {
    int at = from;
    while (at < to) {
      if (at + Long.BYTES <= to && ((long) LONGS.get(bytes, at) & BEYOND_ASCII) == 0) {
        at += Long.BYTES;
        continue;
      }
      if (bytes[at] >= 0) {
        at++;
        continue;
      }
      int length = utf8 ? character(bytes, at, to) : 0;
      if (length == 0) {
        return false;
      }
      at += length;
    }
    return true;
  }

  /**
   * How many bytes the character has that begins at {@code at}; 0 if it is not UTF-8: too long for
   * what it says, half of a pair of surrogates, or beyond the last character there is.
   */
  private static int character(byte[] bytes, int at, int to) {
    int first = bytes[at] & 0xFF;
    int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (first < 0xC2 || first > 0xF4 || at + length > to) {
      return 0;
    }
    int second = bytes[at + 1] & 0xFF;
    int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < least || second > most) {
      return 0;
    }
    for (int i = at + 2; i < at + length; i++) {
      if ((bytes[i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }
}
