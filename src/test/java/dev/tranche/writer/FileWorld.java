package dev.tranche.writer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.TemporaryFolder;
import dev.tranche.chunk.ChunkExecutor;
import dev.tranche.chunk.ChunkLoop;
import dev.tranche.chunk.ChunkStreams;
import dev.tranche.chunk.ChunkObserver;
import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.Ending;
import dev.tranche.chunk.Pipeline;
import dev.tranche.chunk.SkipBudget;
import dev.tranche.chunk.StopSignal;
import dev.tranche.definition.ChunkDefinition;
import dev.tranche.definition.OnError;
import dev.tranche.store.Checkpoints;
import dev.tranche.store.Database;
import dev.tranche.store.Layouts;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.PartitionState.Status;
import dev.tranche.store.Runs;
import dev.tranche.store.StepState;
import dev.tranche.store.SupersededException;
import dev.tranche.store.Tally;
import dev.tranche.testing.MortalProcess;
import dev.tranche.testing.MortalProcess.Death;
import dev.tranche.testing.MortalProcess.Fate;
import dev.tranche.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * A job repository, a folder, and the processes that write rows into one file there, one after
 * another, each struck by its fate but for the last.
 *
 * <p>The loop, the store and the writer are the real ones; the source is made up.
 */
final class FileWorld implements AutoCloseable {

  private static final OnError ON_ERROR =
      new OnError(new OnError.Retry(1, Duration.ofNanos(1), Duration.ofNanos(1), 0, List.of()), null, null);
  private static final int PATIENCE = 6;

  /**
   * What a process is like.
   *
   * @param powerCut whether its machine dies with it
   * @param seed of what is lost then
   */
  record Life(
      boolean futures, int size, boolean completion, boolean powerCut, long seed, Fate fate) {

    ChunkDefinition chunk() {
      return new ChunkDefinition(
          size,
          null,
          futures ? ChunkDefinition.Mode.FUTURES : ChunkDefinition.Mode.MAP,
          2,
          ChunkDefinition.Threads.PLATFORM,
          futures ? 4 : 1,
          futures ? 16 : 1,
          futures && completion ? ChunkDefinition.Order.COMPLETION : ChunkDefinition.Order.INPUT,
          null, null);
    }

    Life withoutFate() {
      return new Life(futures, size, completion, false, seed, Fate.NONE);
    }
  }

  /** What the property has really been through. */
  static final class Coverage {

    private int deaths;
    private int midway;
    private int publishing;

    int deaths() {
      return deaths;
    }

    /** Strokes that found rows committed, and not all. */
    int midway() {
      return midway;
    }

    /** Strokes that found all rows committed. */
    int publishing() {
      return publishing;
    }

    @Override
    public String toString() {
      return deaths + " deaths; struck with some rows safe " + midway + ", with all " + publishing;
    }
  }

  // -- given --
  private final TestDatabase databases;
  private final Database repository;
  private final Runs runs;
  private final Path base;

  // -- so far --
  private long instances;
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();

  /** What Spring Batch's row of the step says. */
  private final AtomicBoolean completed = new AtomicBoolean();

  FileWorld(TestDatabase.Kind kind) {
    databases = new TestDatabase(kind);
    repository = databases.repository();
    runs = new Runs(repository);
    try {
      base = TemporaryFolder.create("files");
    } catch (IOException error) {
      throw new java.io.UncheckedIOException(error);
    }
  }

  /** Writes {@code partitions}, so many rows each, and asserts that the file holds each once. */
  void live(List<Integer> partitions, List<Life> lives, FileForm form, Coverage coverage)
      throws Exception {
    String layout = UUID.randomUUID().toString();
    layOut(layout, partitions.size());
    FinalFile file = form.file(base, "out/" + layout);
    if (form.overwrite()) {
      Files.createDirectories(file.folder());
      Files.writeString(file.path(), "what was there\n");
    }
    completed.set(false);
    List<MortalProcess> processes = new ArrayList<>();
    List<Thread> zombies = new ArrayList<>();
    long execution = 1;
    for (Life life : lives) {
      AtomicReference<Tally> found = new AtomicReference<>();
      MortalProcess process = new MortalProcess(life.fate(), () -> found.set(tally(layout)));
      processes.add(process);
      MortalDisk disk = new MortalDisk(process, life.seed());
      Run run = new Run(partitions, life, layout, file, form, execution++, process, disk);
      Thread thread = start(run);
      if (process.awaitFrozen(thread)) {
        zombies.add(thread);
      } else {
        thread.join();
        if (process.isDead() && life.powerCut()) {
          disk.cutPower();
        }
      }
      count(coverage, process, found.get(), partitions);
      if (execution % 2 == 0) {
        processes.forEach(MortalProcess::wake);
      }
    }
    MortalProcess survivor = new MortalProcess(Fate.NONE, () -> {});
    processes.add(survivor);
    Life last = lives.get(lives.size() - 1).withoutFate();
    MortalDisk disk = new MortalDisk(survivor, 0);
    start(new Run(partitions, last, layout, file, form, execution, survivor, disk)).join();
    processes.forEach(MortalProcess::wake);
    for (Thread zombie : zombies) {
      zombie.join();
    }
    for (MortalProcess process : processes) {
      process.bury();
    }
    assertThat(failures).isEmpty();
    form.assertEachRowOnce(partitions, file);
  }

  private static void count(
      Coverage coverage, MortalProcess process, @Nullable Tally found, List<Integer> partitions) {
    if (process.struck() == null || found == null) {
      return;
    }
    long all = partitions.stream().mapToLong(Integer::longValue).sum();
    coverage.deaths += process.isDead() ? 1 : 0;
    coverage.midway += found.read() > 0 && found.read() < all ? 1 : 0;
    coverage.publishing += found.read() == all ? 1 : 0;
  }

  private void layOut(String layout, int partitions) {
    StepState step =
        new StepState(
            ++instances, "copy", layout, StepState.Phase.PLANNED, 0, Map.of(), "[]", "default", "v");
    new Layouts(repository)
        .create(
            step,
            Stream.generate(() -> new Layouts.NewPartition("{}", 1)).limit(partitions).iterator());
  }

  private Thread start(Run run) {
    Thread thread =
        new Thread(
            () -> {
              try {
                run.run();
              } catch (Death killed) {
                assertThat(run.process.isDead()).isTrue();
              } catch (Throwable failure) {
                failures.add(failure);
              }
            },
            "process-" + run.execution);
    thread.start();
    return thread;
  }

  /** As recovery and then a restart do it. */
  private Runs.Run take(long execution) {
    String process = "process-" + execution;
    runs.find(instances)
        .filter(Runs.Run::active)
        .flatMap(dead -> runs.seize(dead, process))
        .ifPresent(runs::release);
    try {
      return runs.take(instances, execution, process);
    } catch (Runs.HeldException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private Tally tally(String layout) {
    try (Connection connection = repository.connect()) {
      return new Checkpoints(repository.platform()).tally(connection, layout);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() throws Exception {
    databases.close();
    FileSystemUtils.deleteRecursively(base);
  }

  /** What a process does with the step, as a lane, a partitioned step and its job do it. */
  private final class Run {

    private final List<Integer> partitions;
    private final Life life;
    private final String layout;
    private final FinalFile file;
    private final FileForm form;
    private final long execution;
    private final MortalProcess process;
    private final MortalDisk disk;
    private final Database database;
    private final Layouts layouts;
    private final Runs.Run row;
    private final AtomicReference<@Nullable ChunkTarget<Object>> claimed =
        new AtomicReference<>();

    private Run(
        List<Integer> partitions,
        Life life,
        String layout,
        FinalFile file,
        FileForm form,
        long execution,
        MortalProcess process,
        MortalDisk disk) {
      this.partitions = partitions;
      this.life = life;
      this.layout = layout;
      this.file = file;
      this.form = form;
      this.execution = execution;
      this.process = process;
      this.disk = disk;
      this.database = new Database("default", process.on(repository.dataSource()));
      this.layouts = new Layouts(database);
      this.row = take(execution);
    }

    private void run() throws Exception {
      FilePublication publication =
          new FilePublication(
              database,
              file,
              layout,
              "partition\nn",
              form.header(),
              form.overwrite(),
              disk);
      if (!completed.get()) {
        if (untilItWorks(() -> Optional.of(publication.progress())).orElseThrow()
            != FilePublication.Progress.DONE) {
          untilItWorks(
              () -> {
                publication.stage(publication.progress(), hold());
                return Optional.of(layout);
              });
        }
        while (partition()) {
          continue;
        }
        if (!complete()
            || !publish(publication)
            || !untilItWorks(() -> Optional.of(holds())).orElseThrow()) {
          return;
        }
        completed.set(true);
      }
      publication.discard(layout);
    }

    /** An earlier process writes no row of Spring Batch's. */
    private boolean holds() throws SQLException {
      try (Connection connection = database.connect()) {
        return runs.holds(connection, row);
      }
    }

    private Publication.Hold hold() {
      return new Publication.Hold(database, session -> runs.holds(session, row));
    }

    private boolean complete() throws Exception {
      return untilItWorks(
              () -> {
                try (Connection connection = database.connect()) {
                  return Optional.of(
                      new Checkpoints(database.platform()).countComplete(connection, layout)
                          == partitions.size());
                }
              })
          .orElseThrow();
    }

    private boolean publish(FilePublication publication) throws Exception {
      return untilItWorks(
              () ->
                  Optional.of(
                      publication.publish(
                          partitions.size(), hold(), () -> false)))
          .orElse(false);
    }

    /** Runs one partition; false if none is left. */
    private boolean partition() throws Exception {
      Layouts.@Nullable Claimed taken = untilItWorks(() -> claim(null)).orElse(null);
      if (taken == null) {
        return false;
      }
      PartitionKey key = taken.partition().key();
      while (taken != null) {
        Layouts.Claimed mine = taken;
        Ending ending = loop(mine);
        taken = null;
        if (ending instanceof Ending.CutOff) {
          taken = untilItWorks(() -> claim(key)).orElse(null);
        } else if (ending instanceof Ending.Failed failed) {
          throw new AssertionError(failed.failure().message(), failed.failure().cause());
        } else if (ending instanceof Ending.Completed) {
          long owner = mine.claim().fence().owner();
          untilItWorks(
              () -> {
                layouts.ended(key, owner, Status.COMPLETED, ending.tally(), null);
                return Optional.of(key);
              });
        }
      }
      return true;
    }

    private Optional<Layouts.Claimed> claim(@Nullable PartitionKey again) throws Exception {
      Layouts.TargetClaim claim =
          found -> {
            SegmentSink sink =
                new SegmentSink(
                    found.key(),
                    file.segments(layout),
                    new CsvEncoder(Rows.CSV, Rows.COLUMNS.names(), new TextBytes(Rows.CSV.charset())),
                    new Packing(form.compression()),
                    disk);
            ChunkTarget<Object> opened =
                new TransactionalTarget<>(database, found.key(), sink, null);
            claimed.set(opened);
            return opened.claim(found.owner(), found.owner() > 0);
          };
      return again == null
          ? layouts.claim(layout, execution, row.process(), null, claim)
          : Optional.of(layouts.reclaim(again, execution, row.process(), claim));
    }

    private Ending loop(Layouts.Claimed mine) throws Exception {
      int number = mine.partition().key().number();
      Rows rows = new Rows(number, partitions.get(number - 1));
      try (ChunkExecutor executor = ChunkExecutor.of(life.chunk(), "process-" + execution);
          ChunkTarget<Object> opened = claimed.get()) {
        return new ChunkLoop<>(
                new ChunkLoop.Parts<Object, Object>(
                    "copy/p" + number,
                    life.chunk(),
                    ON_ERROR,
                    rows,
                    Pipeline.of(row -> row, executor),
                    ChunkStreams.NONE,
                    opened,
                    new SkipBudget(null, Tally.ZERO),
                    new StopSignal(),
                    ChunkObserver.NONE,
                    body -> body))
            .run(mine.claim());
      }
    }

    /** A cut connection is an outage that is waited out. */
    private <T> Optional<T> untilItWorks(Try<T> attempt) throws Exception {
      for (int tries = 1; ; tries++) {
        try {
          return attempt.get();
        } catch (SupersededException others) {
          return Optional.empty();
        } catch (PublicationException inTheWay) {
          throw inTheWay;
        } catch (Exception error) {
          if (tries == PATIENCE) {
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
