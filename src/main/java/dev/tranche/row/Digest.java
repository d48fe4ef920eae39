package dev.tranche.row;

/**
 * A running check sum over consecutive bytes of an input: the CRC-32C and the number of bytes.
 *
 * <p>Digests of adjoining parts combine into the digest of the whole, so that chunks may be
 * committed in any order. Sources without bytes use {@link #NONE}.
 */
public record Digest(int crc, long length) {

  public static final Digest NONE = new Digest(0, 0);
}
