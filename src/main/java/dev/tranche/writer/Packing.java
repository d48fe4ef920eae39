package dev.tranche.writer;

import dev.tranche.partition.Compression;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * Makes records the bytes of a file, as its name says: as they are, or compressed. Each call makes a
 * member of its own, so that members put one behind another are a file again, wherever it is cut
 * between two. One thread.
 */
final class Packing {

  private final Compression compression;
  private final Bytes packed = new Bytes();

  Packing(Compression compression) {
    this.compression = compression;
  }

  /** Valid until the next call; an empty one where there are no records. */
  Bytes pack(Bytes records) {
    if (compression == Compression.NONE) {
      return records;
    }
    packed.clear();
    if (records.length() > 0) {
      add(records);
    }
    return packed;
  }

  /** What a file begins with: a member also where there are no records, since no bytes are no file. */
  byte[] begin(byte[] header) {
    Bytes records = new Bytes();
    records.put(header);
    packed.clear();
    add(records);
    return packed.toArray();
  }

  private void add(Bytes records) {
    try (OutputStream stream = compression.to(packed.asStream())) {
      stream.write(records.array(), 0, records.length());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // it is memory that is written to
    }
  }
}
