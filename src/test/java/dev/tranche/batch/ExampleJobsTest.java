package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.ExecutionView;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The project's own jobs that read tables, as they are in {@code jobs}. */
class ExampleJobsTest {

  private static final String ALL = "select * from earthquake order by id";

  @EveryDatabase
  void copyAndReportWhatWasLoaded(TestDatabase databases) throws Exception {
    try (databases;
        World world = new World(databases).earthquakes()) {
      databases.empty("archive");
      TestDatabase.Address archive = databases.address("archive");
      world
          .set("tranche.connections.archive.url", archive.url())
          .set("tranche.connections.archive.username", archive.username())
          .set("tranche.connections.archive.password", archive.password());
      assertCompleted(world.run("load-earthquakes"), 21_816);

      assertCompleted(world.run("sync-earthquakes"), 21_816);
      ExecutionView report = world.run("report-earthquakes");

      assertThat(rows(databases, "archive")).isEqualTo(rows(databases, "default"));
      long strong = world.count("select count(*) from earthquake where magnitude >= 6");
      long networks = world.count("select count(*) from network");
      assertCompleted(report, networks + strong);
      List<String> lines = Files.readAllLines(world.path("out/report.csv"));
      assertThat(lines).hasSize((int) strong + 1);
      assertThat(lines.get(0)).isEqualTo("time,magnitude,place,measured_by,id");
      assertNamed(world, lines);
      if (databases.kind() != TestDatabase.Kind.MARIADB) {
        assertCompleted(world.run("refresh-earthquakes"), strong);
        assertThat(world.count("select count(*) from strong_earthquake")).isEqualTo(strong);
      }
      assertThat(lines.get(1)).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d,.*");
    }
  }

  /** As many by each network as the tables say. */
  private static void assertNamed(World world, List<String> lines) {
    Map<String, Long> expected =
        world.sql()
            .sql("select n.name, count(*) events from earthquake e join network n on"
                + " n.code = e.network where e.magnitude >= 6 group by n.name")
            .query((row, number) -> Map.entry(row.getString(1), row.getLong(2)))
            .list()
            .stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    assertThat(expected).hasSize(4).doesNotContainKey("");
    expected.forEach((name, events) ->
        assertThat(lines.stream().filter(line -> line.contains("," + name + ",")))
            .as(name)
            .hasSize(events.intValue()));
  }

  private static void assertCompleted(ExecutionView execution, long written) {
    assertThat(execution.failures()).isEmpty();
    assertThat(execution.status()).isEqualTo("COMPLETED");
    assertThat(execution.tally().written()).isEqualTo(written);
  }

  private static List<Map<String, Object>> rows(TestDatabase databases, String name) {
    return JdbcClient.create(databases.empty(name).dataSource()).sql(ALL).query().listOfRows();
  }
}
