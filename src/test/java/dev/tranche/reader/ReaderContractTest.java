package dev.tranche.reader;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.tranche.definition.ChunkDefinition.Order;
import dev.tranche.definition.ChunkDefinition.Threads;
import dev.tranche.definition.OnError;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import dev.tranche.store.Claim;
import dev.tranche.store.Database;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.Position;
import dev.tranche.store.Tally;
import dev.tranche.testing.MortalProcess;
import dev.tranche.testing.MortalProcess.Death;
import dev.tranche.testing.MortalProcess.Fate;
import dev.tranche.testing.TestDatabase;
import dev.tranche.writer.JdbcWriting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** What every reader must keep, the same for all of them. */
class ReaderContractTest {

  private static final int ITEMS = 14;
  private static final WriteDefinition.Jdbc WRITE =
      new WriteDefinition.Jdbc(
          null, "loaded", WriteDefinition.Jdbc.Mode.INSERT, List.of(), false, Map.of());
  private static final OnError NO_FAULTS =
      new OnError(
          new OnError.Retry(1, Duration.ofMillis(1), Duration.ofMillis(1), 0, List.of("transient")),
          null,
          null);

  @ParameterizedTest
  @EnumSource(Sources.Kind.class)
  void goesOnWithTheSameWorkHoweverFarItHadGot(Sources.Kind kind) throws Exception {
    int items = 20_000;
    try (Sources sources = new Sources(kind, items)) {
      for (double done : new double[] {0.01, 0.5, 0.99}) {
        int index = (int) (items * done);
        Position from = behind(sources, index);
        try (ChunkSource<Row> source = sources.source()) {
          source.open(from);
          ReadChunk<Row> chunk = source.read(1, null);
          assertThat(chunk.item(0).get("n")).isEqualTo((long) index);
          assertThat(chunk.ordinal(0)).isEqualTo(index);
          long passedOver =
              kind.isForwardOnly() ? "n\n".length() + FilePlace.of(from).offset() : 0;
          assertThat(sources.work(source) - passedOver).isBetween(1L, sources.buffer());
        }
      }
    }
  }

  private static Position behind(Sources sources, int index) throws Exception {
    try (ChunkSource<Row> source = sources.source()) {
      source.open(null);
      ReadChunk<Row> chunk = source.read(index, null);
      assertThat(chunk.size()).isEqualTo(index);
      assertThat(chunk.position(index).isAt(source.position())).isTrue();
      return chunk.position(index);
    }
  }

  /** A bisection may commit any part of a chunk: each item has a place to go on behind it. */
  @ParameterizedTest
  @EnumSource(Sources.Kind.class)
  void hasAPlaceBehindEveryItem(Sources.Kind kind) throws Exception {
    try (Sources sources = new Sources(kind, ITEMS);
        ChunkSource<Row> whole = sources.source()) {
      whole.open(null);
      ReadChunk<Row> all = whole.read(100, null);
      for (int i = 0; i < ITEMS; i++) {
        try (ChunkSource<Row> source = sources.source()) {
          source.open(all.position(i));
          assertThat(rest(source, null)).isEqualTo(numbers(i, ITEMS));
          if (!source.seeks()) {
            continue; // what is read in order only is never stopped on the way
          }
          source.open(all.position(i));
          Position stop = all.position(Math.min(ITEMS, i + 5));
          assertThat(rest(source, stop)).isEqualTo(numbers(i, Math.min(ITEMS, i + 5)));
          assertThat(source.position().isAt(stop)).isTrue();
        }
      }
    }
  }

  private static List<Long> rest(ChunkSource<Row> source, @Nullable Position stop) throws Exception {
    List<Long> read = new ArrayList<>();
    for (ReadChunk<Row> chunk; (chunk = source.read(3, stop)) != null; ) {
      for (int i = 0; i < chunk.size(); i++) {
        read.add((Long) chunk.item(i).get("n"));
      }
    }
    return read;
  }

  private static List<Long> numbers(int from, int to) {
    return LongStream.range(from, to).boxed().toList();
  }

  /** Killed before or after every statement and every commit; then another process goes on. */
  @ParameterizedTest
  @EnumSource(Sources.Kind.class)
  void losesAndRepeatsNothingWhereverItsProcessIsKilled(Sources.Kind kind) throws Exception {
    try (Sources sources = new Sources(kind, ITEMS);
        TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY)) {
      Database target = databases.target();
      JdbcTemplate sql = new JdbcTemplate(target.dataSource());
      sql.execute("create table loaded (n bigint not null)");
      for (Mode mode : Mode.values()) {
        int kills = 0;
        for (boolean struck = true; struck; kills++) {
          MortalProcess.Kind death =
              (kills + mode.ordinal()) % 2 == 0
                  ? MortalProcess.Kind.DIES_BEFORE
                  : MortalProcess.Kind.DIES_AFTER;
          struck = killedAndGoneOnWith(sources, target, mode, new Fate(death, kills + 1));
          assertThat(sql.queryForList("select n from loaded order by n", Long.class))
              .as("%s in %s mode, killed at step %d", kind, mode, kills + 1)
              .isEqualTo(numbers(0, ITEMS));
          sql.execute("delete from loaded");
        }
        assertThat(kills).as("steps at which it was killed").isGreaterThan(15);
      }
    }
  }

  /** Whether the first process got to the step at which it dies. */
  private static boolean killedAndGoneOnWith(
      Sources sources, Database target, Mode mode, Fate fate) throws Exception {
    PartitionKey key = new PartitionKey(UUID.randomUUID().toString(), 1);
    MortalProcess process = new MortalProcess(fate, () -> {});
    try {
      live(sources, new Database("target", process.on(target.dataSource())), key, mode);
    } catch (Death killed) {
      assertThat(process.isDead()).isTrue();
    }
    process.bury();
    assertThat(live(sources, target, key, mode)).isInstanceOf(Ending.Completed.class);
    return process.struck() != null;
  }

  private static Ending live(Sources sources, Database into, PartitionKey key, Mode mode)
      throws Exception {
    boolean map = mode == Mode.MAP;
    ChunkSource<Object> source = objects(sources.source());
    ChunkDefinition chunk =
        new ChunkDefinition(
            4,
            null,
            mode,
            2,
            Threads.PLATFORM,
            map ? 1 : 3,
            map ? 1 : 12,
            map || !source.seeks() ? Order.INPUT : Order.COMPLETION,
            null,
            null);
    try (ChunkExecutor executor = ChunkExecutor.of(chunk, "contract");
        ChunkTarget<Object> target = target(into, key)) {
      Claim claim = target.claim(0, false);
      return new ChunkLoop<>(
              new ChunkLoop.Parts<Object, Object>(
                  "load/p1",
                  chunk,
                  NO_FAULTS,
                  source,
                  Pipeline.of(item -> item, executor),
                  ChunkStreams.NONE,
                  target,
                  new SkipBudget(null, Tally.ZERO),
                  new StopSignal(),
                  new ChunkObserver() {},
                  body -> body))
          .run(claim);
    }
  }

  private static ChunkTarget<Object> target(Database into, PartitionKey key) throws Exception {
    Columns columns = new Columns(List.of(new Column("n", ColumnType.LONG)));
    JdbcWriting writing = new JdbcWriting(WRITE, into, columns, null);
    writing.prepare();
    return writing.target(key);
  }

  @SuppressWarnings("unchecked") // rows are objects
  private static ChunkSource<Object> objects(ChunkSource<Row> rows) {
    return (ChunkSource<Object>) (ChunkSource<?>) rows;
  }
}
