package dev.tranche.reader;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.definition.PartitionDefinition;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.partition.Bounds;
import dev.tranche.partition.InputException;
import dev.tranche.partition.Slice;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import dev.tranche.store.Database;
import dev.tranche.store.StoreException;
import java.util.List;

/**
 * The table or query that a step reads: found once, cut, and its slices opened.
 *
 * <p>Immutable; safe for all threads.
 */
public final class TableInput {

  private static final int SHOWN_PAGE = 1_000;

  private final Database database;
  private final SourceTable table;

  private TableInput(Database database, SourceTable table) {
    this.database = database;
    this.table = table;
  }

  /**
   * The table as it is now.
   *
   * @throws InputException if it is not there, or cannot be read along a key
   * @throws StoreException if the database is away
   */
  public static TableInput find(ReadDefinition.Jdbc definition, Database database) {
    return SourceSession.ask(
        database,
        false,
        session ->
            new TableInput(
                database,
                new SourceCatalog(session.connection(), database.platform(), definition).find()));
  }

  /**
   * The same, for a layout that was frozen.
   *
   * @param facts as {@link #facts} gave them then
   * @throws InputException if places in the layout mean something else now
   */
  public static TableInput find(ReadDefinition.Jdbc definition, Database database, String facts) {
    TableInput now = find(definition, database);
    if (!now.facts().equals(facts)) {
      throw new InputException(now.table.name() + " was read by the key " + KeyFacts.shown(facts)
          + ", and has the key " + KeyFacts.shown(now.facts()) + " now, so that what is done is not"
          + " found in it. Change it back, or read it all anew with a new run");
    }
    return now;
  }

  /** What must stay as it is for a layout to go on: the key. As JSON. */
  public String facts() {
    return KeyFacts.of(table.key());
  }

  /** The columns of the rows. */
  public Columns columns() {
    return table.rows();
  }

  /**
   * The slices, with how many rows each has now.
   *
   * @throws InputException if the rule does not fit the table
   */
  public List<Slice.Rows> cut(PartitionDefinition rule) {
    return SourceSession.ask(
        database, table.needsUtc(), session -> new TableCutter(session, table).cut(rule));
  }

  /** The rows of a slice; not opened yet. */
  public ChunkSource<Row> source(Slice.Rows slice) {
    return new TableSource(database, table, slice.bounds());
  }

  /** The first query of a slice, to be read by people. */
  public String sql(Bounds bounds) {
    SourceSql sql = new SourceSql(table);
    return sql.page(sql.within(bounds).whereShown(), SHOWN_PAGE);
  }
}
