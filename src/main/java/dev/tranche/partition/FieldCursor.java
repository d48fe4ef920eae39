package dev.tranche.partition;

/**
 * Walks the fields of one record, without making anything of them.
 *
 * <pre>{@code
 * while (fields.next()) {
 *   fields.bytes(), fields.start(), fields.end()
 * }
 * }</pre>
 *
 * <p>One thread; valid as long as the bytes are.
 */
public final class FieldCursor {

  /** What is wrong with the way a field is written. */
  public enum Fault {
    /** Something other than a delimiter follows the closing quote. */
    TEXT_AFTER_QUOTE,
    /** The quote is not closed before the record ends. */
    UNCLOSED_QUOTE
  }

  /** Thrown by {@link #next}: the record cannot be split into fields. */
  public static final class FaultException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private final Fault fault;

    private FaultException(Fault fault) {
      super(fault.name(), null, false, false);
      this.fault = fault;
    }

    public Fault fault() {
      return fault;
    }
  }

  // -- given --
  private final CsvSyntax syntax;
  private final byte[] record;
  private final int recordEnd;

  // -- so far --
  private int at;
  private int index = -1;
  private byte[] bytes;
  private int start;
  private int end;
  private int quotedStart;

  /** @param to after the last byte of the record; a line end before it is not part of a field */
  public FieldCursor(CsvSyntax syntax, byte[] record, int from, int to) {
    this.syntax = syntax;
    this.record = record;
    this.bytes = record;
    this.at = from;
    this.recordEnd = withoutLineEnd(record, from, to);
  }

  /** Where the bytes end if a line end at their end, of one or two bytes, is left out. */
  public static int withoutLineEnd(byte[] bytes, int from, int to) {
    int end = to;
    if (end > from && bytes[end - 1] == CsvSyntax.LF) {
      end--;
    }
    if (end > from && bytes[end - 1] == CsvSyntax.CR) {
      end--;
    }
    return end;
  }

  /**
   * Goes to the next field.
   *
   * @return false after the last one
   * @throws FaultException if the field is not well written
   */
  public boolean next() {
    if (at > recordEnd) {
      return false;
    }
    index++;
    if (at < recordEnd && record[at] == syntax.quote()) {
      readQuoted();
    } else {
      bytes = record;
      start = at;
      end = plainEnd(at);
      at = end + 1;
    }
    return true;
  }

  /** Which field this is, from 0. */
  public int index() {
    return index;
  }

  /** Where in the record the next field starts, or the one at fault. */
  public int place() {
    return at;
  }

  /** The array that holds the field's text, free of its quotes. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where the field's text starts in {@link #bytes()}. */
  public int start() {
    return start;
  }

  /** Where it ends. */
  public int end() {
    return end;
  }

  /** Where in the record that byte is which is at {@code index} in {@link #bytes()}. */
  public int placeOf(int index) {
    if (bytes == record) {
      return index;
    }
    int place = quotedStart;
    for (int i = 0; i < index; i++) {
      place += record[place] == syntax.quote() ? 2 : 1;
    }
    return place;
  }

  private int plainEnd(int from) {
    byte delimiter = syntax.delimiter();
    int to = from;
    while (to < recordEnd && record[to] != delimiter) {
      to++;
    }
    return to;
  }

  private void readQuoted() {
    int open = at;
    int close = open + 1;
    int doubled = 0;
    while (true) {
      while (close < recordEnd && record[close] != syntax.quote()) {
        close++;
      }
      if (close >= recordEnd) {
        at = open;
        throw new FaultException(Fault.UNCLOSED_QUOTE);
      }
      if (close + 1 >= recordEnd || record[close + 1] != syntax.quote()) {
        break;
      }
      doubled++;
      close += 2;
    }
    if (close + 1 < recordEnd && record[close + 1] != syntax.delimiter()) {
      at = open;
      throw new FaultException(Fault.TEXT_AFTER_QUOTE);
    }
    at = close + 2;
    bytes = record;
    quotedStart = open + 1;
    start = quotedStart;
    end = close;
    if (doubled > 0) {
      unescape(doubled);
    }
  }

  private void unescape(int doubled) {
    byte[] text = new byte[end - start - doubled];
    int from = start;
    for (int to = 0; to < text.length; to++) {
      text[to] = record[from];
      from += record[from] == syntax.quote() ? 2 : 1;
    }
    bytes = text;
    start = 0;
    end = text.length;
  }
}
