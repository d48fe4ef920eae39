package dev.tranche.crash;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Rows of a query, each as one text, with bars between its values. */
final class Texts {

  private Texts() {}

  static List<String> of(Connection connection, String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        StringBuilder text = new StringBuilder(String.valueOf(rows.getString(1)));
        for (int column = 2; column <= rows.getMetaData().getColumnCount(); column++) {
          text.append('|').append(rows.getString(column));
        }
        texts.add(text.toString());
      }
    }
    return texts;
  }
}
