package dev.tranche.row;

import java.util.zip.CRC32C;

/**
 * A running check sum over consecutive bytes of an input: the CRC-32C and the number of bytes.
 *
 * <p>Digests of adjoining parts combine into the digest of the whole, so that chunks may be
 * committed in any order. Sources without bytes use {@link #NONE}.
 */
public record Digest(int crc, long length) {

  public static final Digest NONE = new Digest(0, 0);

  /** The CRC-32C polynomial, reflected: bit 31 is x^0. */
  private static final int POLYNOMIAL = 0x82F63B78;

  /** {@code POWERS[k]} is x^(2^k) modulo the polynomial. */
  private static final int[] POWERS = powers();

  public static Digest of(byte[] bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, to - from);
    return new Digest((int) crc.getValue(), to - from);
  }

  /**
   * The digest of these bytes followed by those of {@code next}.
   *
   * <p>A CRC is the remainder of a polynomial over GF(2), so that putting {@code n} bytes behind a
   * text multiplies its remainder by x^(8n); see Mark Adler, {@code crc32_combine} in zlib.
   */
  public Digest then(Digest next) {
    if (length == 0) {
      return next;
    }
    if (next.length == 0) {
      return this;
    }
    return new Digest(times(power(8 * next.length), crc) ^ next.crc, length + next.length);
  }

  /** The digest of what follows {@code prefix} in these bytes. */
  public Digest without(Digest prefix) {
    long rest = length - prefix.length;
    return new Digest(times(power(8 * rest), prefix.crc) ^ crc, rest);
  }

  /** x^n modulo the polynomial. */
  private static int power(long n) {
    int product = 1 << 31;
    for (int k = 0; n >>> k != 0; k++) {
      if ((n >>> k & 1) != 0) {
        product = times(POWERS[k], product);
      }
    }
    return product;
  }

  private static int times(int a, int b) {
    int product = 0;
    int multiple = b;
    for (int bit = 31; bit >= 0; bit--) {
      if ((a >>> bit & 1) != 0) {
        product ^= multiple;
      }
      multiple = (multiple & 1) != 0 ? multiple >>> 1 ^ POLYNOMIAL : multiple >>> 1;
    }
    return product;
  }

  private static int[] powers() {
    int[] powers = new int[Long.SIZE - 1];
    powers[0] = 1 << 30;
    for (int k = 1; k < powers.length; k++) {
      powers[k] = times(powers[k - 1], powers[k - 1]);
    }
    return powers;
  }
}
