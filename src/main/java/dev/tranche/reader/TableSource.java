package dev.tranche.reader;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ReadChunk;
import dev.tranche.partition.Bounds;
import dev.tranche.row.Row;
import dev.tranche.store.Database;
import dev.tranche.store.Position;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a slice of a table, in pages along its key.
 *
 * <p>A place is the key of the row before it, so that going on costs one page wherever that is, and
 * rows that come, go or change elsewhere shift nothing. Which row is before which is for the
 * database to say: keys are handed back to it as they came, and never compared here. A connection is
 * borrowed for each page and given back; nothing stays open over a commit.
 */
final class TableSource implements ChunkSource<Row> {

  /** A page has as many rows as a chunk, within these. */
  private static final int LEAST = 100;

  private static final int MOST = 5_000;

  // -- given --
  private final Database database;
  private final SourceTable table;
  private final SourceSql sql;
  private final Bounds bounds;

  // -- so far --
  private List<TableChunk.Item> page = List.of();

  /** How many rows of the page are handed out. */
  private int used;

  /** Up to where the page was asked for; null: to the end. */
  private @Nullable String pageStop;

  /** Whether no row follows the page's last, up to where it was asked for. */
  private boolean exhausted;

  private String key = KeyText.START;
  private long ordinal;
  private long rowsFetched;

  TableSource(Database database, SourceTable table, Bounds bounds) {
    this.database = database;
    this.table = table;
    this.sql = new SourceSql(table);
    this.bounds = bounds;
  }

  @Override
  public void open(@Nullable Position from) {
    goTo(from == null ? new Position(KeyText.START, 0, 0) : from);
  }

  @Override
  public void seek(Position to) {
    goTo(to);
  }

  private void goTo(Position to) {
    key = to.key();
    ordinal = to.ordinal();
    forgetPage();
  }

  private void forgetPage() {
    page = List.of();
    used = 0;
    exhausted = false;
    pageStop = null;
  }

  @Override
  public @Nullable ReadChunk<Row> read(int size, @Nullable Position stop) throws SQLException {
    String end = stop == null ? null : stop.key();
    if (key.equals(end)) {
      return null;
    }
    if (end == null ? pageStop != null : !end.equals(pageStop)) {
      forgetPage();
      pageStop = end;
    }
    Position before = position();
    List<TableChunk.Item> items = new ArrayList<>();
    while (items.size() < size && hasNext(size)) {
      int more = Math.min(size - items.size(), page.size() - used);
      items.addAll(page.subList(used, used + more));
      used += more;
    }
    if (items.isEmpty()) {
      key = end == null ? key : end;
      return null;
    }
    key = items.get(items.size() - 1).place();
    ordinal += items.size();
    return new TableChunk(table.name(), items, before);
  }

  private boolean hasNext(int size) throws SQLException {
    if (used == page.size() && !exhausted) {
      fetch(Math.max(LEAST, Math.min(size, MOST)));
    }
    return used < page.size();
  }

  private void fetch(int rows) throws SQLException {
    String last = page.isEmpty() ? key : page.get(page.size() - 1).place();
    Clause where =
        last.equals(KeyText.START)
            ? sql.within(bounds)
            : sql.rest(bounds).and(sql.after(KeyText.values(last)));
    if (pageStop != null) {
      where = where.and(sql.upTo(KeyText.values(pageStop)));
    }
    try (SourceSession session = new SourceSession(database, table.needsUtc())) {
      page = session.page(sql.page(where.where(), rows), where, new TableRows(table));
    }
    used = 0;
    exhausted = page.size() < rows;
    rowsFetched += page.size();
  }

  @Override
  public Position position() {
    return new Position(key, ordinal, 0);
  }

  @Override
  public boolean atEnd() {
    return exhausted && pageStop == null && used == page.size();
  }

  @Override
  public boolean seeks() {
    return true;
  }

  /** How many rows the database was asked for and gave. */
  long rowsFetched() {
    return rowsFetched;
  }

  @Override
  public void close() {
    forgetPage();
  }
}
