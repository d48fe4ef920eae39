package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the shipped jar while it writes all earthquakes into one CSV file, at a row
 * count drawn at random or as it is about to publish; then {@code restart}, which settles what is
 * left and is killed in turn, until the file is there.
 *
 * <p>{@code -Dtranche.crash.kills=200} makes it longer, {@code -Dtranche.crash.seed=…} repeats one.
 */
class KillExportIT {

  private static final int ROWS = 21_816;
  private static final int KILLS = Integer.getInteger("tranche.crash.kills", 6);
  private static final int KILLS_OF_ONE_EXPORT = 6;
  private static final long SEED = Long.getLong("tranche.crash.seed", System.nanoTime());
  private static final Pattern SAFE = Pattern.compile("copy/p\\d+: \\+(\\d+) items");
  private static final Pattern EXECUTION = Pattern.compile("copy: execution (\\d+)");

  @TempDir Path directory;

  @Test
  void theFileHoldsEveryEarthquakeOnceHoweverOftenItsExportWasKilled() throws Exception {
    Random random = new Random(SEED);
    for (int killed = 0; killed < KILLS; ) {
      Path home = Files.createDirectory(directory.resolve("export-" + killed));
      killed += export(home, random, killed % 2 == 0 ? "futures" : "map");
      assertEachOnce(home);
    }
  }

  private static Installation installation(Path home, String mode) throws IOException {
    Installation installation = Installation.in(home);
    String chunk = mode.equals("map") ? "mode: map" : "mode: futures, in-flight: 4";
    Files.writeString(
        home.resolve("jobs/copy.yml"),
        """
        name: copy
        steps:
          - name: copy
            read: { type: csv, files: jobs/data/earthquakes/*.csv }
            partition: { by: bytes, size: 256KB, concurrency: 3 }
            process: [ { select: [id, time, mag, place] } ]
            chunk: { size: 25, workers: 2, %s }
            write: { type: csv, file: out/earthquakes.csv }
        """
            .formatted(chunk));
    return installation
        .set("logging.level.dev.tranche.chunk", "DEBUG")
        .set("logging.threshold.console", "DEBUG");
  }

  /** @return how often it was killed */
  private static int export(Path home, Random random, String mode) throws Exception {
    Installation installation = installation(home, mode);
    String[] command = {"run", "copy"};
    AtomicLong safe = new AtomicLong();
    int killed = 0;
    for (int kill = 1; kill <= KILLS_OF_ONE_EXPORT; kill++) {
      boolean last = kill == KILLS_OF_ONE_EXPORT;
      long at = last ? ROWS : safe.get() + 1 + random.nextLong((ROWS - safe.get()) / 2);
      Child.Result result = killAt(installation, command, safe, at);
      if (result.exit() == 0) {
        return killed + 1;
      }
      killed++;
      assertThat(home.resolve("out/earthquakes.csv")).satisfiesAnyOf(
          file -> assertThat(file).doesNotExist(), file -> assertThat(last).isTrue());
      Matcher said = EXECUTION.matcher(result.err());
      command =
          new String[] {
            "restart",
            said.find()
                ? said.group(1)
                : installation.json("executions").get(0).get("execution").asString()
          };
    }
    Child.Result end = installation.run(command);
    // Killed between the end of its last step and its own, it is complete.
    assertThat(end.exit()).as("seed %s: %s", SEED, end).isIn(0, 3);
    return killed;
  }

  private static Child.Result killAt(
      Installation installation, String[] command, AtomicLong safe, long at) throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    try (Child child =
        installation.start(
            line -> {
              Matcher more = SAFE.matcher(line);
              if (more.find() && safe.addAndGet(Long.parseLong(more.group(1))) >= at) {
                reached.countDown();
              }
            },
            command)) {
      while (child.isAlive() && !reached.await(20, TimeUnit.MILLISECONDS)) {
        Thread.onSpinWait();
      }
      child.kill();
      return child.await();
    }
  }

  private static void assertEachOnce(Path home) throws IOException {
    List<NamedCsvRecord> records;
    try (CsvReader<NamedCsvRecord> csv =
        CsvReader.builder().ofNamedCsvRecord(home.resolve("out/earthquakes.csv"))) {
      records = csv.stream().toList();
    }
    assertThat(records).as("rows, seed %s", SEED).hasSize(ROWS);
    assertThat(records.stream().map(record -> record.getField("id")).distinct())
        .as("distinct rows, seed %s", SEED)
        .hasSize(ROWS);
    try (Stream<Path> files = Files.list(home.resolve("out"))) {
      assertThat(files).containsExactly(home.resolve("out/earthquakes.csv"));
    }
  }
}
