package dev.tranche.partition;

import dev.tranche.definition.PartitionDefinition;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;

/**
 * Where files laid end to end should be cut: at {@code count - 1} places, the same distance apart.
 *
 * <p>Asked file by file, in order.
 */
final class Places {

  /** A cut nearer than this part of a partition to the end of a file is moved there. */
  private static final int NEAR = 8;

  // -- given --
  private final long total;
  private final long count;
  private final boolean eachFile;

  // -- so far --
  private long passed;
  private long next = 1;

  private Places(long total, long count, boolean eachFile) {
    this.total = total;
    this.count = count;
    this.eachFile = eachFile;
  }

  /** @param total how many bytes of records there are */
  static Places of(PartitionDefinition rule, long total) {
    if (rule instanceof PartitionDefinition.Bytes bytes) {
      Long size = bytes.size();
      Integer count = bytes.count();
      long partitions = size != null ? ceiling(total, size) : count != null ? count : 1;
      return new Places(total, Math.min(total, partitions), false);
    }
    if (rule instanceof PartitionDefinition.Bean) {
      throw new IllegalArgumentException("files are not cut by a Partitioner");
    }
    return new Places(total, 1, rule instanceof PartitionDefinition.File);
  }

  /**
   * Where to cut in and around one file.
   *
   * @param first the first place within it, by number, {@code end} after the last
   * @param begin where the file's records begin among all
   */
  record InFile(
      Places places, boolean cutBefore, boolean cutAfter, long first, long end, long begin) {

    /** The places within the file. @param dataStart the byte its records begin at */
    PrimitiveIterator.OfLong offsets(long dataStart) {
      return LongStream.range(first, end)
          .map(number -> dataStart + places.place(number) - begin)
          .iterator();
    }
  }

  /** The places of the next file, which has {@code length} bytes of records. */
  InFile in(long length) {
    long begin = passed;
    passed += length;
    long before = next;
    long near = length <= distance() ? length / 2 : distance() / NEAR;
    boolean whole = length <= distance();
    long first = firstAtOrAfter(begin + near + 1);
    long end = whole ? first : firstAtOrAfter(passed - near);
    next = firstAtOrAfter(passed);
    return new InFile(this, first > before, eachFile || next > end, first, end, begin);
  }

  /** How long a partition is. */
  private long distance() {
    return count == 0 ? 0 : ceiling(total, count);
  }

  private long place(long number) {
    return number * (total / count) + number * (total % count) / count;
  }

  /** The number of the first place, not yet passed, that is not before {@code offset}. */
  private long firstAtOrAfter(long offset) {
    long number = next;
    while (number < count && place(number) < offset) {
      number++;
    }
    return number;
  }

  private static long ceiling(long dividend, long divisor) {
    return dividend / divisor + (dividend % divisor == 0 ? 0 : 1);
  }
}
