package dev.tranche.batch;

import static dev.tranche.batch.GatedItems.gate;
import static dev.tranche.batch.GatedItems.newest;
import static dev.tranche.batch.GatedItems.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.Duties;
import dev.tranche.ExecutionView;
import dev.tranche.RefusedException;
import dev.tranche.RunObserver;
import dev.tranche.Tranche;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A process that is taken for dead while it still runs, and what others make of its execution. */
class RecoveryTest {

  private static final int ITEMS = 400;

  @EveryDatabase
  void settlesTheRunOfADeadProcessAndKeepsItsZombieFromWriting(TestDatabase databases)
      throws Exception {
    try (databases;
        World first = gatedAt(databases, 390)) {
      CompletableFuture<ExecutionView> zombie = start(first);
      gate.awaitReached();
      bury(first);
      Gate held = gate;
      try (World second = gatedAt(databases, 0)) {
        List<Tranche.Recovery> found = second.tranche().recover();

        assertThat(found).hasSize(1);
        assertThat(found.get(0).settled()).isTrue();
        assertThat(found.get(0).outcome()).contains("is gone").contains("is FAILED");
        long execution = found.get(0).execution();
        assertThat(second.tranche().show(execution).status()).isEqualTo("FAILED");
        assertNothingIsLeftOpen(second);

        held.open();
        assertThatThrownBy(() -> zombie.get(60, TimeUnit.SECONDS))
            .hasCauseInstanceOf(RefusedException.class)
            .hasMessageContaining("was taken away from this process");
        assertThat(second.tranche().show(execution).status()).isEqualTo("FAILED");
        assertNothingIsLeftOpen(second);

        ExecutionView restarted =
            second.tranche().restart(execution, Set.of(), RunObserver.NONE);
        assertThat(restarted.status()).isEqualTo("COMPLETED");
        assertThat(restarted.tally().written()).isEqualTo(ITEMS);
        assertThat(second.count("select count(*) from item")).isEqualTo(ITEMS);
        assertThat(second.count("select count(distinct n) from item")).isEqualTo(ITEMS);
        assertThat(second.tranche().recover()).isEmpty();
      }
    }
  }

  @EveryDatabase
  void findsNothingToRecoverWhereNothingEverRan(TestDatabase databases) throws Exception {
    try (World world = gatedAt(databases, 0)) {
      assertThat(world.tranche().recover()).isEmpty();
    }
  }

  @EveryDatabase
  void restartSettlesADeadHolderByItself(TestDatabase databases) throws Exception {
    try (databases;
        World first = gatedAt(databases, 390)) {
      CompletableFuture<ExecutionView> zombie = start(first);
      gate.awaitReached();
      bury(first);
      Gate held = gate;
      try (World second = gatedAt(databases, 0)) {
        long execution = newest(second);
        ExecutionView restarted =
            second.tranche().restart(execution, Set.of(), RunObserver.NONE);

        assertRestarted(second, execution, restarted);
        held.open();
        assertThatThrownBy(() -> zombie.get(60, TimeUnit.SECONDS))
            .hasCauseInstanceOf(RefusedException.class);
        assertRestarted(second, execution, restarted);
      }
    }
  }

  @EveryDatabase
  void runGoesOnWithWhatADeadHolderLeft(TestDatabase databases) throws Exception {
    try (databases;
        World first = gatedAt(databases, 390)) {
      start(first);
      gate.awaitReached();
      bury(first);
      Gate held = gate;
      try (World second = gatedAt(databases, 0)) {
        long execution = newest(second);
        assertRestarted(second, execution, second.run("items"));
      } finally {
        held.open();
      }
    }
  }

  @EveryDatabase
  void aServiceRunsWhatADeadHolderLeft(TestDatabase databases) throws Exception {
    try (databases;
        World first = gatedAt(databases, 390)) {
      start(first);
      gate.awaitReached();
      bury(first);
      Gate held = gate;
      try (World second = gatedAt(databases, 0)) {
        long execution = newest(second);
        assertThat(settledBy(second)).hasSize(1);
        nextDutyOf(second).orElseThrow().carryOut();
        assertRestarted(second, execution, second.tranche().show(newest(second)));
        assertThat(settledBy(second)).isEmpty();
        assertThat(nextDutyOf(second)).isEmpty();
      } finally {
        held.open();
      }
    }
  }

  @EveryDatabase
  void aServiceRunsWhatWasSettledByOneThatDiedBeforeItCould(TestDatabase databases)
      throws Exception {
    try (databases;
        World first = gatedAt(databases, 390)) {
      start(first);
      gate.awaitReached();
      bury(first);
      Gate held = gate;
      try (World second = gatedAt(databases, 0)) {
        long execution = newest(second);
        assertThat(second.tranche().recover()).hasSize(1);
        assertThat(settledBy(second)).isEmpty();
        assertThat(nextDutyOf(second)).as("whoever settled it has its time").isEmpty();
        endedBefore(databases, Duration.ofMinutes(1));
        settledBy(second);
        nextDutyOf(second).orElseThrow().carryOut();
        assertRestarted(second, execution, second.tranche().show(newest(second)));
      } finally {
        held.open();
      }
    }
  }

  @EveryDatabase
  void aServiceLeavesWhatWasSettledLongAgo(TestDatabase databases) throws Exception {
    try (databases;
        World first = gatedAt(databases, 390)) {
      start(first);
      gate.awaitReached();
      bury(first);
      Gate held = gate;
      try (World second = gatedAt(databases, 0)) {
        assertThat(second.tranche().recover()).hasSize(1);
        endedBefore(databases, Duration.ofHours(1));
        settledBy(second);
        assertThat(nextDutyOf(second)).isEmpty();
      } finally {
        held.open();
      }
    }
  }

  private static void endedBefore(TestDatabase databases, Duration before) {
    JdbcClient.create(databases.empty("default").dataSource())
        .sql("update BATCH_JOB_EXECUTION set END_TIME = ?")
        .param(LocalDateTime.now().minus(before))
        .update();
  }

  private static List<Tranche.Recovery> settledBy(World world) {
    Duties duties = world.context().getBean(BatchTranche.class).duties();
    duties.prepare();
    return duties.settle();
  }

  private static Optional<Duties.Duty> nextDutyOf(World world) {
    return world.context().getBean(BatchTranche.class).duties().next();
  }

  @EveryDatabase
  void runLeavesItFailedWhereOnCrashSaysSo(TestDatabase databases) throws Exception {
    assertLeftFailed(databases, "{ then: fail }");
  }

  @EveryDatabase
  void runEndsALoopOfCrashesWithoutProgress(TestDatabase databases) throws Exception {
    assertLeftFailed(databases, "{ limit: 1 }");
  }

  private static void assertLeftFailed(TestDatabase databases, String onCrash) throws Exception {
    try (databases;
        World first = gatedAt(databases, 390)) {
      start(first);
      gate.awaitReached();
      bury(first);
      Gate held = gate;
      try (World second = gatedAt(databases, 0)) {
        second.job(
            "items",
            "on-crash: " + onCrash + "\n"
                + Items.job(4, 2, 10, "futures", "      - bean: gate"));
        long execution = newest(second);
        for (int time = 1; time <= 2; time++) {
          assertThatThrownBy(() -> second.run("items"))
              .isInstanceOf(RefusedException.class)
              .hasMessage(
                  "items ran before and is FAILED (execution " + execution
                      + "); run what is missing with: restart " + execution);
        }
        assertRestarted(
            second,
            execution,
            second.tranche().restart(execution, Set.of(), RunObserver.NONE));
      } finally {
        held.open();
      }
    }
  }

  private static void assertRestarted(World world, long died, ExecutionView restarted) {
    assertThat(restarted.status()).isEqualTo("COMPLETED");
    assertThat(restarted.execution()).isNotEqualTo(died);
    assertThat(restarted.tally().written()).isEqualTo(ITEMS);
    assertThat(world.count("select count(*) from item")).isEqualTo(ITEMS);
    assertThat(world.count("select count(distinct n) from item")).isEqualTo(ITEMS);
    assertThat(world.tranche().show(died).status()).isEqualTo("FAILED");
    assertThat(world.tranche().show(died).thisExecution().read())
        .isEqualTo(ITEMS - restarted.thisExecution().read());
    assertNothingIsLeftOpen(world);
  }

  @EveryDatabase
  void refusesToRestartWhatALivingProcessRuns(TestDatabase databases) throws Exception {
    try (databases;
        World first = gatedAt(databases, 390)) {
      CompletableFuture<ExecutionView> running = start(first);
      gate.awaitReached();
      Gate held = gate;
      try (World second = gatedAt(databases, 0)) {
        long execution = second.tranche().executions("items", 1).get(0).execution();
        String refusal =
            "execution " + execution + " runs this instance. End it with: stop " + execution;
        assertThatThrownBy(() -> second.run("items"))
            .isInstanceOf(RefusedException.class)
            .hasMessage(refusal);
        assertThatThrownBy(
                () -> second.tranche().restart(execution, Set.of(), RunObserver.NONE))
            .isInstanceOf(RefusedException.class)
            .hasMessage(refusal);
        assertThat(second.tranche().recover()).isEmpty();
      } finally {
        held.open();
      }
      assertThat(running.get(60, TimeUnit.SECONDS).status()).isEqualTo("COMPLETED");
    }
  }

  /** One whose database was away as it ended can only be removed by others. */
  @EveryDatabase
  void forgetsAProcessThatIsGoneAndLeftNothing(TestDatabase databases) throws Exception {
    try (databases) {
      List<Consumer<World>> ways = List.of(
          world -> world.tranche().recover(),
          world -> assertThatThrownBy(
                  () -> world.tranche().restart(newest(world), Set.of(), RunObserver.NONE))
              .hasMessageContaining("nothing is missing"),
          world -> assertThatThrownBy(() -> world.run("items"))
              .hasMessageContaining("is complete"));
      try (World first = gatedAt(databases, 0)) {
        assertThat(first.run("items").status()).isEqualTo("COMPLETED");
        for (Consumer<World> way : ways) {
          addProcess(first, "gone", "HOST");
          addProcess(first, "elsewhere", "'another host'");
          way.accept(first);
          assertThat(processes(first)).contains("elsewhere").doesNotContain("gone");
          first.sql().sql("delete from TRANCHE_PROCESS where PROCESS_ID = 'elsewhere'").update();
        }
      }
    }
  }

  /** A row like that of this process, which has one since it ran something, with no such pid. */
  private static void addProcess(World world, String id, String host) {
    String own = processes(world).stream().filter(each -> each.length() == 36).findFirst().orElseThrow();
    world
        .sql()
        .sql("insert into TRANCHE_PROCESS (PROCESS_ID, HOST, BOOT, PID, STARTED, BEAT) select ?, "
            + host + ", BOOT, 999999999, STARTED, 0 from TRANCHE_PROCESS where PROCESS_ID = ?")
        .params(id, own)
        .update();
  }

  private static List<String> processes(World world) {
    return world.sql().sql("select PROCESS_ID from TRANCHE_PROCESS").query(String.class).list();
  }

  private static World gatedAt(TestDatabase databases, long n) {
    return GatedItems.in(
        databases, n, ITEMS, Items.job(4, 2, 10, "futures", "      - bean: gate"));
  }

  /** Others on this machine now see the pid of a process that is gone. */
  private static void bury(World world) {
    world.sql().sql("update TRANCHE_PROCESS set PID = 999999999").update();
  }

  private static void assertNothingIsLeftOpen(World world) {
    String open = " where status in ('STARTING', 'STARTED', 'STOPPING', 'UNKNOWN')";
    assertThat(world.count("select count(*) from BATCH_JOB_EXECUTION" + open)).isZero();
    assertThat(world.count("select count(*) from BATCH_STEP_EXECUTION" + open)).isZero();
    assertThat(world.count("select count(*) from BATCH_STEP_EXECUTION where end_time is null"))
        .isZero();
    assertThat(world.count("select count(*) from TRANCHE_PARTITION where status = 'STARTED'"))
        .isZero();
  }
}
