package dev.tranche.reader;

import dev.tranche.chunk.ItemError;
import dev.tranche.partition.CsvSyntax;
import dev.tranche.partition.FieldCursor;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes typed rows of the records of one CSV file, whose header says which field is which column.
 *
 * <p>Safe for all threads.
 */
final class CsvDecoder implements RecordDecoder {

  /** In the place of a column: there is none. */
  static final int NONE = -1;

  private final CsvSyntax syntax;
  private final Columns columns;
  private final List<ColumnReader> readers;
  private final List<String> header;

  /** The first column that reads a field, by field. */
  private final int[] columnOf;

  /** The next column that reads the same field, by column. */
  private final int[] nextOf;

  private final PlainRecords plain;

  /** @param fields the field that each column reads, from 0 */
  CsvDecoder(
      CsvSyntax syntax,
      Columns columns,
      List<ColumnReader> readers,
      List<String> header,
      int[] fields) {
    this.syntax = syntax;
    this.columns = columns;
    this.readers = readers;
    this.header = header;
    this.columnOf = new int[header.size()];
    this.nextOf = new int[fields.length];
    Arrays.fill(columnOf, NONE);
    for (int column = fields.length - 1; column >= 0; column--) {
      nextOf[column] = columnOf[fields[column]];
      columnOf[fields[column]] = column;
    }
    this.plain = new PlainRecords(syntax, columns, readers, columnOf, nextOf);
  }

  @Override
  public String original(byte[] bytes, int from, int to) {
    int end = FieldCursor.withoutLineEnd(bytes, from, to);
    return new String(bytes, from, end - from, syntax.charset());
  }

  @Override
  public Row decode(byte[] bytes, int from, int to, long offset) {
    Row row = plain.row(bytes, from, to);
    return row == null ? decodeByField(bytes, from, to, offset) : row;
  }

  /** What {@link #decode} does where the record is not plain, and the measure for all others. */
  Row decodeByField(byte[] bytes, int from, int to, long offset) {
    FieldCursor fields = new FieldCursor(syntax, bytes, from, to);
    @Nullable Object[] values = new Object[columns.size()];
    ItemError first = null;
    while (next(fields)) {
      int column = fields.index() < columnOf.length ? columnOf[fields.index()] : NONE;
      for (; column != NONE; column = nextOf[column]) {
        try {
          values[column] = readers.get(column).read(fields.bytes(), fields.start(), fields.end());
        } catch (ItemError error) {
          first = first == null ? error : first;
        } catch (CsvSyntax.UndecodableException error) {
          first = first == null ? undecodable(column, fields, error, offset - from) : first;
        }
      }
    }
    checkCount(fields.index() + 1);
    if (first != null) {
      throw first;
    }
    return new Row(columns, values);
  }

  private boolean next(FieldCursor fields) {
    try {
      return fields.next();
    } catch (FieldCursor.FaultException error) {
      throw new ItemError(
          switch (error.fault()) {
            case TEXT_AFTER_QUOTE ->
              field(fields.index()) + " has text after its closing quote; a quote inside of"
                  + " quotes is written twice";
            case UNCLOSED_QUOTE ->
              field(fields.index()) + " opens a quote that is not closed on its line, and"
                  + " 'multiline' is false";
          },
          fields.index() < header.size() ? header.get(fields.index()) : null,
          error);
    }
  }

  private String field(int index) {
    String name = index < header.size() ? " (" + header.get(index) + ")" : "";
    return "field " + (index + 1) + name;
  }

  private void checkCount(int found) {
    if (found != header.size()) {
      throw new ItemError("the record has " + count(found) + ", expected " + header.size(), null);
    }
  }

  private static String count(int fields) {
    return fields + (fields == 1 ? " field" : " fields");
  }

  private ItemError undecodable(
      int column, FieldCursor fields, CsvSyntax.UndecodableException error, long recordShift) {
    String name = readers.get(column).name();
    return new ItemError(
        String.format(
            "%s: byte %d of the file, 0x%02X, is not %s. Set 'charset' to what the file is in",
            name,
            recordShift + fields.placeOf(error.index()),
            fields.bytes()[error.index()],
            syntax.charset().name()),
        name,
        error);
  }
}
