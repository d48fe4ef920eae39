package dev.tranche.partition;

/**
 * Finds where the elements of a JSON array begin, without making anything of them: a record is an
 * element with the comma, or the bracket, behind it.
 *
 * <p>Whether an element is well written is for whoever decodes it to say. One thread.
 */
final class ArrayScanner implements RecordEnds {

  private int depth;
  private boolean quoted;
  private boolean escaped;

  /** After the comma behind an element. */
  private boolean passed;

  private boolean afterReturn;
  private long lineEnds;

  @Override
  public void reset() {
    depth = 0;
    quoted = false;
    escaped = false;
    passed = false;
    afterReturn = false;
    lineEnds = 0;
  }

  @Override
  public int next(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      byte value = bytes[at];
      boolean blank = value == ' ' || value == '\t' || CsvSyntax.isLineEnd(value);
      if (passed && !blank) {
        passed = false;
        return at;
      }
      countLineEnd(value);
      if (quoted) {
        inText(value);
      } else {
        outside(value);
      }
    }
    return -1;
  }

  private void countLineEnd(byte value) {
    boolean continued = value == CsvSyntax.LF && afterReturn;
    lineEnds += CsvSyntax.isLineEnd(value) && !continued ? 1 : 0;
    afterReturn = value == CsvSyntax.CR;
  }

  private void inText(byte value) {
    quoted = escaped || value != '"';
    escaped = !escaped && value == '\\';
  }

  private void outside(byte value) {
    switch (value) {
      case '"' -> quoted = true;
      case '{', '[' -> depth++;
      case '}', ']' -> depth--;
      case ',' -> passed = depth == 0;
      default -> {
        // Part of an element.
      }
    }
  }

  @Override
  public boolean isQuoted() {
    return quoted;
  }

  @Override
  public long lineEnds() {
    return lineEnds;
  }
}
