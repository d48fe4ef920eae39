package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A stop in mid-run, by signal and by command, of the shipped jar on its embedded database. */
class StopIT {

  @TempDir Path directory;

  private final CountDownLatch committing = new CountDownLatch(100);

  @ParameterizedTest
  @ValueSource(strings = {"map", "futures"})
  void sigtermEndsARunAtItsNextCommitAndARestartCompletesIt(String mode) throws Exception {
    Installation installation = installation(mode, 2, 2);
    try (Child child = installation.start(this::heard, "run", "load-earthquakes")) {
      awaitCommits(child);
      child.terminate();
      Child.Result stopped = child.await();
      assertThat(stopped.exit()).as(stopped.toString()).isEqualTo(143);
    }
    assertStoppedAndRestartable(installation);
  }

  @Test
  void theStopCommandEndsARunOfAnotherProcess() throws Exception {
    // Slow enough for two more processes to start meanwhile.
    Installation installation = installation("futures", 1, 1);
    try (Child child = installation.start(this::heard, "run", "load-earthquakes")) {
      awaitCommits(child);
      String execution = installation.json("executions").get(0).get("execution").asString();
      Child.Result asked = installation.run("stop", execution);
      assertThat(asked.exit()).as(asked.toString()).isZero();
      Child.Result stopped = child.await();
      assertThat(stopped.exit()).as(stopped.toString()).isEqualTo(4);
    }
    assertStoppedAndRestartable(installation);
  }

  private Installation installation(String mode, int chunk, int lanes) {
    return Installation.in(directory)
        .chunks(chunk, mode, lanes)
        .set("logging.level.dev.tranche.chunk", "DEBUG")
        .set("logging.threshold.console", "DEBUG");
  }

  private void heard(String line) {
    if (line.contains(" are safe")) {
      committing.countDown();
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
