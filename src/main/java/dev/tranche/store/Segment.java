package dev.tranche.store;

import dev.tranche.row.Digest;

/**
 * What an attempt at a partition wrote into a file of its own, as far as it counts.
 *
 * @param owner the attempt's owner number, which names the file
 * @param digest of the bytes that are on disk and committed, from the first; what a file holds
 *     beyond them is garbage
 */
public record Segment(long owner, Digest digest) {

  /** How many bytes count. */
  public long length() {
    return digest.length();
  }
}
