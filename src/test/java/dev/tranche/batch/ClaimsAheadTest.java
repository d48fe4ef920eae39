package dev.tranche.batch;

import static dev.tranche.batch.GatedItems.gate;
import static dev.tranche.batch.GatedItems.newest;
import static dev.tranche.batch.GatedItems.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.ExecutionView;
import dev.tranche.RefusedException;
import dev.tranche.RunObserver;
import dev.tranche.TallyView;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Partitions that are through at once are claimed many at a time: what becomes of those that are
 * claimed and not begun with.
 */
class ClaimsAheadTest {

  private static final int PARTITIONS = 300;
  private static final int ITEMS = 600;

  @EveryDatabase
  void aStopGivesThemBackAsTheyWere(TestDatabase databases) throws Exception {
    try (databases;
        World world = gatedAt(databases, 401, 1)) {
      CompletableFuture<ExecutionView> running = start(world, RunObserver.NONE);
      gate.awaitReached();
      assertThat(begun(world)).as("claimed ahead").isGreaterThan(1);
      long execution = newest(world);
      world.tranche().stop(execution);
      gate.open();

      assertThat(running.get(60, TimeUnit.SECONDS).status()).isEqualTo("STOPPED");
      assertThat(begun(world)).isZero();
      assertThat(world.count(
              "select count(*) from TRANCHE_PARTITION where STATUS = 'STARTING' and ATTEMPTS = 0"
                  + " and EXECUTION_ID = 0 and OWNER = 1"))
          .as("free again, with the owner that their checkpoints have")
          .isPositive();
      assertThat(world.count(
              "select count(*) from TRANCHE_PARTITION where STATUS not in ('STARTING', 'COMPLETED')"))
          .as("only the one at the gate began")
          .isLessThanOrEqualTo(1);
      assertRestartCompletes(world, execution);
    }
  }

  @EveryDatabase
  void areSettledWithTheirProcessAndAZombieCannotBeginWithThem(TestDatabase databases)
      throws Exception {
    try (databases;
        World first = gatedAt(databases, 401, 1)) {
      CompletableFuture<ExecutionView> zombie = start(first, RunObserver.NONE);
      gate.awaitReached();
      assertThat(begun(first)).as("claimed ahead").isGreaterThan(1);
      first.sql().sql("update TRANCHE_PROCESS set PID = 999999999").update();
      Gate held = gate;
      try (World second = gatedAt(databases, 0, 1)) {
        long execution = newest(second);
        assertThat(second.tranche().recover()).hasSize(1);
        assertThat(begun(second)).isZero();
        held.open();
        assertThatThrownBy(() -> zombie.get(60, TimeUnit.SECONDS))
            .hasCauseInstanceOf(RefusedException.class)
            .hasMessageContaining("was taken away from this process");
        assertThat(begun(second)).isZero();
        assertRestartCompletes(second, execution);
      }
    }
  }

  @EveryDatabase
  void areTakenOverByALaneThatHasNothingToDo(TestDatabase databases) throws Exception {
    try (databases;
        World world = gatedAt(databases, 401, 2)) {
      CountDownLatch others = new CountDownLatch(1);
      RunObserver observer =
          new RunObserver() {
            @Override
            public void progress(String step, TallyView tally, int partitionsDone, double done) {
              if (partitionsDone == PARTITIONS - 1) {
                others.countDown();
              }
            }
          };
      CompletableFuture<ExecutionView> running = start(world, observer);
      gate.awaitReached();
      assertThat(others.await(60, TimeUnit.SECONDS)).as("all but the one at the gate").isTrue();
      gate.open();
      assertThat(running.get(60, TimeUnit.SECONDS).status()).isEqualTo("COMPLETED");
      assertAllOnce(world);
    }
  }

  private static void assertRestartCompletes(World world, long execution) {
    ExecutionView restarted = world.tranche().restart(execution, Set.of(), RunObserver.NONE);
    assertThat(restarted.status()).isEqualTo("COMPLETED");
    assertThat(restarted.tally().written()).isEqualTo(ITEMS);
    assertAllOnce(world);
  }

  private static void assertAllOnce(World world) {
    assertThat(world.count("select count(*) from item")).isEqualTo(ITEMS);
    assertThat(world.count("select count(distinct n) from item")).isEqualTo(ITEMS);
    assertThat(world.count("select count(*) from TRANCHE_PARTITION where STATUS = 'COMPLETED'"))
        .isEqualTo(PARTITIONS);
  }

  private static long begun(World world) {
    return world.count("select count(*) from TRANCHE_PARTITION where STATUS = 'STARTED'");
  }

  private static World gatedAt(TestDatabase databases, long n, int lanes) {
    return GatedItems.in(
        databases, n, ITEMS, Items.job(PARTITIONS, lanes, 10, "map", "      - bean: gate"));
  }
}
