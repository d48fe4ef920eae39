package dev.tranche.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class PostgresTest {

  @Test
  void givesEachCallerADatabaseOfItsOwn() throws SQLException {
    try (Postgres one = Postgres.database();
        Postgres two = Postgres.database()) {
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
    try (Postgres database = Postgres.database();
        Connection connection = database.dataSource().getConnection()) {
      assertThat(database.terminateSessions()).isEqualTo(1);
      assertThat(connection.isValid(5)).isFalse();
    }
  }

  private static int tables(Postgres database) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(database.url(), database.username(), database.password());
        Statement statement = connection.createStatement();
        var result =
            statement.executeQuery("select count(*) from pg_tables where schemaname = 'public'")) {
      result.next();
      return result.getInt(1);
    }
  }
}
