package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.Postgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two repositories that know nothing of each other load into one database. */
class TwoLaptopsIT {

  @TempDir Path directory;

  @Test
  void bothLoadAllTheirRows() throws Exception {
    try (Postgres warehouse = Postgres.database()) {
      Installation first = laptop("first", warehouse);
      Installation second = laptop("second", warehouse);
      try (Child one = first.start("run", "load-earthquakes", "region=decade-1960");
          Child two = second.start("run", "load-earthquakes", "region=oklahoma-region")) {
        Child.Result a = one.await();
        Child.Result b = two.await();
        assertThat(a.exit()).as(a.toString()).isZero();
        assertThat(b.exit()).as(b.toString()).isZero();
      }
      try (Connection connection = warehouse.dataSource().getConnection();
          Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery("select count(*), count(distinct id) from earthquake")) {
        rows.next();
        assertThat(rows.getLong(1)).isEqualTo(7_013 + 13_954);
        assertThat(rows.getLong(2)).isEqualTo(7_013 + 13_954);
      }
    }
  }

  private Installation laptop(String name, Postgres warehouse) throws Exception {
    return Installation.in(Files.createDirectory(directory.resolve(name)))
        .edit(job -> job.replace("table: earthquake", "connection: warehouse\n      table: earthquake"))
        .set("tranche.connections.warehouse.url", warehouse.url())
        .set("tranche.connections.warehouse.username", warehouse.username())
        .set("tranche.connections.warehouse.password", warehouse.password());
  }
}
