package dev.tranche.partition;

import dev.tranche.row.Digest;
import java.time.Instant;
import java.util.List;

/**
 * What was found out about an input file before it was cut, to tell later whether it was edited.
 *
 * <p>Stored as JSON with the layout; immutable.
 *
 * @param path relative to the base directory, with {@code /}; absolute for a file outside of it
 * @param size in bytes, as it is stored
 * @param modified when it was modified last
 * @param header the names in its header; without a header: {@code 1}, {@code 2}, … for the fields
 *     of its first record; empty for an empty file
 * @param dataStart the byte its first record begins at, once it is decompressed
 * @param dataLine the line its first record begins at, from 1
 * @param head digest of the bytes before {@code dataStart}; of all bytes stored, if it is read whole
 */
public record FileFacts(
    String path,
    long size,
    Instant modified,
    List<String> header,
    long dataStart,
    long dataLine,
    Digest head) {

  public FileFacts {
    header = List.copyOf(header);
  }

  /** How many bytes of records the file holds; if it is compressed, how many it is stored in. */
  public long dataLength() {
    return isForwardOnly() ? size : size - dataStart;
  }

  /** Whether a place in it is found only by reading all before it. */
  public boolean isForwardOnly() {
    return Compression.of(path).isForwardOnly();
  }
}
