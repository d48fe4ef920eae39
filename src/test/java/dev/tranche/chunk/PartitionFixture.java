package dev.tranche.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.definition.ChunkDefinition;
import dev.tranche.definition.ChunkDefinition.Mode;
import dev.tranche.definition.ChunkDefinition.Order;
import dev.tranche.definition.ChunkDefinition.Threads;
import dev.tranche.definition.OnError;
import dev.tranche.store.Tally;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A small world with one partition of numbered items. Running it twice is the restart; closing it
 * fails the test if a processor call outlived the loop.
 */
final class PartitionFixture implements AutoCloseable {

  /** The ways to run a loop that every behaviour is tested in. */
  enum Way {
    MAP(Mode.MAP, Order.INPUT),
    FUTURES_IN_INPUT_ORDER(Mode.FUTURES, Order.INPUT),
    FUTURES_BY_COMPLETION(Mode.FUTURES, Order.COMPLETION);

    final Mode mode;
    final Order order;

    Way(Mode mode, Order order) {
      this.mode = mode;
      this.order = order;
    }
  }

  // -- given --
  final int count;
  final MemoryTarget target = new MemoryTarget();
  Numbers source;
  ItemStep<Integer, Integer> step = item -> item;

  /** What a second stage does, on workers of its own; null: there is none. */
  @Nullable ItemStep<Integer, Integer> second;
  OnError onError = OnError.DEFAULT;
  ChunkObserver observer = ChunkObserver.NONE;
  private boolean idle;
  StopSignal stop = new StopSignal();
  Threads threads = Threads.PLATFORM;
  int workers = 2;
  int inFlight = 4;
  int maxLead = 64;
  @Nullable Duration timeout;
  @Nullable Duration itemTimeout;

  // -- so far --
  private final AtomicInteger running = new AtomicInteger();
  @Nullable SkipBudget budget;
  @Nullable Integer maxSize;

  private PartitionFixture(int count) {
    this.count = count;
    this.source = new Numbers(count);
  }

  static PartitionFixture withItems(int count) {
    return new PartitionFixture(count);
  }

  PartitionFixture skipping(long limit) {
    onError =
        new OnError(onError.retry(), new OnError.Skip(limit, null, 0), onError.failedPartitions());
    return this;
  }

  PartitionFixture retrying(int attempts, String... on) {
    onError =
        new OnError(
            new OnError.Retry(attempts, Duration.ofMillis(1), Duration.ofMillis(1), 0, List.of(on)),
            onError.skip(),
            null);
    return this;
  }

  /** From now on, what an observer is told of retries. */
  List<String> retries() {
    List<String> retries = new CopyOnWriteArrayList<>();
    observer =
        new ChunkObserver() {
          @Override
          public void retried(Phase phase, Throwable error) {
            retries.add(phase + " " + error.getClass().getSimpleName());
          }
        };
    return retries;
  }

  /** One attempt: claims the partition and runs it on from its checkpoint. */
  Ending run(Way way, int chunkSize) {
    return run(way, chunkSize, target);
  }

  Ending run(Way way, int chunkSize, ChunkTarget<Integer> into) {
    ChunkDefinition chunk =
        new ChunkDefinition(
            chunkSize,
            maxSize,
            way.mode,
            workers,
            threads,
            inFlight,
            maxLead,
            way.order,
            timeout,
            itemTimeout);
    Numbers read = new Numbers(count);
    read.unreadable.addAll(source.unreadable);
    source = read;
    budget = new SkipBudget(onError.skip(), target.checkpoint.tally());
    ChunkExecutor executor = ChunkExecutor.of(chunk, "tranche-test");
    ChunkExecutor behind = ChunkExecutor.of(chunk, "tranche-test-second");
    try {
      Ending ending =
          new ChunkLoop<>(
              new ChunkLoop.Parts<>(
                  "load/p1",
                  chunk,
                  onError,
                  read,
                  pipeline(executor, behind),
                  ChunkStreams.NONE,
                  into,
                  budget,
                  stop,
                  observer,
                  body -> body))
          .run(target.claim(0, false));
      idle = executor.isIdle() && behind.isIdle();
      return ending;
    } catch (Exception unexpected) {
      throw new AssertionError(unexpected);
    } finally {
      executor.terminate();
      behind.terminate();
    }
  }

  private Pipeline<Integer, Integer> pipeline(ChunkExecutor executor, ChunkExecutor behind) {
    Pipeline<Integer, Integer> first = Pipeline.of(item -> counted(step, item), executor);
    ItemStep<Integer, Integer> more = second;
    return more == null ? first : first.then(item -> counted(more, item), behind);
  }

  /** Whether no worker was at a chunk as soon as the last run had ended. */
  boolean wasIdle() {
    return idle;
  }

  private @Nullable Integer counted(ItemStep<Integer, Integer> does, Integer item)
      throws Exception {
    running.incrementAndGet();
    try {
      return does.apply(item);
    } finally {
      running.decrementAndGet();
    }
  }

  List<Integer> all() {
    return IntStream.rangeClosed(1, count).boxed().toList();
  }

  void assertAllWrittenOnce() {
    assertThat(target.items()).isEqualTo(all());
    assertThat(target.checkpoint.complete()).isTrue();
    assertThat(target.checkpoint.done()).isEmpty();
    assertThat(target.checkpoint.tally()).isEqualTo(new Tally(count, count, 0, 0, 0, 0));
    assertThat(target.checkpoint.digest()).isEqualTo(Numbers.digest(0, count));
  }

  @Override
  public void close() {
    assertThat(running).as("processor calls that outlived the loop").hasValue(0);
    assertThat(source.closed).as("the source is closed").isTrue();
  }
}
