package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.Postgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A stop in mid-run of the shipped jar: by signal on its embedded database, and by command. */
class StopIT {

  private static final int CHUNK = 10;

  @TempDir Path directory;

  private final CountDownLatch committing = new CountDownLatch(100);
  private final CountDownLatch heardOfTheStop = new CountDownLatch(1);

  @ParameterizedTest
  @ValueSource(strings = {"map", "futures"})
  void sigtermEndsARunAtItsNextCommitAndARestartCompletesIt(String mode) throws Exception {
    Installation installation = installation(mode, 2);
    try (Child child = installation.start(this::heard, "run", "load-earthquakes")) {
      awaitCommits(child);
      child.terminate();
      Child.Result stopped = child.await();
      assertThat(stopped.exit()).as(stopped.toString()).isEqualTo(143);
    }
    assertStoppedAndRestartable(installation);
  }

  /** The table is locked meanwhile, so that the run is in its middle however quick it is. */
  @ParameterizedTest
  @CsvSource({"map, 1", "futures, 8"})
  void theStopCommandEndsARunOfAnotherProcessWithTheChunksInFlight(String mode, int inFlight)
      throws Exception {
    try (Postgres postgres = Postgres.database();
        Connection holder = postgres.dataSource().getConnection();
        Statement statement = holder.createStatement()) {
      Installation installation = installation(mode, 1).on(postgres);
      holder.setAutoCommit(false);
      long atMost;
      try (Child child = installation.start(this::heard, "run", "load-earthquakes")) {
        awaitCommits(child);
        statement.execute("lock table earthquake in exclusive mode");
        atMost = rows(statement) + inFlight * CHUNK;
        String execution = installation.json("executions").get(0).get("execution").asString();
        Child.Result asked = installation.run("stop", execution);
        assertThat(asked.exit()).as(asked.toString()).isZero();
        assertThat(heardOfTheStop.await(1, TimeUnit.MINUTES)).as("the run hears of it").isTrue();
        holder.rollback();
        Child.Result stopped = child.await();
        assertThat(stopped.exit()).as(stopped.toString()).isEqualTo(4);
      }
      assertThat(rows(statement)).isLessThanOrEqualTo(atMost);
      holder.rollback();
      assertStoppedAndRestartable(installation);
      assertThat(rows(statement)).isEqualTo(21_816);
    }
  }

  private static long rows(Statement statement) throws SQLException {
    ResultSet rows = statement.executeQuery("select count(*) from earthquake");
    rows.next();
    return rows.getLong(1);
  }

  private Installation installation(String mode, int lanes) {
    return Installation.in(directory)
        .chunks(CHUNK, mode, lanes)
        .set("logging.level.dev.tranche.chunk", "DEBUG")
        .set("logging.level.dev.tranche.batch", "INFO")
        .set("logging.threshold.console", "DEBUG");
  }

  private void heard(String line) {
    if (line.contains(" are safe")) {
      committing.countDown();
    } else if (line.contains("was asked to stop")) {
      heardOfTheStop.countDown();
    }
  }

  private void awaitCommits(Child child) throws InterruptedException {
    assertThat(committing.await(1, TimeUnit.MINUTES)).as("commits seen").isTrue();
    assertThat(child.isAlive()).as("the run goes on").isTrue();
  }

  private static void assertStoppedAndRestartable(Installation installation) throws Exception {
    JsonNode stopped = installation.newestExecution();
    assertThat(stopped.get("status").asString()).isEqualTo("STOPPED");
    long safe = stopped.at("/tally/read").asLong();
    assertThat(safe).isBetween(100L, 21_815L);

    Child.Result again = installation.run("run", "load-earthquakes");
    assertThat(again.exit()).as(again.toString()).isEqualTo(3);
    String execution = stopped.get("execution").asString();
    assertThat(again.out() + again.err()).contains("restart " + execution);

    Child.Result restarted = installation.run("restart", execution);
    assertThat(restarted.exit()).as(restarted.toString()).isZero();
    JsonNode completed = installation.newestExecution();
    assertThat(completed.get("status").asString()).isEqualTo("COMPLETED");
    assertThat(completed.at("/tally/written").asLong()).isEqualTo(21_816);
    assertThat(completed.at("/thisExecution/written").asLong()).isEqualTo(21_816 - safe);
  }
}
