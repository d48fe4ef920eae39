package dev.tranche.writer;

import static dev.tranche.writer.TargetFixture.columns;
import static dev.tranche.writer.TargetFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.chunk.ChunkTarget;
import dev.tranche.definition.WriteDefinition.Jdbc;
import dev.tranche.row.Columns;
import dev.tranche.store.Claim;
import dev.tranche.store.PartitionKey;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

class ConcurrentUpsertTest {

  private static final int LANES = 4;
  private static final int ROUNDS = 10;
  private static final int KEYS = 1000;
  private static final Columns COLUMNS = columns("id:long", "lane:long");

  @EveryDatabase
  void letsLanesUpsertTheSameKeysInAnyOrderWithoutDeadlock(TestDatabase databases)
      throws Exception {
    ExecutorService lanes = Executors.newFixedThreadPool(LANES);
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      JdbcWriting writing = new JdbcWriting(
          new Jdbc("target", "shared", Jdbc.Mode.UPSERT, List.of("id"), true, Map.of()),
          world.database,
          COLUMNS,
          null);
      writing.prepare();
      CyclicBarrier together = new CyclicBarrier(LANES);
      List<Future<?>> running = new ArrayList<>();
      for (int lane = 1; lane <= LANES; lane++) {
        int number = lane;
        running.add(lanes.submit(() -> {
          try {
            upsert(world, writing, number, together);
          } finally {
            together.reset(); // nobody is to wait for a lane that failed
          }
          return null;
        }));
      }
      for (Future<?> each : running) {
        each.get();
      }
      assertThat(world.count("shared")).isEqualTo(ROUNDS * (long) KEYS);
    } finally {
      lanes.shutdownNow();
    }
  }

  /** Chunks of the same keys in all lanes, each time shuffled anew. */
  private static void upsert(
      TargetFixture world, JdbcWriting writing, int lane, CyclicBarrier together) throws Exception {
    Random random = new Random(lane);
    try (ChunkTarget<Object> target =
        writing.target(new PartitionKey(world.partition.layout(), lane))) {
      Claim claim = target.claim(0, false);
      var fence = claim.fence();
      var tally = claim.checkpoint().tally();
      for (int round = 0; round < ROUNDS; round++) {
        List<Object> rows = new ArrayList<>();
        for (long id = 0; id < KEYS; id++) {
          rows.add(row(COLUMNS, round * KEYS + id, (long) lane));
        }
        Collections.shuffle(rows, random);
        var commit = world.commit(fence, tally, List.of(), rows.toArray());
        together.await(30, TimeUnit.SECONDS);
        target.commit(commit);
        fence = fence.next();
        tally = commit.next().tally();
      }
    }
  }
}
