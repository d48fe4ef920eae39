package dev.tranche.plan;

import dev.tranche.chunk.OutageException;
import dev.tranche.definition.ChunkDefinition;
import dev.tranche.definition.ChunkStepDefinition;
import dev.tranche.definition.ProcessDefinition;
import dev.tranche.definition.ProcessDefinition.LookedUp;
import dev.tranche.partition.InputException;
import dev.tranche.reader.TableLookup;
import dev.tranche.store.Database;
import dev.tranche.store.Databases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The tables that the rows of a step are looked up in. Immutable; safe for all threads. */
final class LookupTables {

  private final Map<LookedUp, TableLookup> tables = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  private LookupTables() {}

  /** @throws InputException if one of them is not there */
  static LookupTables find(ChunkStepDefinition step, Databases databases) {
    LookupTables found = new LookupTables();
    for (LookedUp lookup : of(step)) {
      Database database =
          Objects.requireNonNull(databases.find(lookup.connection()), "planned without it");
      TableLookup table =
          TableLookup.find(
              lookup, database, step.partition().concurrency(), limit(step.chunk()));
      found.tables.put(lookup, table);
      found.notes.add(
          "rows are looked up in " + table.name() + " of database " + database.name()
              + (lookup.cache() == LookedUp.Cache.ALL
                  ? ", which is read once when the step begins: at most "
                      + lookup.limit() + " rows"
                  : " by key: the last " + lookup.limit() + " keys are kept"));
    }
    return found;
  }

  /** Longer than that nobody waits for an answer. */
  private static @Nullable Duration limit(ChunkDefinition chunk) {
    return chunk.itemTimeout() == null ? chunk.timeout() : chunk.itemTimeout();
  }

  static List<LookedUp> of(ChunkStepDefinition step) {
    List<LookedUp> lookups = new ArrayList<>();
    for (ProcessDefinition entry : step.process()) {
      if (entry instanceof ProcessDefinition.Lookup lookup) {
        lookups.add(lookup.from());
      }
    }
    return lookups;
  }

  TableLookup get(LookedUp lookup) {
    return Objects.requireNonNull(tables.get(lookup));
  }

  /** What is worth knowing about them. */
  List<String> notes() {
    return notes;
  }

  /** Reads those that are read as a whole. */
  void prepare() throws OutageException {
    for (TableLookup table : tables.values()) {
      table.prepare();
    }
  }
}
