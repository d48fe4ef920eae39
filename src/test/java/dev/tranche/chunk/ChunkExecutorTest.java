package dev.tranche.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.PartitionFixture.Way;
import dev.tranche.definition.ChunkDefinition;
import dev.tranche.definition.ChunkDefinition.Mode;
import dev.tranche.definition.ChunkDefinition.Order;
import dev.tranche.definition.ChunkDefinition.Threads;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

class ChunkExecutorTest {

  @EveryMode
  void processesOnNamedDaemonThreads(Way way) {
    try (var partition = PartitionFixture.withItems(40)) {
      Set<String> names = ConcurrentHashMap.newKeySet();
      partition.step =
          item -> {
            names.add(Thread.currentThread().getName());
            assertThat(Thread.currentThread().isDaemon()).isTrue();
            return item;
          };

      partition.run(way, 5);

      partition.assertAllWrittenOnce();
      assertThat(names).isSubsetOf("tranche-test-worker-1", "tranche-test-worker-2");
    }
  }

  /** Otherwise beans of a partition's scope would be left alone, as if code had not stopped. */
  @EveryMode
  void isIdleAsSoonAsAPartitionHasEnded(Way way) {
    for (int time = 1; time <= 300; time++) {
      try (var partition = PartitionFixture.withItems(40)) {
        partition.run(way, 5);
        assertThat(partition.wasIdle()).as("time %s", time).isTrue();
      }
    }
  }

  @EveryMode
  @EnabledForJreRange(min = JRE.JAVA_21)
  void processesOnVirtualThreads(Way way) {
    try (var partition = PartitionFixture.withItems(40)) {
      partition.threads = Threads.VIRTUAL;
      Set<Object> virtual = ConcurrentHashMap.newKeySet();
      partition.step =
          item -> {
            virtual.add(Thread.class.getMethod("isVirtual").invoke(Thread.currentThread()));
            return item;
          };

      partition.run(way, 5);

      partition.assertAllWrittenOnce();
      assertThat(virtual).containsExactly(true);
    }
  }

  @Test
  @EnabledForJreRange(max = JRE.JAVA_20)
  void saysWhichJavaVirtualThreadsNeed() {
    ChunkDefinition chunk =
        new ChunkDefinition(1, null, Mode.FUTURES, 1, Threads.VIRTUAL, 1, 1, Order.INPUT, null, null);

    assertThatThrownBy(() -> ChunkExecutor.of(chunk, "test"))
        .hasMessage(
            "threads: virtual needs Java 21 or later; this is Java "
                + Runtime.version().feature()
                + ". Use threads: platform");
  }

  @Test
  void futuresModeCutsChunksOnlyIfThereAreMoreWorkersThanChunks() {
    try (FuturesExecutor enough = new FuturesExecutor(Workers.platform(8), 8, Thread::new);
        FuturesExecutor many = new FuturesExecutor(Workers.platform(64), 8, Thread::new)) {
      assertThat(enough.stretch(1000)).isEqualTo(1000);
      assertThat(many.stretch(1000)).isEqualTo(32);
      assertThat(many.stretch(1)).isEqualTo(1);
    }
  }

  /** As many fetches at once as the stage has workers, though there are fewer chunks. */
  @Test
  void allWorkersOfFuturesModeAreBusyAlsoIfThereAreFewerChunks() {
    try (var partition = PartitionFixture.withItems(40)) {
      partition.workers = 8;
      partition.inFlight = 2;
      CountDownLatch all = new CountDownLatch(8);
      partition.step =
          item -> {
            all.countDown();
            all.await();
            return item;
          };

      partition.run(Way.FUTURES_IN_INPUT_ORDER, 20);

      partition.assertAllWrittenOnce();
    }
  }

  @Test
  void mapModeCutsAChunkIntoFourSubBatchesForEachWorker() {
    try (MapExecutor executor = new MapExecutor(Workers.platform(3), Thread::new)) {
      assertThat(executor.stretch(1200)).isEqualTo(100);
      assertThat(executor.stretch(1)).isEqualTo(1);
      assertThat(executor.window()).isEqualTo(1);
    }
  }
}
