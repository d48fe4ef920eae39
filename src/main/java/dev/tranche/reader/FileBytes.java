package dev.tranche.reader;

import dev.tranche.partition.CsvSyntax;
import dev.tranche.partition.InputException;
import dev.tranche.partition.RecordScanner;
import dev.tranche.row.Digest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongPredicate;
import java.util.zip.CRC32C;

/** Questions about stretches of a file as it is now. One thread. */
final class FileBytes implements AutoCloseable {

  private static final int BLOCK = 1 << 16;

  private final String name;
  private final Path path;
  private final CsvSyntax syntax;
  private final RandomAccessFile file;
  private final byte[] block = new byte[BLOCK];

  /** @param name the file as users know it */
  FileBytes(String name, Path path, CsvSyntax syntax) {
    this.name = name;
    this.path = path;
    this.syntax = syntax;
    try {
      this.file = new RandomAccessFile(path.toFile(), "r");
    } catch (IOException error) {
      throw InputException.unreadable(name, path, error);
    }
  }

  private interface Visitor {
    void visit(int length);
  }

  private void forEachBlock(long from, long to, Visitor visitor) {
    try {
      file.seek(from);
      for (long at = from; at < to; ) {
        int length = (int) Math.min(BLOCK, to - at);
        file.readFully(block, 0, length);
        visitor.visit(length);
        at += length;
      }
    } catch (IOException error) {
      throw InputException.unreadable(name, path, error);
    }
  }

  long length() {
    try {
      return file.length();
    } catch (IOException error) {
      throw InputException.unreadable(name, path, error);
    }
  }

  Digest digest(long from, long to) {
    CRC32C crc = new CRC32C();
    forEachBlock(from, to, length -> crc.update(block, 0, length));
    return new Digest((int) crc.getValue(), to - from);
  }

  /** Whether the bytes before {@code end} have this digest and do not begin before {@code from}. */
  boolean endsWith(Digest digest, long from, long end) {
    return end - digest.length() >= from && digest(end - digest.length(), end).equals(digest);
  }

  /** Whether the bytes from {@code start} have this digest and do not go on after {@code to}. */
  boolean startsWith(Digest digest, long start, long to) {
    return start + digest.length() <= to
        && digest(start, start + digest.length()).equals(digest);
  }

  /** Whether there is nothing but line ends. */
  boolean isBlank(long from, long to) {
    boolean[] blank = {true};
    forEachBlock(from, to, length -> {
      for (int i = 0; i < length; i++) {
        blank[0] &= CsvSyntax.isLineEnd(block[i]);
      }
    });
    return blank[0];
  }

  /** How many line ends there are from {@code from}, which is the start of a line. */
  long lineEnds(long from, long to) {
    return scan(from, to).lineEnds();
  }

  /** The scanner after it went from a record start through all bytes to before {@code to}. */
  RecordScanner scan(long from, long to) {
    RecordScanner scanner = syntax.scanner();
    forEachBlock(from, to, length -> {
      for (int at = 0; at >= 0; ) {
        at = scanner.next(block, at, length);
      }
    });
    return scanner;
  }

  /** Whether a record that ends at {@code place} is not continued there. */
  boolean isRecordEnd(long place, long end) {
    boolean[] ends = {false};
    forEachBlock(place - 1, place, length -> ends[0] = CsvSyntax.isLineEnd(block[0]));
    if (!ends[0] && place < end) {
      forEachBlock(place, place + 1, length -> ends[0] = CsvSyntax.isLineEnd(block[0]));
    }
    return ends[0] || place == end;
  }

  /**
   * The places where records start, from {@code first} to {@code to}.
   *
   * @param from one of them at or before {@code first}: what was quoted before is known from there
   */
  RecordStarts recordStarts(long from, long first, long to) {
    RecordStarts starts = new RecordStarts(from, first);
    RecordScanner scanner = syntax.scanner();
    forEachBlock(from, to, length -> {
      int at = 0;
      for (int next; (next = scanner.next(block, at, length)) >= 0; at = next) {
        starts.pass(block, at, next);
        starts.add();
      }
      starts.pass(block, at, length);
    });
    if (scanner.isAtStart()) {
      starts.add();
    }
    return starts;
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException error) {
      throw InputException.unreadable(name, path, error);
    }
  }

  /** Where records start, each with the digest of all bytes before it. */
  static final class RecordStarts {

    // -- given --
    private final long from;
    private final long first;

    // -- so far --
    private final CRC32C crc = new CRC32C();
    private long passed;
    private long[] places = new long[16];
    private int[] crcs = new int[16];
    private int size;

    private RecordStarts(long from, long first) {
      this.from = from;
      this.first = first;
      add();
    }

    private void pass(byte[] bytes, int from, int to) {
      crc.update(bytes, from, to - from);
      passed += to - from;
    }

    private void add() {
      long place = from + passed;
      if (place < first || size > 0 && places[size - 1] == place) {
        return;
      }
      if (size == places.length) {
        places = Arrays.copyOf(places, 2 * size);
        crcs = Arrays.copyOf(crcs, 2 * size);
      }
      places[size] = place;
      crcs[size] = (int) crc.getValue();
      size++;
    }

    /** The place nearest to {@code expected} from where on whole records have this digest, or -1. */
    long find(Digest digest, long expected) {
      return nearest(expected, place -> {
        int start = Arrays.binarySearch(places, 0, size, place);
        int end = Arrays.binarySearch(places, 0, size, place + digest.length());
        return end >= 0 && digestTo(end).without(digestTo(start)).equals(digest);
      });
    }

    private Digest digestTo(int index) {
      return new Digest(crcs[index], places[index] - from);
    }

    /** The place nearest to {@code expected} that {@code matches}, or -1. */
    long nearest(long expected, LongPredicate matches) {
      int after = Arrays.binarySearch(places, 0, size, expected);
      after = after < 0 ? -after - 1 : after;
      int before = after - 1;
      while (before >= 0 || after < size) {
        boolean goUp =
            before < 0 || after < size && places[after] - expected <= expected - places[before];
        long place = places[goUp ? after++ : before--];
        if (matches.test(place)) {
          return place;
        }
      }
      return -1;
    }
  }
}
