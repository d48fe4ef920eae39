package dev.tranche.writer;

import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Arrays;

/**
 * A growing array of bytes that encoders write a chunk into. One thread.
 *
 * <p>Dates and times are ISO 8601, always with seconds, and with as many digits of a fraction as it
 * has, in threes.
 */
final class Bytes {

  private static final int LAST_YEAR_OF_FOUR_DIGITS = 9999;
  /** Digits that fit into a long whatever they are. */
  private static final int SAFE_DIGITS = 18;

  private static final int NANOS_OF_MILLI = 1_000_000;
  private static final int NANOS_OF_MICRO = 1000;

  private static final VarHandle INT2 =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT4 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT8 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** Length in bytes, number of groups, weight of the first one, sign, digits behind the point. */
  private static final int NUMERIC_HEAD = 12;

  private static final int NUMERIC_NEGATIVE = 0x4000;

  private byte[] bytes = new byte[1 << 13];
  private int length;

  /** What was written, from the first byte to before {@link #length}; valid until the next write. */
  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }

  void clear() {
    length = 0;
  }

  void put(int value) {
    if (length == bytes.length) {
      grow(1);
    }
    bytes[length++] = (byte) value;
  }

  void put(byte[] more) {
    put(more, 0, more.length);
  }

  void put(byte[] more, int from, int to) {
    int count = to - from;
    if (bytes.length - length < count) {
      grow(count);
    }
    System.arraycopy(more, from, bytes, length, count);
    length += count;
  }

  // -- binary, the highest byte first --

  void int2(int value) {
    int place = reserve(Short.BYTES); // which may take another array
    INT2.set(bytes, place, (short) value);
  }

  void int4(int value) {
    int place = reserve(Integer.BYTES); // which may take another array
    INT4.set(bytes, place, value);
  }

  void int8(long value) {
    int place = reserve(Long.BYTES); // which may take another array
    INT8.set(bytes, place, value);
  }

  /** In place of what is there. */
  void int4At(int place, int value) {
    INT4.set(bytes, place, value);
  }

  /** Room for {@code count} bytes of anything; the place where it begins. */
  int reserve(int count) {
    if (bytes.length - length < count) {
      grow(count);
    }
    int place = length;
    length += count;
    return place;
  }

  /**
   * A decimal as PostgreSQL's numeric, and its length before it: groups of four digits, counted from
   * the point, without groups of zeros at the ends.
   *
   * @param text decimal digits, perhaps a minus before them, and a point among them
   */
  void numeric(byte[] text, int from, int to) {
    boolean negative = text[from] == '-';
    int first = negative ? from + 1 : from;
    int point = first;
    while (point < to && text[point] != '.') {
      point++;
    }
    int start = reserve(NUMERIC_HEAD);
    int weight = (point - first + 3) / 4 - 1;
    int groups = 0;
    int end = length;
    for (int at = first; at < to; ) {
      int next = at < point ? point - (point - at - 1) / 4 * 4 : Math.min(at + 4, to);
      int group = group(text, at, next, at < point);
      if (groups > 0 || group != 0) {
        int2(group);
        groups++;
        end = group == 0 ? end : length;
      } else {
        weight--;
      }
      at = next == point ? point + 1 : next;
    }
    length = end;
    int kept = (end - start - NUMERIC_HEAD) / 2;
    int4At(start, end - start - Integer.BYTES);
    int2At(start + 4, kept);
    int2At(start + 6, kept == 0 ? 0 : weight);
    int2At(start + 8, negative && kept > 0 ? NUMERIC_NEGATIVE : 0);
    int2At(start + 10, point < to ? to - point - 1 : 0);
  }

  /** @param whole whether it stands before the point: else what is missing of it are zeros behind */
  private static int group(byte[] text, int from, int to, boolean whole) {
    int group = 0;
    for (int i = from; i < to; i++) {
      group = 10 * group + text[i] - '0';
    }
    for (int i = to - from; i < 4 && !whole; i++) {
      group *= 10;
    }
    return group;
  }

  private void int2At(int place, int value) {
    INT2.set(bytes, place, (short) value);
  }

  // -- texts --

  /** Whatever is written to it is added here. */
  OutputStream asStream() {
    return new OutputStream() {
      @Override
      public void write(int value) {
        put(value);
      }

      @Override
      public void write(byte[] more, int from, int count) {
        put(more, from, from + count);
      }
    };
  }

  private void grow(int more) {
    bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length + (bytes.length >> 1)));
  }

  /** The first characters of a text, as far as they are ASCII; returns how many those are. */
  int asciiPrefix(String text) {
    int from = reserve(text.length());
    int i = 0;
    for (; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        break;
      }
      bytes[from + i] = (byte) c;
    }
    length = from + i;
    return i;
  }

  /** A text of ASCII characters only. */
  void ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      put(text.charAt(i));
    }
  }

  /** A whole number in decimal digits. */
  void number(long value) {
    if (value == Long.MIN_VALUE) {
      ascii(Long.toString(value));
      return;
    }
    if (value < 0) {
      put('-');
    }
    long rest = Math.abs(value);
    int from = length;
    do {
      put((int) ('0' + rest % 10));
      rest /= 10;
    } while (rest > 0);
    for (int low = from, high = length - 1; low < high; low++, high--) {
      byte swapped = bytes[low];
      bytes[low] = bytes[high];
      bytes[high] = swapped;
    }
  }

  /** Without an exponent, unless it has very many digits. */
  void decimal(BigDecimal value) {
    if (value.scale() < 0 || value.scale() > SAFE_DIGITS || value.precision() > SAFE_DIGITS) {
      ascii(value.toString());
      return;
    }
    usual(value);
  }

  /** Without an exponent, however many digits it has. */
  void plain(BigDecimal value) {
    if (value.scale() < 0 || value.scale() > SAFE_DIGITS || value.precision() > SAFE_DIGITS) {
      ascii(value.toPlainString());
    } else {
      usual(value);
    }
  }

  private void usual(BigDecimal value) {
    int scale = value.scale();
    long unscaled = value.unscaledValue().longValue();
    if (unscaled < 0) {
      put('-');
    }
    long one = power(scale);
    number(Math.abs(unscaled) / one);
    if (scale > 0) {
      put('.');
      digits(Math.abs(unscaled) % one, scale);
    }
  }

  void date(LocalDate date) {
    int year = date.getYear();
    if (year < 0 || year > LAST_YEAR_OF_FOUR_DIGITS) {
      ascii(date.toString());
      return;
    }
    digits(year, 4);
    put('-');
    digits(date.getMonthValue(), 2);
    put('-');
    digits(date.getDayOfMonth(), 2);
  }

  void time(LocalTime time) {
    digits(time.getHour(), 2);
    put(':');
    digits(time.getMinute(), 2);
    put(':');
    digits(time.getSecond(), 2);
    int nanos = time.getNano();
    if (nanos != 0) {
      put('.');
      if (nanos % NANOS_OF_MILLI == 0) {
        digits(nanos / NANOS_OF_MILLI, 3);
      } else if (nanos % NANOS_OF_MICRO == 0) {
        digits(nanos / NANOS_OF_MICRO, 6);
      } else {
        digits(nanos, 9);
      }
    }
  }

  void timestamp(OffsetDateTime moment) {
    date(moment.toLocalDate());
    put('T');
    time(moment.toLocalTime());
    ascii(moment.getOffset().getId());
  }

  private void digits(long number, int count) {
    long rest = number;
    int from = reserve(count);
    for (int i = length - 1; i >= from; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private static long power(int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 10;
    }
    return power;
  }
}
