package dev.tranche.reader;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Numbers straight from ASCII bytes; the common ones without making a string of them first. */
final class Numbers {

  /** Digits that fit into a long whatever they are. */
  private static final int SAFE_DIGITS = 18;

  /** Up to here a long is exact as a double. */
  private static final long EXACT_MANTISSA = 1L << 53;

  /** Powers of ten that are exact as a double. */
  private static final double[] EXACT_POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18
  };

  /** Beyond it a short text would stand for a number of thousands of digits. */
  private static final int LARGEST_SCALE = 1000;

  private Numbers() {}

  static Long toLong(byte[] bytes, int from, int to) {
    Plain plain = Plain.of(bytes, from, to);
    if (plain != null && plain.scale == 0 && bytes[to - 1] != '.') {
      return plain.mantissa;
    }
    return Long.valueOf(ascii(bytes, from, to));
  }

  static BigDecimal toDecimal(byte[] bytes, int from, int to) {
    Plain plain = Plain.of(bytes, from, to);
    if (plain != null) {
      return BigDecimal.valueOf(plain.mantissa, plain.scale);
    }
    BigDecimal value = new BigDecimal(ascii(bytes, from, to));
    if (Math.abs(value.scale()) > LARGEST_SCALE) {
      throw new NumberFormatException();
    }
    return value;
  }

  static Double toDouble(byte[] bytes, int from, int to) {
    Plain plain = Plain.of(bytes, from, to);
    if (plain != null && plain.mantissa != 0 && Math.abs(plain.mantissa) < EXACT_MANTISSA) {
      return plain.mantissa / EXACT_POWERS[plain.scale]; // both exact, so the quotient is right
    }
    String text = ascii(bytes, from, to);
    if (!text.matches("[-+.0-9eE]+|NaN|[-+]?Infinity")) {
      throw new NumberFormatException(); // Java would take 1d and 0x1p3
    }
    return Double.valueOf(text);
  }

  private static String ascii(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** A number of few enough digits, with or without a decimal point and a sign. */
  private record Plain(long mantissa, int scale) {

    /** Null if it is not written that way, which does not mean that it is not a number. */
    static @Nullable Plain of(byte[] bytes, int from, int to) {
      boolean negative = bytes[from] == '-';
      int at = negative || bytes[from] == '+' ? from + 1 : from;
      if (to - at > SAFE_DIGITS + 1) {
        return null;
      }
      long mantissa = 0;
      int digits = 0;
      int point = -1;
      for (; at < to; at++) {
        int digit = bytes[at] - '0';
        if (digit >= 0 && digit <= 9) {
          mantissa = 10 * mantissa + digit;
          digits++;
        } else if (bytes[at] == '.' && point < 0) {
          point = digits;
        } else {
          return null;
        }
      }
      if (digits == 0 || digits > SAFE_DIGITS) {
        return null;
      }
      return new Plain(negative ? -mantissa : mantissa, point < 0 ? 0 : digits - point);
    }
  }
}
