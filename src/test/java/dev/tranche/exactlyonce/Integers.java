package dev.tranche.exactlyonce;

import dev.tranche.chunk.ChunkExecutor;
import dev.tranche.chunk.ChunkObserver;
import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ItemError;
import dev.tranche.chunk.Pipeline;
import dev.tranche.chunk.ReadChunk;
import dev.tranche.exactlyonce.Scenario.Life;
import dev.tranche.row.Digest;
import dev.tranche.row.Row;
import dev.tranche.store.Position;
import dev.tranche.store.Tally;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The numbers 1 to n as rows, and the processing that goes with them.
 *
 * <p>The first item of a held chunk waits until the rest of its window is committed, where that may
 * be before it, so that ranges beyond the watermark are done when its process is struck.
 */
final class Integers implements ChunkSource<Object>, ChunkObserver {

  /** How much a refused number is over what the table takes. */
  private static final long REFUSED = 1_000_000;

  // -- given --
  private final Scenario scenario;
  private final Life life;

  /** Frees held items, one chunk at a time. */
  private final Semaphore commits = new Semaphore(0);

  // -- so far --
  private int next;
  private int chunks;
  private final Set<Integer> held = ConcurrentHashMap.newKeySet();

  Integers(Scenario scenario, Life life) {
    this.scenario = scenario;
    this.life = life;
  }

  @Override
  public void open(@Nullable Position from) {
    next = from == null ? 0 : Integer.parseInt(from.key());
  }

  @Override
  public @Nullable ReadChunk<Object> read(int size, @Nullable Position stop) {
    int end = Math.min(scenario.items(), next + size);
    if (stop != null) {
      end = Math.min(end, Integer.parseInt(stop.key()));
    }
    if (end == next) {
      return null;
    }
    entered(next + 1);
    Part part = new Part(next, end - next);
    next = end;
    return part;
  }

  /** A chunk was read that begins with {@code number}. */
  void entered(int number) {
    if (chunks++ % life.chunk().inFlight() == life.held()) {
      held.add(number);
    }
  }

  /** Item {@code number}, decoded. */
  Row row(int number) {
    if (scenario.unreadable().contains(number)) {
      throw new ItemError("n: '" + number + "' is not a number", "n");
    }
    return new Row(World.COLUMNS, new Object[] {(long) number});
  }

  /** Whether the source tells its end by itself depends on the input, as with real ones. */
  @Override
  public boolean atEnd() {
    return scenario.items() % 2 == 0 && next == scenario.items();
  }

  @Override
  public Position position() {
    return at(next);
  }

  @Override
  public void seek(Position to) {
    next = Integer.parseInt(to.key());
  }

  @Override
  public boolean seeks() {
    return true;
  }

  @Override
  public void close() {}

  /** Later chunks were committed. */
  @Override
  public void committed(Tally delta, long nanos) {
    commits.release();
  }

  /** The process step: whole, or in two stages. */
  Pipeline<Object, Object> pipeline(ChunkExecutor first, ChunkExecutor second) {
    return life.staged()
        ? Pipeline.of(this::filter, first).then(this::spoil, second)
        : Pipeline.of(
            item -> {
              Object left = filter(item);
              return left == null ? null : spoil(left);
            },
            first);
  }

  private @Nullable Object filter(Object item) throws InterruptedException {
    int number = number(item);
    if (held.remove(number)) {
      commits.drainPermits();
      commits.tryAcquire(life.chunk().inFlight() - 1, 40, TimeUnit.MILLISECONDS);
    }
    return scenario.filtered().contains(number) ? null : item;
  }

  private Object spoil(Object item) {
    int number = number(item);
    return scenario.refused().contains(number)
        ? new Row(World.COLUMNS, new Object[] {number + REFUSED})
        : item;
  }

  private static int number(Object item) {
    return Math.toIntExact((Long) Objects.requireNonNull(((Row) item).get(0)));
  }

  private static Position at(int index) {
    return new Position(String.valueOf(index), index, index + 1L);
  }

  private final class Part implements ReadChunk<Object> {

    private final int from;
    private final int size;

    private Part(int from, int size) {
      this.from = from;
      this.size = size;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public Object item(int index) {
      return row(from + index + 1);
    }

    @Override
    public Position position(int index) {
      return at(from + index);
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
      return String.valueOf(from + index + 1);
    }
  }
}
