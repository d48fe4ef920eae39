package dev.tranche.partition;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A block of a file scanned for every state it could begin in, so that blocks can be scanned in
 * parallel and composed afterwards.
 *
 * <p>The states soon meet: the text decides, not the state before it. From then on the block is
 * scanned once for all that have met.
 */
final class Block {

  private static final int BUFFER = 1 << 16;

  /** The states are compared after this many bytes at first, and then after ever more. */
  private static final int FIRST_STRETCH = 256;

  // -- given --
  private final long from;
  private final long to;

  // -- so far --
  private final int[] state = new int[RecordScanner.STATES];
  private final long[] start = new long[RecordScanner.STATES];
  private final long[] linesBeforeStart = new long[RecordScanner.STATES];
  private long lines;

  private Block(long from, long to) {
    this.from = from;
    this.to = to;
    Arrays.setAll(state, each -> each);
    Arrays.fill(start, -1);
  }

  /** Scans the bytes {@code from} to before {@code to} of {@code file}. */
  static Block scan(CsvSyntax syntax, Path file, long from, long to) throws IOException {
    Block block = new Block(from, to);
    try (RandomAccessFile input = new RandomAccessFile(file.toFile(), "r")) {
      block.scan(syntax.scanner(), input);
    }
    return block;
  }

  /** The state after the block, if it is {@code before} in front of it. */
  int stateAfter(int before) {
    return state[before];
  }

  /** How many line ends the block holds. */
  long lines() {
    return lines;
  }

  /**
   * The first place in the block where a record starts, or -1; given the state in front of it.
   * After {@link RecordScanner#START} that is the block's first byte.
   */
  long recordStart(int before) {
    return before == RecordScanner.START ? from : start[before];
  }

  /** How many line ends lie in the block before {@link #recordStart}. */
  long linesBeforeRecordStart(int before) {
    return before == RecordScanner.START ? 0 : linesBeforeStart[before];
  }

  private void scan(RecordScanner scanner, RandomAccessFile input) throws IOException {
    boolean afterReturn = from > 0 && byteBefore(input) == CsvSyntax.CR;
    byte[] buffer = new byte[(int) Math.min(BUFFER, to - from)];
    int stretch = FIRST_STRETCH;
    for (long at = from; at < to; ) {
      int length = (int) Math.min(buffer.length, to - at);
      input.readFully(buffer, 0, length);
      for (int i = 0; i < length; ) {
        int end = Math.min(length, i + stretch);
        scan(scanner, buffer, i, end, at, afterReturn);
        afterReturn = buffer[end - 1] == CsvSyntax.CR;
        i = end;
        stretch = Math.min(BUFFER, 2 * stretch);
      }
      at += length;
    }
  }

  private byte byteBefore(RandomAccessFile input) throws IOException {
    input.seek(from - 1);
    int before = input.read();
    if (before < 0) {
      throw new EOFException();
    }
    return (byte) before;
  }

  /** @param at the place in the file of the buffer's first byte */
  private void scan(
      RecordScanner scanner, byte[] buffer, int from, int to, long at, boolean afterReturn) {
    int[] before = state.clone();
    long lineEnds = 0;
    for (int i = 0; i < state.length; i++) {
      int same = indexOf(before, before[i]);
      boolean known = same < i && (start[i] >= 0 || start[same] < 0);
      if (known) {
        state[i] = state[same];
        continue;
      }
      scanner.reset(before[i], afterReturn);
      int next = scanner.next(buffer, from, to);
      if (next >= 0 && start[i] < 0) {
        start[i] = at + next;
        linesBeforeStart[i] = lines + scanner.lineEnds();
      }
      while (next >= 0) {
        next = scanner.next(buffer, next, to);
      }
      state[i] = scanner.state();
      if (i == 0) {
        lineEnds = scanner.lineEnds(); // the same for every state that there can be
      }
    }
    lines += lineEnds;
  }

  private static int indexOf(int[] states, int state) {
    int index = 0;
    while (states[index] != state) {
      index++;
    }
    return index;
  }
}
