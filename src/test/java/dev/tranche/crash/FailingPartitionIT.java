package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A bad row in one file of the real catalogues, its repair, and the restart of what is missing. */
class FailingPartitionIT {

  private static final String CATALOGUE = "jobs/data/earthquakes/oklahoma-region.csv";

  /** A line in the middle of the file, with partitions before and after it. */
  private static final int LINE = 7_001;

  private static final int MAGNITUDE = 4;

  @TempDir Path directory;

  @ParameterizedTest(name = "repaired to {0} in {1} mode")
  @CsvSource({"1.2345678,futures", "1,map", "1.5,futures", "2.50000000001,map"})
  void runsOnlyWhatIsMissingAfterARepair(String repaired, String mode) throws Exception {
    Installation installation =
        withoutSkip(mode).edit(CATALOGUE, magnitude("oops"));

    Child.Result failed = installation.run("run", "load-earthquakes");

    assertThat(failed.exit()).as(failed.toString()).isEqualTo(1);
    assertThat(failed.out() + failed.err())
        .contains("oklahoma-region.csv, line " + LINE)
        .contains("magnitude: 'oops' is not a decimal")
        .contains("items are safe; a restart goes on at item ")
        .contains("restart ");
    JsonNode before = installation.newestExecution();
    assertThat(before.get("status").asString()).isEqualTo("FAILED");
    String bad = onlyOneFailed(before);
    String execution = before.get("execution").asString();

    Child.Result plan = installation.run("restart", execution, "--plan");
    assertThat(plan.exit()).as(plan.toString()).isZero();
    assertThat(plan.out().lines().filter(line -> line.contains("RERUN")).toList())
        .singleElement()
        .asString()
        .contains(bad);
    assertThat(plan.out().lines().filter(line -> line.contains("KEEP")).count())
        .isEqualTo(partitions(before).size() - 1L);

    installation.edit(CATALOGUE, magnitude(repaired));
    Child.Result restarted = installation.run("restart", execution);

    assertThat(restarted.exit()).as(restarted.toString()).isZero();
    JsonNode after = installation.newestExecution();
    assertThat(after.get("status").asString()).isEqualTo("COMPLETED");
    assertThat(after.at("/tally/read").asLong()).isEqualTo(21_816);
    assertThat(after.at("/tally/written").asLong()).isEqualTo(21_816);
    assertThat(after.at("/thisExecution/read").asLong())
        .isEqualTo(21_816 - before.at("/tally/read").asLong());
    assertThat(count("select count(*) from earthquake")).isEqualTo(21_816);
    assertThat(count("select count(*) from earthquake where magnitude = " + repaired))
        .isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "futures"})
  void refusesTheEditOfARowThatWasLoaded(String mode) throws Exception {
    Installation installation =
        withoutSkip(mode).edit(CATALOGUE, magnitude("oops"));
    assertThat(installation.run("run", "load-earthquakes").exit()).isEqualTo(1);
    long rows = count("select count(*) from earthquake");
    String execution = installation.newestExecution().get("execution").asString();

    installation
        .edit(CATALOGUE, magnitude("1.5"))
        .edit(CATALOGUE, text -> text.replaceFirst("New Mexico", "Old Mexico"));
    Child.Result refused = installation.run("restart", execution);

    assertThat(refused.exit()).as(refused.toString()).isEqualTo(3);
    assertThat(refused.out() + refused.err())
        .contains("oklahoma-region.csv")
        .contains("already loaded");
    assertThat(count("select count(*) from earthquake")).isEqualTo(rows);
  }

  private Installation withoutSkip(String mode) {
    return Installation.in(directory)
        .chunks(100, mode, 4)
        .edit(job -> job.replaceAll("(?m)^      skip:.*\\n", ""));
  }

  private static String onlyOneFailed(JsonNode execution) {
    List<String> failed = new ArrayList<>();
    for (JsonNode partition : partitions(execution)) {
      String status = partition.get("status").asString();
      if (status.equals("FAILED")) {
        failed.add(partition.get("name").asString());
        assertThat(partition.get("failure").asString()).contains("line " + LINE);
      } else {
        assertThat(status).isEqualTo("COMPLETED");
      }
    }
    assertThat(failed).hasSize(1);
    return failed.get(0);
  }

  private static List<JsonNode> partitions(JsonNode execution) {
    List<JsonNode> partitions = new ArrayList<>();
    execution.at("/steps/0/partitions").forEach(partitions::add);
    return partitions;
  }

  private static UnaryOperator<String> magnitude(String value) {
    return text -> {
      String[] lines = text.split("\n", -1);
      String[] fields = lines[LINE - 1].split(",", -1);
      fields[MAGNITUDE] = value;
      lines[LINE - 1] = String.join(",", fields);
      return String.join("\n", lines);
    };
  }

  private long count(String sql) throws SQLException {
    String url = "jdbc:h2:file:" + directory.resolve("var/tranche") + ";WRITE_DELAY=0";
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
