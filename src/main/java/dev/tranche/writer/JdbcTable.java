package dev.tranche.writer;

import dev.tranche.store.Platform;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table that is there, as its database describes it. Immutable.
 *
 * @param uniqueKeys every constraint or index that allows no two equal rows
 * @param copied whether PostgreSQL's COPY does to it what an insert does
 * @param gathered whether rows for it may be gathered in a temporary table of PostgreSQL's
 */
record JdbcTable(
    Platform platform,
    String schema,
    String name,
    List<TableColumn> columns,
    List<UniqueKey> uniqueKeys,
    boolean copied,
    boolean gathered) {

  /**
   * What tells rows apart.
   *
   * @param whole whether it looks at whole values, and not at how they begin
   * @param generated the one of its columns that the database numbers by itself, or null
   */
  record UniqueKey(String name, Set<String> columns, boolean whole, @Nullable String generated) {

    /** Whether it is on exactly these columns. */
    boolean isOn(Set<String> names) {
      return whole && columns.equals(names);
    }

    /** Whether a row that is told apart by {@code names} may equal another one here. */
    boolean rivals(Set<String> names, Set<String> written) {
      boolean implied = whole && columns.containsAll(names);
      boolean numbered = generated != null && !written.contains(generated);
      return !implied && !numbered;
    }
  }

  /** For SQL text. */
  String quoted() {
    return quote(schema) + "." + quote(this.name);
  }

  /** {@code identifier} as one, whatever is in it. */
  String quote(String identifier) {
    return platform.quote(identifier);
  }

  List<String> columnNames() {
    return columns.stream().map(TableColumn::name).toList();
  }

  /** The column of exactly that name, or null. */
  @Nullable TableColumn column(String exactName) {
    return columns.stream()
        .filter(column -> column.name().equals(exactName))
        .findFirst()
        .orElse(null);
  }
}
