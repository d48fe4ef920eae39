package dev.tranche.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class MariaDbTest {

  @Test
  void givesEachCallerADatabaseOfItsOwn() throws SQLException {
    try (MariaDb one = MariaDb.database();
        MariaDb two = MariaDb.database()) {
      try (Connection connection = one.dataSource().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("create table t (i int)");
      }
      assertThat(tables(one)).isEqualTo(1);
      assertThat(tables(two)).isZero();
    }
  }

  @Test
  void endsSessionsOnDemand() throws SQLException {
    try (MariaDb database = MariaDb.database();
        Connection connection = database.dataSource().getConnection()) {
      assertThat(database.terminateSessions()).isEqualTo(1);
      assertThat(connection.isValid(5)).isFalse();
    }
  }

  private static int tables(MariaDb database) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        var result = statement.executeQuery("show tables")) {
      int count = 0;
      while (result.next()) {
        count++;
      }
      return count;
    }
  }
}
