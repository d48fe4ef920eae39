package dev.tranche.reader;

import dev.tranche.chunk.ItemError;
import dev.tranche.chunk.LookupTable;
import dev.tranche.chunk.OutageException;
import dev.tranche.definition.ProcessDefinition.LookedUp;
import dev.tranche.partition.InputException;
import dev.tranche.row.Columns;
import dev.tranche.store.Database;
import dev.tranche.store.StoreException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table that rows are looked up in, read as a whole beforehand or key by key. Nothing of it
 * outlives an execution: a restart reads it anew.
 */
public final class TableLookup implements LookupTable {

  /** Stands for a key that more than one row has. */
  private static final Object[] SEVERAL = {};

  /** Stands for a key that no row has. */
  private static final Object[] NONE = {};

  // -- given --
  private final LookedUp definition;
  private final LookupRows rows;
  private final @Nullable Duration limit;
  private final Uninterrupted asking;

  // -- so far --
  private @Nullable Map<List<Object>, @Nullable Object[]> all;
  private final Map<List<Object>, @Nullable Object[]> recent;

  private TableLookup(
      LookedUp definition, LookupRows rows, int threads, @Nullable Duration limit) {
    this.definition = definition;
    this.rows = rows;
    this.limit = limit;
    this.asking = new Uninterrupted("tranche-lookup", threads);
    this.recent =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(
              Map.Entry<List<Object>, @Nullable Object[]> eldest) {
            return size() > definition.limit();
          }
        };
  }

  /**
   * @param connections how many it may use at the same time
   * @param limit how long the database may take for the row of a key; null: as long as it takes
   * @throws InputException if it is not there, or has no such columns
   * @throws StoreException if the database is away
   */
  public static TableLookup find(
      LookedUp definition, Database database, int connections, @Nullable Duration limit) {
    return new TableLookup(
        definition, LookupRows.find(definition, database), connections, limit);
  }

  @Override
  public String name() {
    return rows.name();
  }

  @Override
  public Columns key() {
    return rows.key();
  }

  @Override
  public Columns columns() {
    return rows.columns();
  }

  /**
   * Reads the table, if it is one that is read as a whole. To be called before anything is looked up.
   *
   * @throws InputException if it has more rows than may be in memory
   */
  public void prepare() throws OutageException {
    if (definition.cache() == LookedUp.Cache.BY_KEY) {
      return;
    }
    int limit = definition.limit();
    List<LookupRows.Found> found = rows.some(limit == Integer.MAX_VALUE ? limit : limit + 1);
    if (found.size() > limit) {
      throw new InputException(
          name() + ", which rows are looked up in, has more than " + limit + " rows. Set"
              + " 'lookup.limit' to more, or 'cache: by-key'");
    }
    Map<List<Object>, @Nullable Object[]> byKey = new LinkedHashMap<>();
    for (LookupRows.Found row : found) {
      if (row.key() != null) {
        byKey.merge(row.key(), row.values(), (one, other) -> SEVERAL);
      }
    }
    all = byKey;
  }

  @Override
  public @Nullable Object @Nullable [] find(Object[] key)
      throws OutageException, InterruptedException {
    List<Object> wanted = rows.comparable(key);
    if (wanted == null) {
      return null;
    }
    @Nullable Object[] found =
        definition.cache() == LookedUp.Cache.ALL ? whole().get(wanted) : byKey(wanted, key);
    if (found == SEVERAL) {
      throw new ItemError(name() + " has more than one row with " + shown(key), null);
    }
    return found == NONE ? null : found;
  }

  private Map<List<Object>, @Nullable Object[]> whole() {
    if (all == null) {
      throw new IllegalStateException("not prepared");
    }
    return all;
  }

  private @Nullable Object[] byKey(List<Object> wanted, Object[] key)
      throws OutageException, InterruptedException {
    synchronized (recent) {
      @Nullable Object[] known = recent.get(wanted);
      if (known != null) {
        return known;
      }
    }
    List<LookupRows.Found> found =
        asking.call(() -> rows.with(key, limit)).stream()
            .filter(row -> wanted.equals(row.key()))
            .toList();
    @Nullable Object[] values =
        found.isEmpty() ? NONE : found.size() > 1 ? SEVERAL : found.get(0).values();
    synchronized (recent) {
      recent.put(wanted, values);
    }
    return values;
  }
}
