package dev.tranche.reader;

import dev.tranche.chunk.ItemError;
import dev.tranche.chunk.ReadChunk;
import dev.tranche.row.Columns;
import dev.tranche.row.Digest;
import dev.tranche.row.Row;
import dev.tranche.store.Position;
import java.util.List;
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
   * @param key of it, as a text
   */
  record Item(String key, @Nullable Object[] values, @Nullable Fault fault) {}

  private final String source;
  private final Columns columns;
  private final List<Item> items;
  private final Position before;

  TableChunk(String source, Columns columns, List<Item> items, Position before) {
    this.source = source;
    this.columns = columns;
    this.items = List.copyOf(items);
    this.before = before;
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public Row item(int index) {
    Fault fault = items.get(index).fault();
    if (fault != null) {
      throw new ItemError(fault.column() + ": " + fault.message(), fault.column(), fault.cause());
    }
    return row(index);
  }

  private Row row(int index) {
    return new Row(columns, items.get(index).values().clone());
  }

  @Override
  public Position position(int index) {
    return index == 0
        ? before
        : new Position(items.get(index - 1).key(), before.ordinal() + index, 0);
  }

  @Override
  public Digest digest(int from, int to) {
    return Digest.NONE;
  }

  /** With the key of the row, since it has no line. */
  @Override
  public String source(int index) {
    return source + ", key " + String.join(", ", KeyText.values(items.get(index).key()));
  }

  @Override
  public long offset(int index) {
    return -1;
  }

  @Override
  public String original(int index) {
    return row(index).toString();
  }
}
