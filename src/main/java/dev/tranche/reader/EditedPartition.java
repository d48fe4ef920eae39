package dev.tranche.reader;

import dev.tranche.partition.CsvSyntax;
import dev.tranche.partition.InputException;
import dev.tranche.partition.Slice.Piece;
import dev.tranche.reader.Progress.Done;
import dev.tranche.row.Digest;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.DoneRange;
import dev.tranche.store.Position;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A partition some of whose files were edited: checks that all it has loaded is there, unchanged,
 * and that what lies between is whole records, and finds where its done ranges are now.
 *
 * <p>Then the records loaded and those still to be read are, together, the records of the files as
 * they are now, each once. One thread.
 */
final class EditedPartition implements AutoCloseable {

  private static final long NOWHERE = -1;

  // -- given --
  private final Progress progress;
  private final List<Piece> pieces;
  private final Set<String> edited;
  private final CsvSyntax syntax;
  private final Function<String, Path> paths;

  // -- so far --
  /** All before it is checked; as places are now. */
  private FilePlace at = FilePlace.START;

  /** By how much that place has moved within its piece. */
  private long moved;

  private @Nullable FileBytes open;
  private int openPiece = -1;

  /**
   * @param pieces of the slice, as they are now
   * @param edited the files that are
   */
  EditedPartition(
      Progress progress,
      List<Piece> pieces,
      Set<String> edited,
      CsvSyntax syntax,
      Function<String, Path> paths) {
    this.progress = progress;
    this.pieces = pieces;
    this.edited = edited;
    this.syntax = syntax;
    this.paths = paths;
  }

  /**
   * The checkpoint with its places as they are now.
   *
   * @throws InputException if the partition cannot go on
   */
  Checkpoint check() {
    Checkpoint old = progress.checkpoint();
    Position watermark = old.watermark();
    if (watermark != null) {
      watermark = passPrefix(watermark);
    }
    List<DoneRange> ranges = new ArrayList<>();
    for (int i = 0; i < progress.ranges().size(); i++) {
      ranges.add(passRange(progress.ranges().get(i), old.done().get(i)));
    }
    int last = pieces.size() - 1;
    passGap(new FilePlace(last, pieces.get(last).length()), false);
    return progress.isComplete()
        ? old
        : new Checkpoint(
            watermark,
            old.digest(),
            ranges,
            old.tally(),
            false,
            old.segments(),
            old.context());
  }

  private Position passPrefix(Position watermark) {
    Done prefix = progress.prefix();
    if (progress.isStarted()) {
      checkWholePieces(0, prefix.to().piece());
      passDone(prefix.from(), prefix.to(), prefix.digest());
    }
    return named(prefix.to(), watermark);
  }

  private DoneRange passRange(Done range, DoneRange old) {
    boolean staysInPiece = range.from().piece() == range.to().piece();
    checkWholePieces(range.from().piece() + 1, range.to().piece());
    int piece = range.from().piece();
    long offset = staysInPiece ? find(range) : range.from().offset() + grown(piece);
    if (offset == NOWHERE) {
      throw changed();
    }
    FilePlace from = new FilePlace(piece, offset);
    FilePlace to =
        staysInPiece ? new FilePlace(piece, offset + range.digest().length()) : range.to();
    passGap(from, true);
    Position first = named(from, old.from());
    passDone(from, to, range.digest());
    moved = to.offset() - range.to().offset();
    return new DoneRange(first, named(to, old.to()), old.items(), old.digest());
  }

  /** Pieces that are loaded whole cannot have become longer or shorter. */
  private void checkWholePieces(int from, int to) {
    for (int i = from; i < to; i++) {
      if (grown(i) != 0) {
        throw changed();
      }
    }
  }

  private long grown(int piece) {
    return pieces.get(piece).length() - progress.slice().pieces().get(piece).length();
  }

  /** Where in its piece a range is: where it was, moved as the piece grew, or anywhere else. */
  private long find(Done range) {
    int index = range.from().piece();
    Piece piece = pieces.get(index);
    long first = piece.start() + (at.piece() == index ? at.offset() : 0);
    long expected = piece.start() + range.from().offset() + (at.piece() == index ? moved : 0);
    long end = piece.start() + range.from().offset() + grown(index);
    for (long start : new long[] {expected, end}) {
      if (start >= first && bytes(index).startsWith(range.digest(), start, piece.end())) {
        return start - piece.start();
      }
    }
    long reach = EditedFile.NEARBY + Math.abs(grown(index));
    long last = Math.min(piece.end(), expected + reach + range.digest().length());
    long found =
        bytes(index).recordStarts(first, expected - reach, last).find(range.digest(), expected);
    return found < 0 ? NOWHERE : found - piece.start();
  }

  /** Goes on to {@code to}, over bytes that are loaded. */
  private void passDone(FilePlace from, FilePlace to, Digest digest) {
    if (from.compareTo(at) < 0
        || to.offset() > pieces.get(to.piece()).length()
        || !digest(from, to).equals(digest)) {
      throw changed();
    }
    at = to;
    moved = 0;
    Piece piece = pieces.get(to.piece());
    if (to.offset() > 0
        && edited.contains(piece.file())
        && !bytes(to.piece()).isRecordEnd(piece.start() + to.offset(), piece.end())) {
      throw refusal("a record already loaded goes on in it");
    }
  }

  private Digest digest(FilePlace from, FilePlace to) {
    Digest digest = Digest.NONE;
    for (int i = from.piece(); i <= to.piece(); i++) {
      Piece piece = pieces.get(i);
      long start = i == from.piece() ? from.offset() : 0;
      long end = i == to.piece() ? to.offset() : piece.length();
      digest = digest.then(bytes(i).digest(piece.start() + start, piece.start() + end));
    }
    return digest;
  }

  /** Goes on to {@code to}, over bytes that are not loaded. @param loaded whether those there are */
  private void passGap(FilePlace to, boolean loaded) {
    for (int i = at.piece(); i <= to.piece(); i++) {
      Piece piece = pieces.get(i);
      long start = piece.start() + (i == at.piece() ? at.offset() : 0);
      long end = i == to.piece() ? piece.start() + to.offset() : piece.end();
      if (start < end && edited.contains(piece.file())) {
        checkGap(i, start, end, loaded && i == to.piece());
      }
    }
    at = to;
  }

  private void checkGap(int piece, long start, long end, boolean loaded) {
    if (progress.isComplete()) {
      if (!bytes(piece).isBlank(start, end)) {
        throw refusal("records were added to it where all was loaded");
      }
      return;
    }
    boolean endsFile = !loaded && bytes(piece).length() == end;
    if (!endsFile && !bytes(piece).scan(start, end).isAtStart()) {
      throw refusal("a record in it now runs "
          + (loaded ? "into bytes already loaded" : "over the end of this partition"));
    }
  }

  /** The place with what travels along with it; lines are counted anew where they have moved. */
  private Position named(FilePlace place, Position old) {
    Piece piece = pieces.get(place.piece());
    long oldLine = progress.slice().pieces().get(place.piece()).line();
    boolean same = piece.line() == oldLine && place.equals(FilePlace.of(old));
    return same ? old : place.position(old.ordinal(), piece.line() + lineEnds(place));
  }

  private long lineEnds(FilePlace place) {
    Piece piece = pieces.get(place.piece());
    return bytes(place.piece()).lineEnds(piece.start(), piece.start() + place.offset());
  }

  private FileBytes bytes(int piece) {
    if (open != null && openPiece == piece) {
      return open;
    }
    close();
    String file = pieces.get(piece).file();
    openPiece = piece;
    open = new FileBytes(file, paths.apply(file), syntax);
    return open;
  }

  @Override
  public void close() {
    if (open != null) {
      open.close();
    }
  }

  private InputException changed() {
    return refusal("bytes already loaded were changed");
  }

  private InputException refusal(String reason) {
    String file =
        pieces.stream().map(Piece::file).filter(edited::contains).findFirst().orElseThrow();
    return progress.refusal(file, reason);
  }
}
