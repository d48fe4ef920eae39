package dev.tranche.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The columns that hold a tally in every table that has one. */
final class Tallies {

  /** How many parameters {@link #set} sets. */
  static final int SIZE = 6;

  /** For a select. */
  static final String COLUMNS = "ITEMS_READ, ITEMS_WRITTEN, ITEMS_FILTERED, ITEMS_REJECTED,"
      + " ITEMS_READ_SKIPS, ITEMS_WRITE_SKIPS";

  /** For an update, with parameters. */
  static final String ASSIGNED = COLUMNS.replace(",", " = ?,") + " = ?";

  /** For a select, over all rows. */
  static final String SUMS = COLUMNS.replaceAll("(\\w+)", "coalesce(sum($1), 0) $1");

  private Tallies() {}

  /** Sets the parameters of {@link #ASSIGNED}. */
  static void set(PreparedStatement statement, int from, Tally tally) throws SQLException {
    statement.setLong(from, tally.read());
    statement.setLong(from + 1, tally.written());
    statement.setLong(from + 2, tally.filtered());
    statement.setLong(from + 3, tally.rejected());
    statement.setLong(from + 4, tally.readSkips());
    statement.setLong(from + 5, tally.writeSkips());
  }

  static Tally get(ResultSet row) throws SQLException {
    long readSkips = row.getLong("ITEMS_READ_SKIPS");
    long writeSkips = row.getLong("ITEMS_WRITE_SKIPS");
    return new Tally(
        row.getLong("ITEMS_READ"),
        row.getLong("ITEMS_WRITTEN"),
        row.getLong("ITEMS_FILTERED"),
        readSkips,
        row.getLong("ITEMS_REJECTED") - readSkips - writeSkips,
        writeSkips);
  }
}
