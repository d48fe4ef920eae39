package dev.tranche.chunk;

import dev.tranche.definition.ChunkDefinition;
import dev.tranche.definition.ChunkDefinition.Mode;
import dev.tranche.definition.ChunkDefinition.Order;
import dev.tranche.definition.ChunkDefinition.Threads;
import dev.tranche.definition.OnError;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Claim;
import dev.tranche.store.Fence;
import dev.tranche.store.PartitionKey;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.util.Iterator;
import java.util.stream.Stream;

/**
 * A program, for a small heap, that lets an endless input through in futures mode: {@code loop} or
 * {@code executor}, and for how many seconds; 0: for eight readings. Each reading is a line: how many
 * kilobytes are in use after a collection.
 */
final class EndlessSource {

  private static final int READINGS = 8;
  private static final int CHUNK = 10;

  private static long end;
  private static int readings;

  private EndlessSource() {}

  public static void main(String[] arguments) throws Exception {
    long seconds = Long.parseLong(arguments[1]);
    end = seconds == 0 ? 0 : System.nanoTime() + seconds * 1_000_000_000;
    if (arguments[0].equals("loop")) {
      loop();
    } else {
      executor();
    }
  }

  /** Whether it is time to end. */
  private static boolean read() {
    System.gc();
    System.out.println(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024);
    readings++;
    return end == 0 ? readings == READINGS : System.nanoTime() > end;
  }

  private static void executor() {
    try (ChunkExecutor executor = ChunkExecutor.inFuturesMode(Workers.platform(2))) {
      Iterator<Integer> numbers = Stream.iterate(1, number -> number + 1).iterator();
      int every = end == 0 ? 20_000 : 1_000_000;
      Results<Integer> results = executor.mapUnordered(number -> -number, () -> numbers);
      for (int taken = 1; ; taken++) {
        results.next();
        if (taken % every == 0 && read()) {
          return;
        }
      }
    }
  }

  private static void loop() throws Exception {
    StopSignal stop = new StopSignal();
    ChunkDefinition chunk = new ChunkDefinition(
        CHUNK, null, Mode.FUTURES, 2, Threads.PLATFORM, 8, 512, Order.COMPLETION, null, null);
    try (Forgetting target = new Forgetting(stop);
        ChunkExecutor executor = ChunkExecutor.of(chunk, "endless")) {
      Pipeline<Integer, Integer> negated = Pipeline.of(number -> -number, executor);
      Ending ending = new ChunkLoop<>(new ChunkLoop.Parts<>(
              "endless/p1",
              chunk,
              OnError.DEFAULT,
              new Numbers(Integer.MAX_VALUE),
              negated,
              ChunkStreams.NONE,
              target,
              new SkipBudget(OnError.DEFAULT.skip(), Checkpoint.START.tally()),
              stop,
              ChunkObserver.NONE,
              body -> body))
          .run(target.claim(0, false));
      if (!(ending instanceof Ending.Stopped)) {
        throw new AssertionError(ending.toString());
      }
    }
  }

  /** A target that keeps nothing but count. */
  private static final class Forgetting implements ChunkTarget<Integer> {

    private final StopSignal stop;
    private int commits;

    private Forgetting(StopSignal stop) {
      this.stop = stop;
    }

    @Override
    public Claim claim(long repositoryOwner, boolean mustExist) {
      return new Claim(new Fence(new PartitionKey("endless", 1), 1, 0), Checkpoint.START);
    }

    @Override
    public void takeUp(Claim claim, Connection session) {
      throw new UnsupportedOperationException("it has no sessions");
    }

    @Override
    public void commit(Commit<Integer> commit) {
      commits++;
      if (commits % (end == 0 ? 5_000 : 200_000) == 0 && read()) {
        stop.request();
      }
    }

    @Override
    public void abort() {}

    @Override
    public void close() {}
  }
}
