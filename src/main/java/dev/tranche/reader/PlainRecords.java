package dev.tranche.reader;

import dev.tranche.partition.CsvSyntax;
import dev.tranche.partition.FieldCursor;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import dev.tranche.row.RowText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fast way from a record to a row: finds and checks its fields and makes no values of them.
 *
 * <p>Whatever it takes, {@link CsvDecoder} would make the same values of one by one; the row's
 * {@link RowText} then spares a writer of text to make them at all. What it does not take may be
 * right or wrong: that is for the decoder to find out, and to put into words.
 *
 * <p>Safe for all threads.
 */
final class PlainRecords {

  private static final int NULL = -1;
  private static final int MADE = -2;

  // -- given --
  private final byte delimiter;
  private final byte quote;
  private final boolean utf8;
  private final Columns columns;
  private final ColumnReader[] readers;
  private final int[] columnOf;
  private final int[] nextOf;

  /** Whether all values of a row can be told from their text, so that none is made. */
  private final boolean textOnly;

  /** @param columnOf the first column of each field, {@code nextOf} the next one of each column */
  PlainRecords(
      CsvSyntax syntax,
      Columns columns,
      List<ColumnReader> readers,
      int[] columnOf,
      int[] nextOf) {
    this.delimiter = syntax.delimiter();
    this.quote = syntax.quote();
    this.utf8 = syntax.charset().equals(StandardCharsets.UTF_8);
    this.columns = columns;
    this.readers = readers.toArray(new ColumnReader[0]);
    this.columnOf = columnOf;
    this.nextOf = nextOf;
    this.textOnly = readers.stream().allMatch(ColumnReader::isPlain);
  }

  /** The row of the record in the bytes {@code from} to before {@code to}; null if it is not plain. */
  @Nullable Row row(byte[] bytes, int from, int to) {
    int recordEnd = FieldCursor.withoutLineEnd(bytes, from, to);
    Text text = new Text(bytes, readers, textOnly);
    int at = from;
    for (int field = 0; field < columnOf.length; field++) {
      if (at > recordEnd) {
        return null;
      }
      boolean quoted = at < recordEnd && bytes[at] == quote;
      int start = quoted ? at + 1 : at;
      int end = find(quoted ? quote : delimiter, bytes, start, recordEnd);
      int next = quoted ? end + 1 : end;
      if (next > recordEnd || next < recordEnd && bytes[next] != delimiter) {
        return null; // the quote is not closed, or something follows it: perhaps another quote
      }
      for (int c = columnOf[field]; c != CsvDecoder.NONE; c = nextOf[c]) {
        if (!take(text, c, start, end)) {
          return null;
        }
      }
      at = next + 1;
    }
    return at > recordEnd ? new Row(columns, text) : null;
  }

  private static int find(byte wanted, byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != wanted) {
      at++;
    }
    return at;
  }

  private boolean take(Text text, int column, int from, int to) {
    ColumnReader reader = readers[column];
    byte[] bytes = text.bytes;
    int start = reader.trimmedStart(bytes, from, to);
    int end = reader.trimmedEnd(bytes, start, to);
    if (reader.isNull(bytes, start, end)) {
      text.set(column, NULL, end);
      return true;
    }
    if (!reader.isPlain()) {
      return text.make(column, start, end);
    }
    text.set(column, start, end);
    return PlainText.is(reader.type(), bytes, start, end, utf8);
  }

  private static final class Text implements RowText {

    private final byte[] bytes;
    private final ColumnReader[] readers;

    /** Where each column's text begins, and where it ends. */
    private final int[] places;

    /** Values that have no text. */
    private final @Nullable Object @Nullable [] made;

    Text(byte[] bytes, ColumnReader[] readers, boolean textOnly) {
      this.bytes = bytes;
      this.readers = readers;
      this.places = new int[2 * readers.length];
      this.made = textOnly ? null : new @Nullable Object[readers.length];
    }

    private void set(int column, int start, int end) {
      places[2 * column] = start;
      places[2 * column + 1] = end;
    }

    private boolean make(int column, int start, int end) {
      set(column, MADE, end);
      try {
        if (made != null) {
          made[column] = readers[column].read(bytes, start, end);
        }
        return made != null;
      } catch (RuntimeException told) {
        return false; // the decoder meets it again, and says so
      }
    }

    @Override
    public boolean has(int column) {
      return places[2 * column] >= 0;
    }

    @Override
    public byte[] bytes(int column) {
      return bytes;
    }

    @Override
    public int start(int column) {
      return places[2 * column];
    }

    @Override
    public int end(int column) {
      return places[2 * column + 1];
    }

    @Override
    public @Nullable Object value(int column) {
      int start = start(column);
      if (start >= 0) {
        return readers[column].read(bytes, start, end(column));
      }
      return start == MADE && made != null ? made[column] : null;
    }
  }
}
