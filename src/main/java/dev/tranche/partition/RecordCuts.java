package dev.tranche.partition;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;

/**
 * The places nearest after given ones at which a file can be cut: where a record starts.
 *
 * <p>Blocks between those places are scanned in parallel for every state they could begin in, a
 * bounded number at a time, and then composed in order. So it is never taken for a line end what
 * stands inside of quotes, however far back they were opened.
 */
final class RecordCuts {

  /** A place where a record starts, and its line. */
  record Cut(long offset, long line) {}

  private record Range(long from, long to, boolean wanted) {}

  private static final long LARGEST_BLOCK = 4 << 20;
  private static final int BLOCKS_AT_ONCE = 64;

  // -- given --
  private final CsvSyntax syntax;
  private final Path file;
  private final FileFacts facts;
  private final PrimitiveIterator.OfLong wanted;

  // -- so far --
  private long at;
  private long nextWanted;
  private int state = RecordScanner.START;
  private long line;
  private boolean pending;
  private long last;

  /** @param wanted places after {@code dataStart} and before the end of the file, ascending */
  RecordCuts(CsvSyntax syntax, Path file, FileFacts facts, PrimitiveIterator.OfLong wanted) {
    this.syntax = syntax;
    this.file = file;
    this.facts = facts;
    this.wanted = wanted;
    this.at = facts.dataStart();
    this.line = facts.dataLine();
    this.nextWanted = wanted.hasNext() ? wanted.nextLong() : -1;
  }

  boolean isDone() {
    return at == facts.size() || nextWanted < 0 && !pending;
  }

  /** Scans on for a while, and returns the cuts found. */
  List<Cut> next() throws IOException {
    List<Range> ranges = new ArrayList<>();
    do {
      ranges.add(nextRange());
    } while (ranges.size() < BLOCKS_AT_ONCE && at < facts.size() && nextWanted >= 0);
    try {
      return compose(ranges, ranges.parallelStream().map(this::scan).toList());
    } catch (UncheckedIOException error) {
      throw error.getCause();
    }
  }

  private Range nextRange() {
    long from = at;
    boolean isWanted = from == nextWanted;
    if (isWanted) {
      nextWanted = wanted.hasNext() ? wanted.nextLong() : -1;
    }
    at = Math.min(facts.size(), from + LARGEST_BLOCK);
    if (nextWanted >= 0) {
      at = Math.min(at, nextWanted);
    }
    return new Range(from, at, isWanted);
  }

  private Block scan(Range range) {
    try {
      return Block.scan(syntax, file, range.from, range.to);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private List<Cut> compose(List<Range> ranges, List<Block> blocks) {
    List<Cut> cuts = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      pending |= ranges.get(i).wanted;
      long start = block.recordStart(state);
      if (pending && start >= 0) {
        if (start > last && start < facts.size()) { // the one before may have moved to here
          cuts.add(new Cut(start, line + block.linesBeforeRecordStart(state)));
          last = start;
        }
        pending = false;
      }
      line += block.lines();
      state = block.stateAfter(state);
    }
    return cuts;
  }
}
