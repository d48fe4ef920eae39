package dev.tranche.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.chunk.PartitionFixture.Way;
import dev.tranche.store.Tally;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** What becomes of chunks and items that take too long. */
class TimeoutsTest {

  @EveryMode
  void countsAChunkPastItsTimeoutAsFailed(Way way) {
    try (var partition = PartitionFixture.withItems(30)) {
      CountDownLatch never = new CountDownLatch(1);
      partition.timeout = Duration.ofMillis(50);
      partition.workers = 1;
      partition.step =
          item -> {
            if (item == 12) {
              never.await();
            }
            return item;
          };

      Ending ending = partition.run(way, 10);

      assertThat(((Ending.Failed) ending).failure().message())
          .isEqualTo(
              "load/p1 was not processed within its timeout of 50ms (items 11 to 20). "
                  + partition.target.checkpoint.tally().read()
                  + " items are safe; a restart goes on at item 11, line 11");
      assertThat(partition.target.items()).contains(1, 10).doesNotContain(12);
    }
  }

  @EveryMode
  void namesTheThreadTheItemAndTheStackOfCodeThatDoesNotStop(Way way) throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    try (var partition = PartitionFixture.withItems(3)) {
      partition.timeout = Duration.ofMillis(50);
      partition.step =
          item -> {
            if (item == 2) {
              awaitUninterruptibly(release);
              released.countDown();
            }
            return item;
          };

      Ending ending = partition.run(way, 3);

      assertThat(((Ending.Failed) ending).failure().message())
          .contains("thread 'tranche-test-worker-")
          .contains("did not stop when interrupted, at item 2: ")
          .contains("TimeoutsTest.awaitUninterruptibly");
      assertThatNamesTheStack(((Ending.Failed) ending).failure().cause());
      release.countDown();
      released.await();
    } catch (AssertionError outlived) {
      // The call outlives its attempt by design here; everything else must hold.
      assertThat(outlived).hasMessageContaining("outlived");
    }
  }

  /** The whole of it, as a thread dump has it. */
  private static void assertThatNamesTheStack(Throwable cause) {
    assertThat(cause.getSuppressed()).hasSize(1);
    assertThat(cause.getSuppressed()[0]).hasMessageMatching(
        "thread 'tranche-test-worker-\\d+', (WAITING|RUNNABLE), at item 2");
    assertThat(cause.getSuppressed()[0].getStackTrace())
        .extracting(StackTraceElement::getMethodName)
        .contains("awaitUninterruptibly")
        .endsWith("run");
  }

  @EveryMode
  void anItemPastItsTimeoutFailsAlone(Way way) {
    try (var partition = PartitionFixture.withItems(30).skipping(1)) {
      CountDownLatch never = new CountDownLatch(1);
      partition.itemTimeout = Duration.ofMillis(50);
      partition.step =
          item -> {
            if (item == 12) {
              never.await();
            }
            return item;
          };

      assertThat(partition.run(way, 10)).isEqualTo(new Ending.Completed(new Tally(30, 29, 0, 0, 1, 0)));

      assertThat(partition.target.items()).hasSize(29).doesNotContain(12);
      assertThat(partition.target.rejects)
          .extracting(reject -> reject.phase() + " " + reject.original() + " " + reject.message())
          .containsExactly("process 12 took longer than 50ms (chunk.item-timeout)");
    }
  }

  @EveryMode
  void triesAnItemAgainThatTimedOutIfItMay(Way way) {
    try (var partition = PartitionFixture.withItems(30).retrying(2, "timeout")) {
      CountDownLatch never = new CountDownLatch(1);
      AtomicInteger calls = new AtomicInteger();
      partition.itemTimeout = Duration.ofMillis(200);
      partition.step =
          item -> {
            if (item == 12 && calls.incrementAndGet() == 1) {
              never.await();
            }
            return item;
          };

      assertThat(partition.run(way, 10)).isInstanceOf(Ending.Completed.class);
      partition.assertAllWrittenOnce();
      assertThat(calls).hasValue(2);
    }
  }

  @EveryMode
  void namesCodeThatDoesNotStopAtItsItemsTimeout(Way way) throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    try (var partition = PartitionFixture.withItems(3)) {
      partition.itemTimeout = Duration.ofMillis(50);
      partition.step =
          item -> {
            if (item == 2) {
              awaitUninterruptibly(release);
              released.countDown();
            }
            return item;
          };

      Ending ending = partition.run(way, 3);

      assertThat(((Ending.Failed) ending).failure().message())
          .startsWith("load/p1 was not processed within its timeout (items 1 to 3); thread '")
          .contains("did not stop when interrupted, at item 2: ");
      assertThatNamesTheStack(((Ending.Failed) ending).failure().cause());
      release.countDown();
      released.await();
    } catch (AssertionError outlived) {
      // The call outlives its attempt by design here; everything else must hold.
      assertThat(outlived).hasMessageContaining("outlived");
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean waiting = true;
    while (waiting) {
      try {
        latch.await();
        waiting = false;
      } catch (InterruptedException ignoredOnPurpose) {
        waiting = true;
      }
    }
  }

  @EveryMode
  void triesAChunkAgainThatTimedOutIfItMay(Way way) {
    try (var partition = PartitionFixture.withItems(30).retrying(2, "timeout")) {
      CountDownLatch never = new CountDownLatch(1);
      AtomicInteger calls = new AtomicInteger();
      partition.timeout = Duration.ofMillis(200);
      List<String> retries = partition.retries();
      partition.step =
          item -> {
            if (item == 12 && calls.incrementAndGet() == 1) {
              never.await();
            }
            return item;
          };

      assertThat(partition.run(way, 10)).isInstanceOf(Ending.Completed.class);
      partition.assertAllWrittenOnce();
      assertThat(retries).contains("PROCESS ChunkTimeoutException");
    }
  }
}
