package dev.tranche.reader;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.postgresql.PGResultSetMetaData;
import org.postgresql.PGStatement;
import org.postgresql.core.Field;

/**
 * What PostgreSQL's driver knows besides JDBC: a column may come as the text that the server writes,
 * and is then had as bytes without anything being made of them. Only with that driver.
 */
final class PostgresResults {

  private PostgresResults() {}

  /** Asks for texts: a statement that is never prepared on the server has no other results. */
  static void askForTexts(PreparedStatement statement) throws SQLException {
    if (statement.isWrapperFor(PGStatement.class)) {
      statement.unwrap(PGStatement.class).setPrepareThreshold(0);
    }
  }

  /** Which of the first {@code count} columns came as texts, whatever was asked for. */
  static boolean[] texts(ResultSet rows, int count) throws SQLException {
    boolean[] texts = new boolean[count];
    if (rows.getMetaData() instanceof PGResultSetMetaData columns) {
      for (int i = 0; i < count; i++) {
        texts[i] = columns.getFormat(i + 1) == Field.TEXT_FORMAT;
      }
    }
    return texts;
  }
}
