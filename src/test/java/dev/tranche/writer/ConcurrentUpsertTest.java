package dev.tranche.writer;

import static dev.tranche.writer.TargetFixture.columns;
import static dev.tranche.writer.TargetFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.WriteException;
import dev.tranche.definition.WriteDefinition.Jdbc;
import dev.tranche.row.Columns;
import dev.tranche.store.Claim;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.SqlErrors;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

class ConcurrentUpsertTest {

  private static final int LANES = 4;
  private static final int ROUNDS = 10;
  private static final int KEYS = 1000;
  private static final Columns COLUMNS = columns("id:long", "lane:long");

  @EveryDatabase
  void letsLanesUpsertTheSameKeysInAnyOrderWithoutDeadlock(TestDatabase databases)
      throws Exception {
    for (int chunk : TargetFixture.forms(databases)) {
      try (TargetFixture world = new TargetFixture(databases)) {
        JdbcWriting writing = writing(world, chunk);
        CyclicBarrier together = new CyclicBarrier(LANES);
        atOnce(LANES, together, lane -> upsert(world, writing, lane, together));
        assertThat(world.count("shared")).isEqualTo(ROUNDS * (long) KEYS);
        world.sql.execute("drop table shared");
      }
    }
    databases.close();
  }

  /** One partition's first chunk has the keys of the other's last one, and so on. */
  @EveryDatabase
  void letsTwoPartitionsUpsertTheSameKeysInOppositeOrder(TestDatabase databases) throws Exception {
    for (int chunk : TargetFixture.forms(databases)) {
      try (TargetFixture world = new TargetFixture(databases)) {
        JdbcWriting writing = writing(world, chunk);
        CyclicBarrier together = new CyclicBarrier(2);
        AtomicInteger retries = new AtomicInteger();
        atOnce(2, together, lane -> {
          List<List<Object>> chunks = new ArrayList<>();
          for (long from = 0; from < 40; from++) {
            // Neighbours share half of their keys, so that lanes meet more than once.
            chunks.add(new ArrayList<>(LongStream.range(from * 50, from * 50 + 100)
                .<Object>mapToObj(id -> row(COLUMNS, id, (long) lane))
                .toList()));
          }
          if (lane == 2) {
            Collections.reverse(chunks);
            chunks.forEach(Collections::reverse);
          }
          retries.addAndGet(commitAll(world, writing, lane, chunks, together));
        });
        assertThat(world.count("shared")).isEqualTo(41 * 50);
        assertThat(world.sql.queryForObject("select sum(id) from shared", Long.class))
            .isEqualTo(LongStream.range(0, 41 * 50).sum());
        if (databases.kind() == TestDatabase.Kind.POSTGRESQL) {
          assertThat(retries).hasValue(0);
        }
        world.sql.execute("drop table shared");
      }
    }
    databases.close();
  }

  /** As the loop does it: what fails for a moment is a new transaction. Returns how often. */
  private static int commitAll(
      TargetFixture world,
      JdbcWriting writing,
      int lane,
      List<List<Object>> chunks,
      CyclicBarrier together)
      throws Exception {
    int retries = 0;
    try (ChunkTarget<Object> target =
        writing.target(new PartitionKey(world.partition.layout(), lane))) {
      Claim claim = target.claim(0, false);
      var fence = claim.fence();
      var tally = claim.checkpoint().tally();
      together.await(30, TimeUnit.SECONDS);
      for (List<Object> rows : chunks) {
        var commit = world.commit(fence, tally, List.of(), rows.toArray());
        for (boolean done = false; !done; ) {
          try {
            target.commit(commit);
            done = true;
          } catch (WriteException deadlock) {
            assertThat(SqlErrors.isTransient(deadlock)).isTrue();
            retries++;
          }
        }
        fence = fence.next();
        tally = commit.next().tally();
      }
    }
    return retries;
  }

  private static JdbcWriting writing(TargetFixture world, int chunk) throws Exception {
    Jdbc upsert = new Jdbc("target", "shared", Jdbc.Mode.UPSERT, List.of("id"), true, Map.of());
    JdbcWriting writing = new JdbcWriting(upsert, world.database, COLUMNS, null, chunk, chunk);
    writing.prepare();
    return writing;
  }

  private interface Lane {
    void run(int number) throws Exception;
  }

  private static void atOnce(int count, CyclicBarrier together, Lane lane) throws Exception {
    ExecutorService lanes = Executors.newFixedThreadPool(count);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int number = 1; number <= count; number++) {
        int own = number;
        running.add(lanes.submit(() -> {
          try {
            lane.run(own);
          } finally {
            together.reset(); // nobody is to wait for a lane that failed
          }
          return null;
        }));
      }
      for (Future<?> each : running) {
        each.get();
      }
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
