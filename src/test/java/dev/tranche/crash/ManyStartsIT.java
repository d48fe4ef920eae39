package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.EarlierSchema;
import dev.tranche.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes that start at the same moment on a database without tables, or with those of an earlier version. */
class ManyStartsIT {

  private static final int PROCESSES = 3;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "H2_FILE,empty", "H2_FILE,earlier",
    "POSTGRESQL,empty", "POSTGRESQL,earlier",
    "MARIADB,empty", "MARIADB,earlier"
  })
  void allFindTheTablesThatOneMakes(TestDatabase.Kind kind, String before) throws Exception {
    try (TestDatabase databases = new TestDatabase(kind)) {
      Installation installation = Installation.in(directory);
      TestDatabase.Address address;
      if (kind == TestDatabase.Kind.H2_FILE) {
        Files.createDirectories(directory.resolve("var"));
        address =
            new TestDatabase.Address(
                "jdbc:h2:file:" + directory.resolve("var/tranche"), "sa", "");
      } else {
        databases.empty("default");
        address = databases.address("default");
        installation.on(address);
      }
      if (before.equals("earlier")) {
        try (Connection connection =
            DriverManager.getConnection(
                address.url(), address.username(), address.password())) {
          EarlierSchema.create(kind, connection);
        }
      }
      List<Child> children = new ArrayList<>();
      try {
        for (int i = 0; i < PROCESSES; i++) {
          children.add(installation.start("purge", "--dry-run"));
        }
        for (Child child : children) {
          Child.Result result = child.await();
          assertThat(result.exit()).as(result.toString()).isZero();
        }
      } finally {
        children.forEach(Child::close);
      }
      Child.Result run = installation.run("run", "load-earthquakes", "region=oklahoma-region");
      assertThat(run.exit()).as(run.toString()).isZero();
    }
  }
}
