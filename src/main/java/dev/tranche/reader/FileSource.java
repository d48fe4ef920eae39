package dev.tranche.reader;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ItemError;
import dev.tranche.chunk.ReadChunk;
import dev.tranche.partition.CsvSyntax;
import dev.tranche.partition.FieldCursor;
import dev.tranche.partition.FileKind;
import dev.tranche.partition.RecordEnds;
import dev.tranche.partition.Slice;
import dev.tranche.partition.Slice.Piece;
import dev.tranche.row.Row;
import dev.tranche.store.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The records of a slice of files. This thread only finds where records end; what is in them is
 * decoded by whoever asks the chunk for an item.
 *
 * <p>A record that cannot be told apart from what follows it, since a quote is not closed or since
 * it is longer than {@code max-record}, is no item that could be skipped: where the next record
 * starts is not known. Reading ends there, with its line in the message, after all before it was
 * read.
 */
final class FileSource implements ChunkSource<Row> {

  private static final int BLOCK = 1 << 16;

  /** The smallest buffer, which grows where a compressed piece turns out to be larger. */
  private static final int LEAST = 1 << 12;
  private static final int LARGEST_CHUNK = 1 << 30;

  // -- given --
  private final FileKind kind;
  private final long maxRecord;
  private final List<Piece> pieces;
  private final Function<String, Path> paths;
  private final Function<String, RecordDecoder> decoders;
  private final RecordEnds scanner;

  // -- so far: the piece being read --
  private @Nullable PieceInput open;
  private int piece;

  // -- so far: the buffer; records of the last chunk, then what was read beyond them --
  private byte[] buffer;
  private int limit;

  /** The place in the piece of the buffer's first byte, if that were in the piece. */
  private long base;

  /** Where the chunk begins that is being read. */
  private int chunk;

  /** Where the record begins that is being looked for; only blank lines are before it. */
  private int record;

  /** How far it was looked for. */
  private int scanned;

  // -- so far: the place after the last record --
  private int placePiece;
  private long placeOffset;
  private int placeInBuffer;
  private long placeLine;
  private long ordinal;

  /** The line that {@link #record} begins at. */
  private long line;

  /** The line that the scanner's count of line ends began at. */
  private long scannerLine;

  private long bytesRead;

  /**
   * @param paths where a file is
   * @param decoders what decodes the records of a file; the same for the same file
   */
  FileSource(
      FileKind kind,
      Slice.Files slice,
      Function<String, Path> paths,
      Function<String, RecordDecoder> decoders) {
    this.kind = kind;
    this.maxRecord = kind.maxRecord();
    this.pieces = slice.pieces();
    this.paths = paths;
    this.decoders = decoders;
    this.scanner = kind.ends();
    this.buffer = new byte[bufferFor(pieces)];
  }

  /** With room for more than the largest piece, so that reading it meets its end. */
  private static int bufferFor(List<Piece> pieces) {
    long largest = 0;
    for (Piece piece : pieces) {
      largest = Math.max(largest, piece.end() - piece.start() + 1);
    }
    return (int) Math.max(LEAST, Math.min(largest, 2 * BLOCK));
  }

  @Override
  public void open(@Nullable Position from) throws IOException {
    if (from == null) {
      goTo(FilePlace.START, 0, 0);
    } else {
      goTo(FilePlace.of(from), from.ordinal(), from.line());
    }
  }

  @Override
  public void seek(Position to) throws IOException {
    goTo(FilePlace.of(to), to.ordinal(), to.line());
  }

  private void goTo(FilePlace to, long ordinal, long line) throws IOException {
    long inBuffer = to.offset() - base;
    if (open == null || to.piece() != piece || inBuffer < record || inBuffer > limit) {
      openPiece(to.piece(), to.offset());
      limit = 0;
      base = to.offset();
      inBuffer = 0;
    }
    this.placePiece = to.piece();
    this.placeOffset = to.offset();
    this.placeInBuffer = (int) inBuffer;
    this.ordinal = ordinal;
    this.placeLine = line > 0 ? line : pieces.get(piece).line();
    beginRecord((int) inBuffer, placeLine);
    rescan();
  }

  private PieceInput input() {
    if (open == null) {
      throw new IllegalStateException("not open");
    }
    return open;
  }

  private void openPiece(int index, long offset) throws IOException {
    close();
    Piece next = pieces.get(index);
    open = PieceInput.open(next, paths.apply(next.file()), offset);
    bytesRead += open.skipped();
    piece = index;
  }

  private void beginRecord(int at, long line) {
    this.record = at;
    this.scanned = at;
    this.line = line;
  }

  /** Looks again for the record that begins at {@link #record}. */
  private void rescan() {
    scanned = record;
    scanner.reset();
    scannerLine = line;
  }

  @Override
  public @Nullable ReadChunk<Row> read(int size, @Nullable Position stop) throws IOException {
    FilePlace end = stop == null ? null : FilePlace.of(stop);
    Position before = position();
    chunk = placeInBuffer;
    FileChunk.Records records = new FileChunk.Records(Math.min(size, 1000));
    records.add(stretch(0));
    try {
      while (records.size() < size && !isAt(end) && readRecord(records, end)) {
        ordinal++;
      }
    } catch (ItemError broken) {
      rescan();
      if (records.size() == 0) {
        throw broken;
      }
    }
    if (records.size() == 0) {
      return null;
    }
    byte[] bytes = Arrays.copyOfRange(buffer, chunk, placeInBuffer);
    return new FileChunk(bytes, records, before);
  }

  private boolean isAt(@Nullable FilePlace end) {
    return end != null && place().equals(end);
  }

  private FilePlace place() {
    return new FilePlace(placePiece, placeOffset);
  }

  private FileChunk.Stretch stretch(int first) {
    Piece from = pieces.get(piece);
    return new FileChunk.Stretch(from, piece, decoders.apply(from.file()), first, base + chunk);
  }

  /** Adds the next record to {@code records}; false at the end of the slice. */
  private boolean readRecord(FileChunk.Records records, @Nullable FilePlace stop)
      throws IOException {
    while (true) {
      int end = scanner.next(buffer, scanned, limit);
      boolean ended = end < 0 && input().isRead();
      if (end < 0 && !ended) {
        scanned = limit;
        checkLength(limit - 2);
        fill();
        continue;
      }
      end = ended ? limit : end;
      int text = FieldCursor.withoutLineEnd(buffer, record, end);
      checkLength(text);
      if (ended) {
        checkEnd();
      }
      if (text > record) {
        add(records, end, stop);
        return true;
      }
      beginRecord(end, scannerLine + scanner.lineEnds());
      if (ended && !nextPiece(records)) {
        return false;
      }
    }
  }

  private void add(FileChunk.Records records, int end, @Nullable FilePlace stop) {
    if (stop != null && new FilePlace(piece, base + end).compareTo(stop) > 0) {
      throw broken(line, "the record that begins here runs into records that are loaded already");
    }
    placeLine = scannerLine + scanner.lineEnds();
    records.add(record - chunk, end - chunk, line, placeLine);
    placePiece = piece;
    placeOffset = base + end;
    placeInBuffer = end;
    beginRecord(end, placeLine);
  }

  private boolean nextPiece(FileChunk.Records records) throws IOException {
    if (piece + 1 == pieces.size()) {
      return false;
    }
    openPiece(piece + 1, 0);
    base = -limit;
    beginRecord(limit, pieces.get(piece).line());
    rescan();
    records.add(stretch(records.size()));
    return true;
  }

  private void fill() throws IOException {
    if (limit == buffer.length) {
      makeRoom();
    }
    int read = input().read(buffer, limit, Math.min(BLOCK, buffer.length - limit));
    limit += read;
    bytesRead += read;
  }

  /** Forgets what is before the chunk; if that is not much, takes a larger buffer. */
  private void makeRoom() {
    int kept = limit - chunk;
    if (kept >= LARGEST_CHUNK) {
      throw broken(line, "the chunk holds more than 1 GB. Use a smaller chunk size");
    }
    byte[] to = chunk >= buffer.length / 2 ? buffer : new byte[2 * buffer.length];
    System.arraycopy(buffer, chunk, to, 0, kept);
    buffer = to;
    base += chunk;
    limit -= chunk;
    record -= chunk;
    scanned -= chunk;
    placeInBuffer -= chunk;
    chunk = 0;
  }

  @Override
  public Position position() {
    return place().position(ordinal, placeLine);
  }

  @Override
  public boolean atEnd() {
    boolean blank = input().isRead() && piece + 1 == pieces.size();
    for (int i = record; blank && i < limit; i++) {
      blank = CsvSyntax.isLineEnd(buffer[i]);
    }
    return blank;
  }

  @Override
  public boolean seeks() {
    return true;
  }

  @Override
  public void close() throws IOException {
    if (open != null) {
      open.close();
    }
  }

  /** How many bytes were read from files. */
  long bytesRead() {
    return bytesRead;
  }

  // -- broken input, in words --

  private void checkLength(int end) {
    if (end - record <= maxRecord) {
      return;
    }
    int to = (int) (record + maxRecord);
    RecordEnds within = kind.ends();
    within.next(buffer, record, to);
    throw broken(
        line,
        "the record that begins here is longer than max-record, " + maxRecord + " bytes"
            + (within.isQuoted()
                ? "; a quote opened in line " + openQuoteLine(to) + " is not closed within them."
                    + " Close it, or raise max-record"
                : ". Raise max-record if it is right"));
  }

  private void checkEnd() {
    if (scanner.isQuoted()) {
      throw broken(openQuoteLine(limit), "the quote opened here is not closed before " + end()
          + (input().endsFile() ? ". Close it" : ""));
    }
    boolean whole = record == limit || CsvSyntax.isLineEnd(buffer[limit - 1]);
    if (!whole && !input().endsFile()) {
      throw broken(line, "the record that begins here runs over " + end());
    }
  }

  private String end() {
    return input().endsFile()
        ? "the end of the file"
        : "the end of its partition: the file was changed after it was cut into partitions";
  }

  private long openQuoteLine(int to) {
    if (kind.beginning() == FileKind.Beginning.BRACKET) {
      return line;
    }
    FieldCursor fields = new FieldCursor(kind.syntax(), buffer, record, to);
    RecordEnds lines = kind.ends();
    try {
      while (fields.next()) {
        continue;
      }
    } catch (FieldCursor.FaultException found) {
      lines.next(buffer, record, fields.place());
    }
    return line + lines.lineEnds();
  }

  private ItemError broken(long line, String what) {
    return new ItemError(pieces.get(piece).file() + ", line " + line + ": " + what, null);
  }
}
