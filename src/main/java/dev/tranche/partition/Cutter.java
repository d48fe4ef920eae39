package dev.tranche.partition;

import dev.tranche.definition.PartitionDefinition;
import dev.tranche.partition.Slice.Piece;
import dev.tranche.row.Digest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the files of a step into slices, in order, as they are asked for: a pure function of the
 * rule and the files.
 *
 * <p>Compressed files are not cut. {@code bytes} lays all other files end to end and cuts that at equal distances, each cut moved to
 * where a record starts. A file no longer than one partition is kept whole, and a cut close to the
 * end of a file is moved there. No slice is empty, so that there may be none.
 *
 * <p>One thread; holds no file open between two slices.
 */
public final class Cutter implements Iterator<Slice> {

  // -- given --
  private final CsvSyntax syntax;
  private final InputFiles where;
  private final Iterator<FileFacts> files;
  private final Places places;

  // -- so far --
  private @Nullable FileCutting current;
  private List<Piece> pieces = new ArrayList<>();
  private final Deque<Slice> ready = new ArrayDeque<>();

  private Cutter(CsvSyntax syntax, InputFiles where, List<FileFacts> files, Places places) {
    this.syntax = syntax;
    this.where = where;
    this.files = files.stream().filter(file -> file.dataLength() > 0).iterator();
    this.places = places;
  }

  /**
   * The slices of {@code files} by {@code rule}.
   *
   * @return throws an {@link InputException} where a file cannot be read
   */
  public static Iterator<Slice> cut(
      PartitionDefinition rule, List<FileFacts> files, CsvSyntax syntax, InputFiles where) {
    long total =
        files.stream()
            .filter(file -> !file.isForwardOnly())
            .mapToLong(FileFacts::dataLength)
            .sum();
    return new Cutter(syntax, where, files, Places.of(rule, total));
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && (current != null || files.hasNext() || !pieces.isEmpty())) {
      advance();
    }
    return !ready.isEmpty();
  }

  @Override
  public Slice next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }

  private void advance() {
    if (current != null) {
      current.advance();
    } else if (files.hasNext()) {
      begin(files.next());
    } else {
      endSlice();
    }
  }

  /** A compressed file is a slice of its own, whatever the rule. */
  private void begin(FileFacts file) {
    if (!file.isForwardOnly()) {
      current = new FileCutting(file);
      return;
    }
    endSlice();
    pieces.add(
        new Piece(
            file.path(), file.dataStart(), Piece.OPEN, file.dataLine(), file.head(), Digest.NONE));
    endSlice();
  }

  private void endSlice() {
    if (!pieces.isEmpty()) {
      ready.add(new Slice.Files(pieces));
      pieces = new ArrayList<>();
    }
  }

  /** One file, cut piece by piece. */
  private final class FileCutting {

    // -- given --
    private final FileFacts facts;
    private final Path path;
    private final Places.InFile wanted;
    private final RecordCuts cuts;

    // -- so far --
    private long start;
    private long line;

    FileCutting(FileFacts facts) {
      this.facts = facts;
      this.path = where.resolve(facts.path());
      this.wanted = places.in(facts.dataLength());
      this.cuts = new RecordCuts(syntax, path, facts, wanted.offsets(facts.dataStart()));
      this.start = facts.dataStart();
      this.line = facts.dataLine();
      if (wanted.cutBefore()) {
        endSlice();
      }
    }

    void advance() {
      try (RandomAccessFile input = new RandomAccessFile(path.toFile(), "r")) {
        if (!cuts.isDone()) {
          for (RecordCuts.Cut cut : cuts.next()) {
            addPiece(input, cut.offset());
            endSlice();
            start = cut.offset();
            line = cut.line();
          }
          return;
        }
        addPiece(input, facts.size());
        current = null;
        if (wanted.cutAfter()) {
          endSlice();
        }
      } catch (IOException error) {
        throw InputException.unreadable(facts.path(), path, error);
      }
    }

    private void addPiece(RandomAccessFile input, long end) throws IOException {
      int edge = (int) Math.min(Piece.EDGE, end - start);
      pieces.add(new Piece(
          facts.path(),
          start,
          end,
          line,
          digest(input, start, edge),
          digest(input, end - edge, edge)));
    }
  }

  private static Digest digest(RandomAccessFile input, long from, int length) throws IOException {
    byte[] bytes = new byte[length];
    input.seek(from);
    input.readFully(bytes);
    return Digest.of(bytes, 0, length);
  }
}
