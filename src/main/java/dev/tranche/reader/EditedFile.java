package dev.tranche.reader;

import dev.tranche.partition.FileFacts;
import dev.tranche.partition.Slice.Piece;
import dev.tranche.row.Digest;
import java.util.ArrayList;
import java.util.List;

/**
 * A file that was edited after it was cut: finds where each of its pieces begins and ends now.
 *
 * <p>Where two pieces meet is known by the bytes before and after that place. If one of the two
 * partitions has them loaded, they must be there, unchanged; else it is enough to find either,
 * since each record is then read by one of the two wherever between records the border is. The
 * place is looked for as far from the start of the piece as it was, then moved by the difference in
 * length of the file, then nearby.
 */
final class EditedFile {

  /** How far from where it is expected something is looked for, at least. */
  static final long NEARBY = 1 << 20;

  private static final long NOWHERE = -1;

  /** A piece of the file, of the slice of a partition. */
  record Stake(Progress progress, int piece) {
    Piece old() {
      return progress.slice().pieces().get(piece);
    }
  }

  private final FileFacts before;
  private final FileFacts now;
  private final FileBytes bytes;

  EditedFile(FileFacts before, FileFacts now, FileBytes bytes) {
    this.before = before;
    this.now = now;
    this.bytes = bytes;
  }

  /** The pieces as they are now. @param stakes all pieces of the file, in order */
  List<Piece> locate(List<Stake> stakes) {
    List<Piece> located = new ArrayList<>();
    long start = now.dataStart();
    long line = now.dataLine();
    for (int i = 0; i < stakes.size(); i++) {
      boolean isLast = i == stakes.size() - 1;
      Stake stake = stakes.get(i);
      long end = isLast ? now.size() : border(stake, stakes.get(i + 1), start);
      if (end == NOWHERE) {
        throw stake.progress.refusal(
            before.path(), "where this partition ends and the next begins is not found in it");
      }
      located.add(piece(stake.old(), start, end, line));
      if (!isLast) {
        long lines = stakes.get(i + 1).old().line() - stake.old().line();
        line += end - start == stake.old().length() ? lines : bytes.lineEnds(start, end);
      }
      start = end;
    }
    return located;
  }

  private Piece piece(Piece old, long start, long end, long line) {
    Digest head = bytes.digest(start, Math.min(end, start + Piece.EDGE));
    Digest tail = bytes.digest(Math.max(start, end - Piece.EDGE), end);
    return new Piece(old.file(), start, end, line, head, tail);
  }

  private long border(Stake left, Stake right, long start) {
    long expected = start + left.old().length();
    long grown = now.size() - before.size();
    if (isBorder(left, right, start, expected)) {
      return expected;
    }
    if (left.progress.isComplete()) {
      return NOWHERE;
    }
    long moved = left.old().end() + grown;
    if (isBorder(left, right, start, moved)) {
      return moved;
    }
    long reach = NEARBY + Math.abs(grown);
    return bytes
        .recordStarts(start, expected - reach, Math.min(now.size(), expected + reach))
        .nearest(expected, place -> isBorder(left, right, start, place));
  }

  private boolean isBorder(Stake left, Stake right, long start, long place) {
    if (place < start || place > now.size()) {
      return false;
    }
    boolean leftEnds = left.progress.isDoneAtEnd();
    boolean rightBegins = right.progress.isStarted();
    if (leftEnds || rightBegins) {
      return (!leftEnds || endsAt(left, start, place)) && (!rightBegins || startsAt(right, place));
    }
    return bytes.endsWith(left.old().tail(), start, place)
        || bytes.startsWith(right.old().head(), place, now.size());
  }

  /** Whether what is loaded of the end of a piece is there before {@code place}. */
  private boolean endsAt(Stake stake, long start, long place) {
    Progress.Done last = stake.progress.last();
    boolean within = last.from().piece() == stake.piece && last.from().offset() > 0;
    Digest digest = within && last.digest().length() < Piece.EDGE
        ? last.digest()
        : stake.old().tail();
    return bytes.endsWith(digest, start, place);
  }

  /** Whether what is loaded of the start of a piece is there from {@code place} on. */
  private boolean startsAt(Stake stake, long place) {
    Progress.Done prefix = stake.progress.prefix();
    boolean within = prefix.to().piece() == stake.piece;
    Digest digest = within && prefix.digest().length() < Piece.EDGE
        ? prefix.digest()
        : stake.old().head();
    return bytes.startsWith(digest, place, now.size());
  }
}
