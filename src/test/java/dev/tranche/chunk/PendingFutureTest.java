package dev.tranche.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.tranche.definition.ChunkDefinition.Mode;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** What a task costs in memory while it waits for a worker. */
class PendingFutureTest {

  private static final int FUTURES = 100_000;

  @InBothModes
  void takesLessThanThreeHundredBytes(Mode mode) throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (ChunkExecutor executor = Gate.executor(mode, 1);
        Gate gate = Gate.closed()) {
      executor.submit(gate::pass);
      gate.awaitTasks();
      Callable<Integer> task = () -> 1;
      List<ChunkFuture<Integer>> pending = new ArrayList<>(FUTURES);

      long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      for (int i = 0; i < FUTURES; i++) {
        pending.add(executor.submit(task));
      }
      long each =
          (threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before) / FUTURES;

      // All that was ever allocated, the growing of the queue and short-lived objects included.
      assertThat(each).as("bytes for each pending future").isBetween(50L, 300L);
      executor.shutdown(false, true);
      assertThat(pending).allMatch(ChunkFuture::isCancelled);
    }
  }
}
