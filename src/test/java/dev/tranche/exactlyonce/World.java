package dev.tranche.exactlyonce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.chunk.ChunkExecutor;
import dev.tranche.chunk.ChunkLoop;
import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ChunkStreams;
import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.Ending;
import dev.tranche.chunk.SkipBudget;
import dev.tranche.chunk.StopSignal;
import dev.tranche.definition.OnError;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.exactlyonce.Scenario.Life;
import dev.tranche.partition.Slice;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Checkpoints;
import dev.tranche.store.Claim;
import dev.tranche.store.Database;
import dev.tranche.store.Layouts;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.PartitionState;
import dev.tranche.store.PartitionState.Status;
import dev.tranche.store.Reject;
import dev.tranche.store.Rejects;
import dev.tranche.store.StepState;
import dev.tranche.store.SupersededException;
import dev.tranche.store.Tally;
import dev.tranche.testing.MortalProcess;
import dev.tranche.testing.MortalProcess.Death;
import dev.tranche.testing.TestDatabase;
import dev.tranche.writer.JdbcWriting;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A repository and a target, the same database or two, and the processes that load into it.
 *
 * <p>The loop, the store and the writer are the real ones; only the source is made up.
 */
final class World implements AutoCloseable {

  static final Columns COLUMNS = new Columns(List.of(new Column("n", ColumnType.LONG)));
  private static final WriteDefinition.Jdbc WRITE =
      new WriteDefinition.Jdbc(
          null, "numbers", WriteDefinition.Jdbc.Mode.INSERT, List.of(), false, Map.of());
  private static final OnError ON_ERROR =
      new OnError(
          new OnError.Retry(3, Duration.ofNanos(1), Duration.ofNanos(1), 0, List.of("transient")),
          new OnError.Skip(100L, null, 0),
          null);

  // -- given --
  private final TestDatabase databases;
  private final Database repository;
  private final Database target;
  private final boolean redrives;

  // -- so far --
  private long instances;
  private String origin = "";
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();

  World(TestDatabase.Kind kind, boolean one) {
    this(kind, one, false);
  }

  /** @param redrives whether the items are the rejects of an earlier layout */
  World(TestDatabase.Kind kind, boolean one, boolean redrives) {
    this.redrives = redrives;
    databases = new TestDatabase(kind);
    repository = databases.repository();
    target = one ? repository : databases.target();
    JdbcClient.create(target.dataSource())
        .sql("create table numbers (n bigint not null, constraint good check (n < 1000000))")
        .update();
  }

  /** Lives {@code scenario} to its end and asserts that the target equals the input. */
  void live(Scenario scenario, Coverage coverage) throws Exception {
    JdbcClient.create(target.dataSource()).sql("delete from numbers").update();
    String layout = UUID.randomUUID().toString();
    layOut(layout);
    if (redrives) {
      rejectAll(scenario);
    }
    List<MortalProcess> processes = new ArrayList<>();
    List<Thread> zombies = new ArrayList<>();
    long execution = 1;
    for (Life life : scenario.lives()) {
      AtomicReference<Checkpoint> found = new AtomicReference<>(Checkpoint.START);
      MortalProcess process =
          new MortalProcess(life.fate(), () -> found.set(checkpoint(layout)));
      processes.add(process);
      Thread thread = start(scenario, life, layout, execution++, process);
      if (process.awaitFrozen(thread)) {
        zombies.add(thread);
      } else {
        thread.join();
      }
      coverage.sawALife(life, process, found.get(), scenario);
      wakeOneOf(zombies, processes, execution);
    }
    Life last = scenario.lives().get(scenario.lives().size() - 1).withoutFate();
    MortalProcess survivor = new MortalProcess(last.fate(), () -> {});
    processes.add(survivor);
    start(scenario, last, layout, execution, survivor).join();
    for (MortalProcess process : processes) {
      process.wake();
    }
    for (Thread zombie : zombies) {
      zombie.join();
    }
    for (MortalProcess process : processes) {
      process.bury();
    }
    assertThat(failures).isEmpty();
    assertExactlyOnce(scenario, layout);
    if (redrives) {
      assertAllTaken(scenario);
    }
  }

  /** What an earlier layout has left: every item was rejected. */
  private void rejectAll(Scenario scenario) throws SQLException {
    origin = UUID.randomUUID().toString();
    try (var connection = target.connect()) {
      new Rejects(target.platform())
          .insert(
              connection,
              new PartitionKey(origin, 3),
              numbers(scenario).mapToObj(World::reject).toList());
      connection.commit();
    }
  }

  private static Reject reject(int number) {
    String text = String.valueOf(number);
    return new Reject(number - 1, "write", "numbers", number, -1, null, text, "X", "bad", "f");
  }

  /** Each by an execution that was there, and no reject by nobody. */
  private void assertAllTaken(Scenario scenario) {
    assertThat(
            JdbcClient.create(target.dataSource())
                .sql("select taken_by from TRANCHE_REJECT where layout = ?")
                .param(origin)
                .query(Long.class)
                .list())
        .hasSize(scenario.items())
        .allMatch(execution -> execution != null && execution > 0);
  }

  /** Every other zombie wakes while others work, the rest after them. */
  private static void wakeOneOf(
      List<Thread> zombies, List<MortalProcess> processes, long execution) {
    if (!zombies.isEmpty() && execution % 2 == 0) {
      processes.forEach(MortalProcess::wake);
    }
  }

  private void layOut(String layout) {
    new Layouts(repository)
        .create(
            new StepState(
                ++instances,
                "load",
                layout,
                StepState.Phase.PLANNED,
                0,
                Map.of(),
                "[]",
                "target",
                "v1"),
            List.of(new Layouts.NewPartition("{}", 1)).iterator());
  }

  private Thread start(
      Scenario scenario, Life life, String layout, long execution, MortalProcess process) {
    Thread thread =
        new Thread(
            () -> {
              try {
                new Attempt(scenario, life, layout, execution, process).run();
              } catch (Death killed) {
                assertThat(process.isDead()).isTrue();
              } catch (Throwable failure) {
                failures.add(failure);
              }
            },
            "process-" + execution);
    thread.start();
    return thread;
  }

  private Checkpoint checkpoint(String layout) {
    try (var connection = target.connect()) {
      Claim found =
          new Checkpoints(target.platform()).find(connection, layout, null).get(1);
      return found == null ? Checkpoint.START : found.checkpoint();
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private void assertExactlyOnce(Scenario scenario, String layout) throws Exception {
    JdbcClient client = JdbcClient.create(target.dataSource());
    List<Integer> loaded =
        client.sql("select n from numbers order by n").query(Integer.class).list();
    List<Integer> rejected =
        client
            .sql("select item_ordinal + 1 from TRANCHE_REJECT where layout = ? order by 1")
            .param(layout)
            .query(Integer.class)
            .list();
    assertThat(loaded)
        .isEqualTo(numbers(scenario).filter(scenario::loads).boxed().toList());
    assertThat(rejected)
        .isEqualTo(numbers(scenario).filter(scenario::rejects).boxed().toList());
    Checkpoint end = checkpoint(layout);
    assertThat(end.complete()).isTrue();
    assertThat(end.done()).isEmpty();
    Tally tally = end.tally();
    assertThat(tally.read()).isEqualTo(scenario.items());
    assertThat(tally.written()).isEqualTo(loaded.size());
    assertThat(tally.rejected()).isEqualTo(rejected.size());
    assertThat(tally.addsUp()).isTrue();
    PartitionState partition = new Layouts(repository).partitions(layout, 0, 10).get(0);
    assertThat(partition.status()).isEqualTo(Status.COMPLETED);
  }

  private static IntStream numbers(Scenario scenario) {
    return IntStream.rangeClosed(1, scenario.items());
  }

  @Override
  public void close() throws Exception {
    databases.close();
  }

  /** What a process does with the partition, as a lane does it. */
  private final class Attempt {

    private final Scenario scenario;
    private final Life life;
    private final String layout;
    private final long execution;
    private final MortalProcess process;
    private final Layouts layouts;
    private final Database into;
    private final AtomicReference<@Nullable ChunkTarget<Object>> claimed =
        new AtomicReference<>();

    private Attempt(
        Scenario scenario, Life life, String layout, long execution, MortalProcess process) {
      this.scenario = scenario;
      this.life = life;
      this.layout = layout;
      this.execution = execution;
      this.process = process;
      this.layouts = new Layouts(new Database("default", process.on(repository.dataSource())));
      this.into = new Database("target", process.on(target.dataSource()));
    }

    private void run() throws Exception {
      PartitionKey key = new PartitionKey(layout, 1);
      Layouts.@Nullable Claimed taken = untilItWorks(() -> claim(null)).orElse(null);
      while (taken != null) {
        Ending ending = loop(taken.claim());
        Layouts.Claimed mine = taken;
        taken = null;
        if (ending instanceof Ending.CutOff) {
          taken = untilItWorks(() -> claim(key)).orElse(null);
        } else if (ending instanceof Ending.Completed) {
          untilItWorks(
              () -> {
                layouts.ended(
                    key,
                    mine.claim().fence().owner(),
                    Status.COMPLETED,
                    ending.tally(),
                    null);
                return Optional.of(key);
              });
        } else if (ending instanceof Ending.Failed failed) {
          throw new AssertionError(failed.failure().message(), failed.failure().cause());
        }
      }
    }

    private Optional<Layouts.Claimed> claim(@Nullable PartitionKey again) throws Exception {
      Layouts.TargetClaim claim =
          found -> {
            JdbcWriting writing = new JdbcWriting(WRITE, into, COLUMNS, null);
            writing.prepare();
            ChunkTarget<Object> opened = writing.target(found.key());
            claimed.set(opened);
            return opened.claim(found.owner(), found.owner() > 0);
          };
      return again == null
          ? layouts.claim(layout, execution, "process", null, claim)
          : Optional.of(layouts.reclaim(again, execution, "process", claim));
    }

    private Ending loop(Claim claim) throws Exception {
      Integers integers = new Integers(scenario, life);
      ChunkSource<Object> source =
          redrives
              ? new Redriven(
                  into,
                  new Slice.Rejected(origin, 3, Long.MAX_VALUE, scenario.items()),
                  execution,
                  integers)
              : integers;
      try (ChunkExecutor executor = ChunkExecutor.of(life.chunk(), "process-" + execution);
          ChunkExecutor behind = ChunkExecutor.of(life.chunk(), "second-" + execution);
          ChunkTarget<Object> opened = claimed.get()) {
        return new ChunkLoop<>(
                new ChunkLoop.Parts<>(
                    "load/p1",
                    life.chunk(),
                    ON_ERROR,
                    source,
                    integers.pipeline(executor, behind),
                    ChunkStreams.NONE,
                    opened,
                    new SkipBudget(ON_ERROR.skip(), Tally.ZERO),
                    new StopSignal(),
                    integers,
                    body -> body))
            .run(claim);
      }
    }

    /** A cut connection is an outage that a lane waits out. */
    private <T> Optional<T> untilItWorks(Try<T> attempt) throws Exception {
      for (int tries = 0; ; tries++) {
        try {
          return attempt.get();
        } catch (SupersededException others) {
          return Optional.empty();
        } catch (Exception error) {
          if (tries == 5) {
            throw error;
          }
        }
      }
    }
  }

  private interface Try<T> {
    Optional<T> get() throws Exception;
  }
}
