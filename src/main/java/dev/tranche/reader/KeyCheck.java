package dev.tranche.reader;

import dev.tranche.partition.InputException;
import java.sql.SQLException;
import java.util.stream.Collectors;

/**
 * Looks at the rows of a query or view, whose key nobody declared: each must have one of its own. One
 * thread.
 */
final class KeyCheck {

  private final SourceSession session;
  private final SourceTable table;

  KeyCheck(SourceSession session, SourceTable table) {
    this.session = session;
    this.table = table;
  }

  /** @throws InputException if some row has no key, or shares one */
  void check() throws SQLException {
    SourceSql sql = new SourceSql(table);
    String names = sql.listed(table.key());
    String isNull =
        table.key().stream()
            .map(column -> sql.quoted(column) + " is null")
            .collect(Collectors.joining(" or "));
    String plain = String.join(", ", table.keyNames());
    if (finds("select 1 from " + table.from() + " where " + isNull + " limit 1")) {
      throw new InputException(table.name() + " has rows whose key (" + plain + ") is null, at least"
          + " in part: they would not be read. Choose another 'key', or leave such rows out");
    }
    if (finds("select 1 from " + table.from() + " group by " + names
        + " having count(*) > 1 limit 1")) {
      throw new InputException(table.name() + " has several rows with one key (" + plain + "): all"
          + " but one might be passed over. Add columns to 'key' until it tells rows apart");
    }
  }

  private boolean finds(String query) throws SQLException {
    return !session.query(query, Clause.NONE, row -> row.getInt(1)).isEmpty();
  }
}
