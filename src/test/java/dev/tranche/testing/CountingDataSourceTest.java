package dev.tranche.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

class CountingDataSourceTest {

  @EveryDatabase
  void countsABatchAsOneStatement(TestDatabase databases) throws SQLException {
    CountingDataSource counting = new CountingDataSource(databases.empty("t").dataSource());
    try (Connection connection = counting.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table T (I int)");
      try (PreparedStatement insert = connection.prepareStatement("insert into T values (?)")) {
        for (int i = 0; i < 3; i++) {
          insert.setInt(1, i);
          insert.addBatch();
        }
        insert.executeBatch();
      }
    }
    assertThat(counting.statements())
        .containsExactly("create table T (I int)", "insert into T values (?)");
    assertThat(counting.count("INSERT")).isEqualTo(1);
    assertThat(counting.connections()).isEqualTo(1);
  }
}
