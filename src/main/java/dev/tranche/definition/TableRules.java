package dev.tranche.definition;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the keys of {@code read: { type: jdbc }} must have to do with each other. */
final class TableRules {

  private static final String NAME = "[^.]*[^. ][^.]*(\\.[^.]*[^. ][^.]*)?";

  private final Part part;
  private final ReadDefinition.Jdbc jdbc;

  TableRules(Part part, ReadDefinition.Jdbc jdbc) {
    this.part = part;
    this.jdbc = jdbc;
  }

  void check() {
    source(part, jdbc.table(), jdbc.query());
    boolean keyed = part.key("key").given() || !part.key("key").sound();
    if (part.key("query").given() && !part.key("table").given() && !keyed) {
      part.key("query")
          .wrong("'read.query' needs 'key', the columns that tell its rows apart. Add it.");
    }
    distinct(part.key("key"), jdbc.key());
    distinct(part.key("columns"), jdbc.columns());
  }

  /** Of anything that has a table or a query. */
  static void source(Part part, @Nullable String tableName, @Nullable String queryText) {
    boolean table = part.key("table").given();
    boolean query = part.key("query").given();
    if (table && query) {
      part.key("query")
          .unwanted("%s has both 'table' and 'query'. Remove one of the two.", part.what());
    } else if (!table && !query && part.key("table").sound() && part.key("query").sound()) {
      part.wrong("%s names nothing to read. Add 'table: orders', or a 'query'.", part.what());
    }
    name(part.key("table"), tableName);
    text(part.key("query"), queryText);
  }

  private static void name(Part part, @Nullable String table) {
    if (table != null && !table.matches(NAME)) {
      part.wrong("%s must be 'name' or 'schema.name', but is '%s'.", part.what(), table);
    }
  }

  private static void text(Part part, @Nullable String query) {
    if (query != null && query.strip().endsWith(";")) {
      part.wrong("%s ends in ';', and is put in parentheses. Remove it.", part.what());
    } else if (query != null && !query.strip().matches("(?is)(select|with|values|table|\\().*")) {
      part.wrong("%s must be a query that begins with 'select'.", part.what());
    }
  }

  private static void distinct(Part part, @Nullable List<String> names) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; names != null && i < names.size(); i++) {
      if (names.get(i) != null && !seen.add(names.get(i))) {
        part.item(i).wrong("column '%s' is in %s twice. Remove one.", names.get(i), part.what());
      }
    }
  }
}
