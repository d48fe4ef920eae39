package dev.tranche.partition;

import static dev.tranche.partition.CsvSyntax.CR;
import static dev.tranche.partition.CsvSyntax.LF;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The state machine of CSV: finds where records end in bytes that come block by block.
 *
 * <p>There are only {@value #STATES} states, so that a block can be scanned for each of them before
 * it is known which one it begins in: that is how a big file is cut without reading it in order.
 *
 * <p>One thread.
 */
public final class RecordScanner implements RecordEnds {

  /** At the start of a record. */
  static final int START = 0;

  /** After a delimiter. */
  static final int FIELD = 1;

  /** In a field, outside of quotes. */
  static final int PLAIN = 2;

  /** Inside of quotes. */
  static final int QUOTED = 3;

  /** After a quote inside of quotes: it closes them, or is the first of two. */
  static final int QUOTE = 4;

  /** After a CR outside of quotes: the record has ended, unless its line end goes on with a LF. */
  static final int RETURN = 5;

  static final int STATES = 6;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long LINE_FEEDS = ONES * LF;
  private static final long RETURNS = ONES * CR;

  // -- given --
  private final byte delimiter;
  private final byte quote;
  private final boolean multiline;
  private final long quotes;

  // -- so far --
  private int state;
  private boolean afterReturn;
  private long lineEnds;

  RecordScanner(CsvSyntax syntax) {
    this.delimiter = syntax.delimiter();
    this.quote = syntax.quote();
    this.multiline = syntax.multiline();
    this.quotes = ONES * syntax.quote();
  }

  /** Stands at the start of a record again; line ends count from 0. */
  @Override
  public void reset() {
    reset(START, false);
  }

  /** @param afterReturn whether the byte before is a CR */
  void reset(int state, boolean afterReturn) {
    this.state = state;
    this.afterReturn = afterReturn;
    this.lineEnds = 0;
  }

  int state() {
    return state;
  }

  /** Whether a quote is open, so that the record cannot end here. */
  @Override
  public boolean isQuoted() {
    return state == QUOTED;
  }

  /** Whether a record starts here: nothing of one was seen yet. */
  public boolean isAtStart() {
    return state == START || state == RETURN;
  }

  /** How many line ends were passed since {@link #reset()}, those inside of quotes included. */
  @Override
  public long lineEnds() {
    return lineEnds;
  }

  /**
   * Goes on through the bytes {@code from} to before {@code to}, which follow those of the last
   * call, to where the next record starts.
   *
   * @return that place, after the line end of the record before; or -1 if it is not known to lie
   *     within these bytes. After a CR as the last byte it is known only with the next call, which
   *     may then return {@code from}
   */
  @Override
  public int next(byte[] bytes, int from, int to) {
    int at = from;
    if (at < to && state == RETURN) {
      return recordStart(bytes[at] == LF ? at + 1 : at);
    }
    if (at < to && state == QUOTE) {
      state = bytes[at] == quote ? QUOTED : PLAIN;
      at += state == QUOTED ? 1 : 0;
    }
    while (true) {
      int found = find(bytes, at, to);
      if (found == to) {
        return suspend(bytes, from, at, to);
      }
      if (bytes[found] == quote) {
        at = passQuote(bytes, at, found, to);
      } else {
        countLineEnd(bytes, from, found);
        if (state != QUOTED || !multiline) {
          return endRecord(bytes, found, to);
        }
        at = found + 1;
      }
    }
  }

  private int recordStart(int at) {
    state = START;
    afterReturn = false;
    return at;
  }

  private int suspend(byte[] bytes, int from, int at, int to) {
    if (at < to && state != QUOTED) {
      state = bytes[to - 1] == delimiter ? FIELD : PLAIN;
    }
    if (from < to) {
      afterReturn = bytes[to - 1] == CR;
    }
    return -1;
  }

  private int endRecord(byte[] bytes, int at, int to) {
    if (bytes[at] == LF) {
      return recordStart(at + 1);
    }
    if (at + 1 == to) {
      state = RETURN;
      afterReturn = true;
      return -1;
    }
    return recordStart(bytes[at + 1] == LF ? at + 2 : at + 1);
  }

  /** @param at from where on the state was the present one */
  private int passQuote(byte[] bytes, int at, int found, int to) {
    int next = found + 1;
    if (state != QUOTED) {
      boolean opens = found > at ? bytes[found - 1] == delimiter : state == START || state == FIELD;
      state = opens ? QUOTED : PLAIN;
    } else if (next == to) {
      state = QUOTE;
    } else if (bytes[next] == quote) {
      next++;
    } else {
      state = PLAIN;
    }
    return next;
  }

  private void countLineEnd(byte[] bytes, int from, int at) {
    boolean continued = bytes[at] == LF && (at > from ? bytes[at - 1] == CR : afterReturn);
    lineEnds += continued ? 0 : 1;
  }

  /** The next line end or quote, or {@code to}; eight bytes at a time. */
  private int find(byte[] bytes, int from, int to) {
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      long word = (long) LONGS.get(bytes, at);
      long found = zeros(word ^ LINE_FEEDS) | zeros(word ^ RETURNS) | zeros(word ^ quotes);
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (at < to && bytes[at] != LF && bytes[at] != CR && bytes[at] != quote) {
      at++;
    }
    return at;
  }

  /** The high bit of every byte that is zero; right up to the lowest such byte, which is enough. */
  private static long zeros(long word) {
    return (word - ONES) & ~word & HIGHS;
  }
}
