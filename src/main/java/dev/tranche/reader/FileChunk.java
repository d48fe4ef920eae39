package dev.tranche.reader;

import dev.tranche.chunk.ReadChunk;
import dev.tranche.partition.Slice.Piece;
import dev.tranche.row.Digest;
import dev.tranche.row.Row;
import dev.tranche.store.Position;
import java.util.Arrays;

/**
 * Records as they stand in their files: the bytes, and where in them each record starts and ends.
 *
 * <p>The place of a record is where the one before it ends, so that blank lines between records
 * belong to the later one and adjoining stretches leave out no byte.
 */
final class FileChunk implements ReadChunk<Row> {

  /**
   * Consecutive records of one piece.
   *
   * @param index of the piece in its slice
   * @param first its first record in the chunk
   * @param base the place in the piece of the chunk's first byte, if that were in the piece
   */
  record Stretch(Piece piece, int index, RecordDecoder decoder, int first, long base) {}

  private final byte[] bytes;
  private final Records records;
  private final Position before;

  FileChunk(byte[] bytes, Records records, Position before) {
    this.bytes = bytes;
    this.records = records;
    this.before = before;
  }

  @Override
  public int size() {
    return records.size;
  }

  @Override
  public Row item(int index) {
    Stretch stretch = records.stretch(index);
    return stretch.decoder.decode(
        bytes, records.start[index], records.end[index], offset(stretch, records.start[index]));
  }

  @Override
  public Position position(int index) {
    if (index == 0) {
      return before;
    }
    Stretch stretch = records.stretch(index - 1);
    return new FilePlace(stretch.index, stretch.base + records.end[index - 1])
        .position(ordinal(index), records.lineAfter[index - 1]);
  }

  @Override
  public long ordinal(int index) {
    return before.ordinal() + index;
  }

  @Override
  public long line(int index) {
    return records.line[index];
  }

  @Override
  public Digest digest(int from, int to) {
    return Digest.of(bytes, endOf(from - 1), endOf(to - 1));
  }

  private int endOf(int index) {
    return index < 0 ? 0 : records.end[index];
  }

  @Override
  public String source(int index) {
    return records.stretch(index).piece.file();
  }

  @Override
  public long offset(int index) {
    return offset(records.stretch(index), records.start[index]);
  }

  private static long offset(Stretch stretch, int at) {
    return stretch.piece.start() + stretch.base + at;
  }

  @Override
  public String original(int index) {
    RecordDecoder decoder = records.stretch(index).decoder;
    return decoder.original(bytes, records.start[index], records.end[index]);
  }

  /** Where the records of a chunk are in its bytes, and the lines they start at. */
  static final class Records {

    private int[] start;
    private int[] end;
    private long[] line;
    private long[] lineAfter;
    private int size;
    private Stretch[] stretches = new Stretch[0];

    /** @param expected how many records there will be, perhaps */
    Records(int expected) {
      start = new int[expected];
      end = new int[expected];
      line = new long[expected];
      lineAfter = new long[expected];
    }

    int size() {
      return size;
    }

    /** @param lineAfter the line after it; blank lines may come before the next record */
    void add(int start, int end, long line, long lineAfter) {
      if (size == this.start.length) {
        int length = Math.max(16, 2 * size);
        this.start = Arrays.copyOf(this.start, length);
        this.end = Arrays.copyOf(this.end, length);
        this.line = Arrays.copyOf(this.line, length);
        this.lineAfter = Arrays.copyOf(this.lineAfter, length);
      }
      this.start[size] = start;
      this.end[size] = end;
      this.line[size] = line;
      this.lineAfter[size] = lineAfter;
      size++;
    }

    /** The next records are of {@code stretch}. */
    void add(Stretch stretch) {
      stretches = Arrays.copyOf(stretches, stretches.length + 1);
      stretches[stretches.length - 1] = stretch;
    }

    /** The last stretch that begins at or before {@code index}; ones without records are passed. */
    private Stretch stretch(int index) {
      int low = 0;
      for (int high = stretches.length - 1; low < high; ) {
        int middle = (low + high + 1) >>> 1;
        if (stretches[middle].first <= index) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      return stretches[low];
    }
  }
}
