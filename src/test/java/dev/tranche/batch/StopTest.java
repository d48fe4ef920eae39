package dev.tranche.batch;

import static dev.tranche.batch.GatedItems.gate;
import static dev.tranche.batch.GatedItems.newest;
import static dev.tranche.batch.GatedItems.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.ExecutionView;
import dev.tranche.RefusedException;
import dev.tranche.RunObserver;
import dev.tranche.Tranche;
import dev.tranche.testing.Background;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Every way to stop a run in its middle: it ends STOPPED, and a restart completes it. */
class StopTest {

  private static final int ITEMS = 400;

  @EveryDatabase
  void stopByTheDoor(TestDatabase databases) throws Exception {
    try (databases;
        World world = gatedAt(databases, 150)) {
      CompletableFuture<ExecutionView> running = start(world);
      gate.awaitReached();
      long execution = newest(world);
      world.tranche().stop(execution);
      gate.open();

      assertThat(running.get(60, TimeUnit.SECONDS).status()).isEqualTo("STOPPED");
      assertThatThrownBy(() -> world.tranche().stop(execution))
          .isInstanceOf(RefusedException.class)
          .hasMessage("execution " + execution + " does not run: it is STOPPED");
      assertRestartCompletes(world, execution);
    }
  }

  @EveryDatabase
  void stopBySpringBatchsOwnOperator(TestDatabase databases) throws Exception {
    try (databases;
        World world = gatedAt(databases, 150)) {
      CompletableFuture<ExecutionView> running = start(world);
      gate.awaitReached();
      long execution = newest(world);
      world.operator().stop(world.repository().getJobExecution(execution));
      awaitStopSeen(world, execution);
      gate.open();

      assertThat(running.get(60, TimeUnit.SECONDS).status()).isEqualTo("STOPPED");
      assertRestartCompletes(world, execution);
    }
  }

  @EveryDatabase
  void closingTheApplicationStopsWhatRunsInItAndWaits(TestDatabase databases) throws Exception {
    try (databases;
        World world = gatedAt(databases, 150)) {
      start(world);
      gate.awaitReached();
      long execution = newest(world);
      BatchTranche tranche = world.context().getBean(BatchTranche.class);
      CompletableFuture<Void> closing = Background.run(world::shutDown);
      awaitStopSeen(tranche, execution);
      gate.open();
      closing.get(60, TimeUnit.SECONDS);

      assertThat(world.tranche().show(execution).status()).isEqualTo("STOPPED");
      assertRestartCompletes(world, execution);
    }
  }

  @EveryDatabase
  void anInterruptOfTheCallersPoolIsAStop(TestDatabase databases) throws Exception {
    try (databases;
        World world = gatedAt(databases, 150)) {
      ExecutorService pool = Executors.newSingleThreadExecutor();
      Tranche tranche = world.tranche();
      Future<ExecutionView> running =
          pool.submit(() -> tranche.run("items", Map.of(), false, RunObserver.NONE));
      gate.awaitReached();
      long execution = newest(world);
      pool.shutdownNow();
      awaitStopSeen(world, execution);
      gate.open();

      assertThat(running.get(60, TimeUnit.SECONDS).status()).isEqualTo("STOPPED");
      assertRestartCompletes(world, execution);
    }
  }

  private static void assertRestartCompletes(World world, long execution) {
    long safe = world.tranche().show(execution).tally().read();
    assertThat(safe).isLessThan(ITEMS);
    assertThat(world.count("select count(*) from item")).isEqualTo(safe);
    ExecutionView restarted = world.tranche().restart(execution, Set.of(), RunObserver.NONE);
    assertThat(restarted.status()).isEqualTo("COMPLETED");
    assertThat(restarted.tally().written()).isEqualTo(ITEMS);
    assertThat(restarted.thisExecution().written()).isEqualTo(ITEMS - safe);
    assertThat(world.count("select count(*) from item")).isEqualTo(ITEMS);
    assertThat(world.count("select count(distinct n) from item")).isEqualTo(ITEMS);
  }

  private static World gatedAt(TestDatabase databases, long n) {
    return GatedItems.in(
        databases, n, ITEMS, Items.job(4, 2, 10, "map", "      - bean: gate"));
  }

  /** The heartbeat looks once a second; a stop that comes too late would prove nothing. */
  private static void awaitStopSeen(World world, long execution) {
    awaitStopSeen(world.context().getBean(BatchTranche.class), execution);
  }

  private static void awaitStopSeen(BatchTranche tranche, long execution) {
    while (!tranche.isStopping(execution)) {
      Thread.onSpinWait();
    }
  }
}
