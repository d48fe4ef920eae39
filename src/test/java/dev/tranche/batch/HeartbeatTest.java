package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.RunObserver;
import dev.tranche.store.Database;
import dev.tranche.store.Processes;
import dev.tranche.store.Runs;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;

/** What the heartbeat makes of a run whose instance is not this process's any more. */
class HeartbeatTest {

  private static final Duration LEASE = Duration.ofMinutes(1);

  @EveryDatabase
  void tellsARunThatIsTakenAwayFromOneThatIsGivenBack(TestDatabase databases) throws Exception {
    Database repository = databases.repository();
    withBatchTables(repository);
    Runs runs = new Runs(repository);
    LocalRuns local = new LocalRuns();
    try (Heartbeat heartbeat = new Heartbeat(
        repository, new Processes(repository, LEASE, System::nanoTime), "BATCH_", local, LEASE)) {
      LocalRun taken = run(runs, 1, heartbeat, local);
      LocalRun givenBack = run(runs, 2, heartbeat, local);
      LocalRun kept = run(runs, 3, heartbeat, local);
      runs.release(taken.row());
      givenBack.givingBack();
      runs.release(givenBack.row());

      heartbeat.beat();

      assertThat(taken.lost())
          .isEqualTo("execution 1 was taken away from this process: another process took it over");
      assertThat(givenBack.lost()).isNull();
      assertThat(kept.lost()).isNull();
      local.all().forEach(local::remove);
    }
  }

  private static LocalRun run(Runs runs, long id, Heartbeat heartbeat, LocalRuns local)
      throws Exception {
    Patience patience = new Patience(Duration.ZERO, System::nanoTime);
    Launch launch = new Launch(Set.of(), null, RunObserver.NONE);
    LocalRun run = new LocalRun(runs.take(id, id, heartbeat.process()), "job", launch, patience);
    local.add(run);
    return run;
  }

  /** As much of them as the heartbeat looks at. */
  private static void withBatchTables(Database repository) throws Exception {
    try (Connection connection = repository.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create table BATCH_JOB_EXECUTION (JOB_EXECUTION_ID bigint primary key,"
          + " JOB_INSTANCE_ID bigint, STATUS varchar(10))");
      connection.commit();
    }
  }
}
