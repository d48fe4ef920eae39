package dev.tranche.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultDatabaseTest {

  @TempDir Path directory;

  @Test
  void leavesNoTraceOfErrorsBesideItAndWaitsForLocks() throws Exception {
    String url = "jdbc:h2:file:" + directory.resolve("tranche") + TrancheApplication.H2_SETTINGS;
    try (Connection host = DriverManager.getConnection(url, "sa", "");
        Connection guest = DriverManager.getConnection(url, "sa", "");
        Statement statement = guest.createStatement()) {
      assertThatThrownBy(() -> statement.execute("select 1 from nowhere"))
          .isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> host.createStatement().execute("select 1 from nowhere"))
          .isInstanceOf(SQLException.class);
      try (ResultSet row = statement.executeQuery("select lock_timeout()")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getInt(1)).isEqualTo(30_000);
      }
      try (Stream<Path> files = Files.list(directory)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .contains("tranche.mv.db")
            .noneMatch(name -> name.endsWith("trace.db"));
      }
    }
  }
}
