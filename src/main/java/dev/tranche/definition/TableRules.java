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
    boolean table = part.key("table").given();
    boolean query = part.key("query").given();
    if (table && query) {
      part.key("query").unwanted("'read' has both 'table' and 'query'. Remove one of the two.");
    } else if (!table && !query && part.key("table").sound() && part.key("query").sound()) {
      part.wrong("'read' names nothing to read. Add 'table: orders', or a 'query'.");
    }
    boolean keyed = part.key("key").given() || !part.key("key").sound();
    if (query && !table && !keyed) {
      part.key("query")
          .wrong("'read.query' needs 'key', the columns that tell its rows apart. Add it.");
    }
    name(part.key("table"), jdbc.table());
    text(part.key("query"), jdbc.query());
    distinct(part.key("key"), jdbc.key());
    distinct(part.key("columns"), jdbc.columns());
  }

  private static void name(Part part, @Nullable String table) {
    if (table != null && !table.matches(NAME)) {
      part.wrong("'read.table' must be 'name' or 'schema.name', but is '%s'.", table);
    }
  }

  private static void text(Part part, @Nullable String query) {
    if (query != null && query.strip().endsWith(";")) {
      part.wrong("'read.query' ends in ';', and is put in parentheses. Remove it.");
    } else if (query != null && !query.strip().matches("(?is)(select|with|values|table|\\().*")) {
      part.wrong("'read.query' must be a query that begins with 'select'.");
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
