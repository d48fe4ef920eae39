package dev.tranche.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.PurgeRule;
import dev.tranche.PurgeView;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small version of {@link HistoryBenchmark}, without a clock. */
class HistoryTest {

  private static final int EXECUTIONS = 3_000;

  @TempDir
  Path directory;

  @Test
  void readsALongHistoryByIndexAndPurgesItBesideARunningJob() throws Exception {
    try (History history = new History(directory, EXECUTIONS)) {
      assertThat(history.tranche().executions("job-7", 20)).hasSize(20);
      assertThat(history.tranche().show(EXECUTIONS).steps().get(0).tally().read()).isEqualTo(1000);
      assertThat(plan(history, "BATCH_STEP_EXECUTION where JOB_EXECUTION_ID = 7"))
          .contains("tranche_steps_of_execution");
      assertThat(plan(history, "BATCH_JOB_EXECUTION where JOB_INSTANCE_ID = 7"))
          .contains("tranche_executions_of_instance");
      assertThat(plan(history, "BATCH_JOB_EXECUTION_PARAMS where JOB_EXECUTION_ID = 7"))
          .contains("tranche_parameters_of_execution");
      purge(history);
    }
  }

  /** The job commits in the middle of the purge, which would wait for it if it locked too much. */
  private static void purge(History history) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger meanwhile = new AtomicInteger();
    CompletableFuture<String> job = history.busy(() -> {
      meanwhile.incrementAndGet();
      return !over.get();
    });
    int before = meanwhile.get();
    PurgeRule.Keep ten = new PurgeRule.Keep(0, 10);
    PurgeView purged = history
        .tranche()
        .purge(null, new PurgeRule(Map.of("COMPLETED", ten, "FAILED", ten)), false);
    int after = meanwhile.get();
    over.set(true);

    assertThat(job.get(60, TimeUnit.SECONDS)).isEqualTo("COMPLETED");
    assertThat(after).as("it went on meanwhile").isGreaterThan(before);
    assertThat(purged.jobs().stream().mapToLong(PurgeView.Purged::instances).sum())
        .isEqualTo(EXECUTIONS - 110);
    assertThat(history.count("BATCH_JOB_EXECUTION")).isEqualTo(111);
    assertThat(history.count("BATCH_JOB_EXECUTION_PARAMS where PARAMETER_NAME = 'day'"))
        .isEqualTo(110);
    assertThat(history.count("TRANCHE_FIRE")).isEqualTo(110);
    assertThat(history.count("TRANCHE_STEP")).isEqualTo(110);
  }

  private static String plan(History history, String from) {
    List<String> lines =
        history.sql().sql("explain select * from " + from).query(String.class).list();
    return String.join("\n", lines);
  }
}
