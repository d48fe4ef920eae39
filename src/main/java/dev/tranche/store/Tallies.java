package dev.tranche.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The four columns that hold a tally in every table that has one. */
final class Tallies {

  private Tallies() {}

  /** Sets four parameters, in the order of the record. */
  static void set(PreparedStatement statement, int from, Tally tally) throws SQLException {
    statement.setLong(from, tally.read());
    statement.setLong(from + 1, tally.written());
    statement.setLong(from + 2, tally.filtered());
    statement.setLong(from + 3, tally.rejected());
  }

  static Tally get(ResultSet row) throws SQLException {
    return new Tally(
        row.getLong("ITEMS_READ"),
        row.getLong("ITEMS_WRITTEN"),
        row.getLong("ITEMS_FILTERED"),
        row.getLong("ITEMS_REJECTED"));
  }
}
