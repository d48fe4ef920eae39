package dev.tranche.bench;

import dev.tranche.chunk.ChunkExecutor;
import dev.tranche.chunk.ChunkLoop;
import dev.tranche.chunk.ChunkStreams;
import dev.tranche.chunk.ChunkObserver;
import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.Ending;
import dev.tranche.chunk.Pipeline;
import dev.tranche.chunk.ReadChunk;
import dev.tranche.chunk.SkipBudget;
import dev.tranche.chunk.StopSignal;
import dev.tranche.definition.ChunkDefinition;
import dev.tranche.definition.ChunkDefinition.Mode;
import dev.tranche.definition.OnError;
import dev.tranche.row.Digest;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Claim;
import dev.tranche.store.Fence;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.Position;
import dev.tranche.store.Tally;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What the loop and its executors cost by themselves: numbers that are in memory, added to, and
 * dropped. Both modes, and two stages, in turns in one run; the ratios count.
 *
 * <p>{@code ./mvnw -Pbench test -Dtest=LoopBenchmark}.
 */
class LoopBenchmark {

  private static final int ITEMS = Integer.getInteger("tranche.bench.items", 4_000_000);
  private static final int ROUNDS = Integer.getInteger("tranche.bench.rounds", 15);
  private static final String[] WAYS = {"map", "futures", "map, 2 stages", "futures, 2 stages"};

  @Test
  void measuresWhatAnItemCostsInChunksOfSeveralSizes() throws Exception {
    for (int size : new int[] {100, 1_000}) {
      Timing timing = new Timing(WAYS, ROUNDS);
      for (int round = -3; round < ROUNDS; round++) {
        for (int i = 0; i < WAYS.length; i++) {
          int way = (i + Math.max(round, 0)) % WAYS.length; // nobody is always the first
          Timing.Took took = run(way, size);
          if (round >= 0) {
            timing.add(way, round, took);
          }
        }
      }
      timing.report("chunks of " + size + " items, 2 workers", ITEMS);
    }
  }

  private static Timing.Took run(int way, int size) throws Exception {
    boolean map = way % 2 == 0;
    ChunkDefinition chunk =
        new ChunkDefinition(
            size,
            null,
            map ? Mode.MAP : Mode.FUTURES,
            2,
            ChunkDefinition.Threads.PLATFORM,
            map ? 1 : 8,
            map ? 1 : 512,
            ChunkDefinition.Order.INPUT,
            null,
            null);
    try (ChunkExecutor first = ChunkExecutor.of(chunk, "first");
        ChunkExecutor second = ChunkExecutor.of(chunk, "second")) {
      Pipeline<Integer, Integer> pipeline = Pipeline.of(item -> item + 1, first);
      ChunkLoop<Integer, Integer> loop =
          new ChunkLoop<>(
              new ChunkLoop.Parts<>(
                  "bench/p1",
                  chunk,
                  OnError.DEFAULT,
                  new Counting(),
                  way < 2 ? pipeline : pipeline.then(item -> item + 1, second),
                  ChunkStreams.NONE,
                  new Dropping(),
                  new SkipBudget(null, Tally.ZERO),
                  new StopSignal(),
                  ChunkObserver.NONE,
                  body -> body));
      Claim claim = new Claim(new Fence(new PartitionKey("bench", 1), 1, 0), Checkpoint.START);
      AtomicReference<Ending> ending = new AtomicReference<>();
      Timing.Took took = Timing.of(() -> ending.set(loop.run(claim)));
      if (!(ending.get() instanceof Ending.Completed done) || done.tally().written() != ITEMS) {
        throw new AssertionError(ending.get());
      }
      return took;
    }
  }

  /** The numbers from 0. */
  private static final class Counting implements ChunkSource<Integer> {

    private int next;

    @Override
    public void open(@Nullable Position from) {}

    @Override
    public @Nullable ReadChunk<Integer> read(int size, @Nullable Position stop) {
      if (next == ITEMS) {
        return null;
      }
      Numbers chunk = new Numbers(next, Math.min(size, ITEMS - next));
      next += chunk.size();
      return chunk;
    }

    @Override
    public Position position() {
      return at(next);
    }

    @Override
    public boolean atEnd() {
      return next == ITEMS;
    }

    @Override
    public void seek(Position to) {
      next = (int) to.ordinal();
    }

    @Override
    public boolean seeks() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static Position at(int index) {
    return new Position(String.valueOf(index), index, 0);
  }

  private record Numbers(int from, int size) implements ReadChunk<Integer> {

    @Override
    public Integer item(int index) {
      return from + index;
    }

    @Override
    public Position position(int index) {
      return at(from + index);
    }

    @Override
    public long ordinal(int index) {
      return from + index;
    }

    @Override
    public Digest digest(int start, int end) {
      return Digest.NONE;
    }

    @Override
    public String source(int index) {
      return "numbers";
    }

    @Override
    public long offset(int index) {
      return -1;
    }

    @Override
    public String original(int index) {
      return String.valueOf(from + index);
    }
  }

  private static final class Dropping implements ChunkTarget<Integer> {

    @Override
    public Claim claim(long owner, boolean mustExist) {
      throw new UnsupportedOperationException("claimed by the benchmark");
    }

    @Override
    public void takeUp(Claim claim, Connection session) {
      throw new UnsupportedOperationException("it has no sessions");
    }

    @Override
    public void commit(Commit<Integer> commit) {}

    @Override
    public void abort() {}

    @Override
    public void close() {}
  }
}
