package dev.tranche.reader;

import dev.tranche.chunk.ItemError;
import dev.tranche.chunk.ReadChunk;
import dev.tranche.row.Digest;
import dev.tranche.row.Row;
import dev.tranche.store.Position;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows as a page of a table gave them. */
final class TableChunk implements ReadChunk<Row> {

  /** Why a row cannot be used. */
  record Fault(String column, String message, Exception cause) {

    static Fault of(SourceColumn column, Exception cause) {
      return new Fault(column.label(), String.valueOf(cause.getMessage()), cause);
    }
  }

  /**
   * A row.
   *
   * @param key the values of its key as they were read, or the bytes of their texts
   */
  record Item(Object[] key, Row row, @Nullable Fault fault) {

    /** The key as a text: made only for those rows that a place is asked of. */
    String place() {
      return KeyText.of(Stream.of(key).map(Item::text).toList());
    }

    private static String text(Object part) {
      return part instanceof byte[] text
          ? new String(text, StandardCharsets.UTF_8)
          : FieldType.text(part);
    }
  }

  private final String source;
  private final List<Item> items;
  private final Position before;

  TableChunk(String source, List<Item> items, Position before) {
    this.source = source;
    this.items = List.copyOf(items);
    this.before = before;
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public Row item(int index) {
    Item item = items.get(index);
    Fault fault = item.fault();
    if (fault != null) {
      throw new ItemError(fault.column() + ": " + fault.message(), fault.column(), fault.cause());
    }
    return item.row();
  }

  @Override
  public Position position(int index) {
    return index == 0
        ? before
        : new Position(items.get(index - 1).place(), before.ordinal() + index, 0);
  }

  @Override
  public long ordinal(int index) {
    return before.ordinal() + index;
  }

  @Override
  public Digest digest(int from, int to) {
    return Digest.NONE;
  }

  /** With the key of the row, since it has no line. */
  @Override
  public String source(int index) {
    return source + ", key " + String.join(", ", KeyText.values(items.get(index).place()));
  }

  @Override
  public long offset(int index) {
    return -1;
  }

  @Override
  public String original(int index) {
    return items.get(index).row().toString();
  }
}
