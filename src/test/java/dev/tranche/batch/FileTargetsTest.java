package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.tranche.ExecutionView;
import dev.tranche.RefusedException;
import dev.tranche.RunObserver;
import dev.tranche.definition.With;
import dev.tranche.TallyView;
import dev.tranche.partition.Compression;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code write: csv} and {@code write: jsonl}, through the door. */
class FileTargetsTest {

  private static final String COPY =
      """
      steps:
        - name: copy
          read: { type: csv, files: in/*.csv, columns: { id: long, name: string } }
          partition: { by: bytes, size: 2KB, concurrency: 3 }
          %s
          write: { type: csv, file: out/copy.csv%s }
      """;
  private static final String MAP = "chunk: { size: 20, mode: map, workers: 2 }";
  private static final String FUTURES =
      "chunk: { size: 20, mode: futures, workers: 2, in-flight: 4, order: completion }";

  private static String numbers(int count) {
    StringBuilder text = new StringBuilder("id,name\n");
    IntStream.rangeClosed(1, count).forEach(i -> text.append(i).append(",name ").append(i).append('\n'));
    return text.toString();
  }

  private static World world(TestDatabase databases, String chunk, String more) {
    return new World(databases)
        .file("in/numbers.csv", numbers(1000))
        .job("copy", COPY.formatted(chunk, more));
  }

  private static void assertNothingBesideTheFile(World world, String... names) throws IOException {
    try (Stream<Path> files = Files.list(world.path("out"))) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .containsExactlyInAnyOrder(names);
    }
  }

  @EveryDatabase
  void writesTheStrongEarthquakesToBothKindsOfFiles(TestDatabase databases) throws Exception {
    try (databases;
        World world = new World(databases).earthquakes()) {
      ExecutionView execution = world.run("export-earthquakes");

      assertThat(execution.failures()).isEmpty();
      assertThat(execution.status()).isEqualTo("COMPLETED");
      List<NamedCsvRecord> records;
      try (CsvReader<NamedCsvRecord> csv =
          CsvReader.builder().ofNamedCsvRecord(world.path("out/strong-earthquakes.csv"))) {
        records = csv.stream().toList();
      }
      assertThat(records.get(0).getHeader())
          .containsExactly("time", "magnitude", "place", "latitude", "longitude", "id");
      assertThat(records)
          .hasSizeGreaterThan(100)
          .allMatch(quake -> Double.parseDouble(quake.getField("magnitude")) >= 6);
      List<JsonNode> objects;
      try (Stream<String> lines = Files.lines(world.path("out/strong-earthquakes.jsonl"))) {
        objects = lines.map(JsonMapper.shared()::readTree).toList();
      }
      assertThat(objects.stream().map(quake -> quake.get("id").asString()))
          .doesNotHaveDuplicates()
          .isEqualTo(records.stream().map(quake -> quake.getField("id")).toList());
      assertNothingBesideTheFile(world, "strong-earthquakes.csv", "strong-earthquakes.jsonl");
    }
  }

  @Test
  void copiesInTheOrderOfTheInputInMapMode() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases, MAP, "")) {
      ExecutionView execution = world.run("copy");

      assertThat(execution.status()).isEqualTo("COMPLETED");
      assertThat(execution.tally()).isEqualTo(new TallyView(1000, 1000, 0, 0));
      assertThat(world.path("out/copy.csv")).hasContent(numbers(1000));
      assertNothingBesideTheFile(world, "copy.csv");
    }
  }

  @EveryDatabase
  void copiesEveryRowOnceInFuturesMode(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases, FUTURES, "")) {
      assertThat(world.run("copy").status()).isEqualTo("COMPLETED");
      assertThat(Files.readAllLines(world.path("out/copy.csv")))
          .containsExactlyInAnyOrderElementsOf(numbers(1000).lines().toList());
      assertNothingBesideTheFile(world, "copy.csv");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {MAP, FUTURES})
  void goesOnAfterAFailureWithTheSegmentsThatAreThere(String chunk) throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases, chunk, "")) {
      world.file("in/numbers.csv", numbers(1000).replace("\n777,", "\nx77,"));
      ExecutionView failed = world.run("copy");
      assertThat(failed.status()).isEqualTo("FAILED");
      assertThat(world.path("out/copy.csv")).doesNotExist();
      long safe = failed.tally().written();
      assertThat(safe).isBetween(1L, 999L);

      world.file("in/numbers.csv", numbers(1000));
      ExecutionView restarted =
          world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE);

      assertThat(restarted.failures()).isEmpty();
      assertThat(restarted.status()).isEqualTo("COMPLETED");
      assertThat(restarted.thisExecution().written()).isEqualTo(1000 - safe);
      assertThat(Files.readAllLines(world.path("out/copy.csv")))
          .containsExactlyInAnyOrderElementsOf(numbers(1000).lines().toList());
      assertNothingBesideTheFile(world, "copy.csv");
    }
  }

  /** A job whose partition with row 777 fails, and its segments. */
  private static ExecutionView failed(World world) {
    world.file("in/numbers.csv", numbers(1000).replace("\n777,", "\nx77,"));
    ExecutionView failed = world.run("copy");
    assertThat(failed.status()).isEqualTo("FAILED");
    world.file("in/numbers.csv", numbers(1000));
    return failed;
  }

  private static String inflated(Path file) throws IOException {
    try (InputStream bytes = Compression.of(file.toString()).open(file)) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".gz", ".zst"})
  void compressesAFileWhoseNameSaysSoAlsoAfterAFailure(String ending) throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases, MAP, "")) {
      world.job("copy", COPY.formatted(MAP, "").replace("copy.csv", "copy.csv" + ending));
      ExecutionView failed = failed(world);

      ExecutionView restarted =
          world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE);

      assertThat(restarted.failures()).isEmpty();
      assertThat(inflated(world.path("out/copy.csv" + ending))).isEqualTo(numbers(1000));
      assertThat(Files.size(world.path("out/copy.csv" + ending)))
          .isLessThan(numbers(1000).length() / 2);
      assertNothingBesideTheFile(world, "copy.csv" + ending);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"copy", "copy.gz"})
  void keepsAFileForEachPartitionAlsoAfterAFailure(String name) throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases, FUTURES, "")) {
      String ending = name.endsWith(".gz") ? ".csv.gz" : ".csv";
      world.job("copy", COPY.formatted(FUTURES, ", parts: keep").replace("copy.csv", name));
      ExecutionView failed = failed(world);
      assertThat(world.path("out/" + name)).doesNotExist();

      ExecutionView restarted =
          world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE);

      assertThat(restarted.failures()).isEmpty();
      int partitions = restarted.steps().get(0).partitions().size();
      List<String> rows = new ArrayList<>();
      for (int number = 1; number <= partitions; number++) {
        String part = inflated(world.path("out/" + name + "/part-%05d".formatted(number) + ending));
        assertThat(part).startsWith("id,name\n");
        rows.addAll(part.lines().skip(1).toList());
      }
      assertThat(rows)
          .containsExactlyInAnyOrderElementsOf(numbers(1000).lines().skip(1).toList());
      try (Stream<Path> files = Files.list(world.path("out/" + name))) {
        assertThat(files).hasSize(partitions);
      }
      assertNothingBesideTheFile(world, name);
      assertThatThrownBy(() -> world.tranche().run("copy", Map.of(), true, RunObserver.NONE))
          .hasMessage("step 'copy': 'out/" + name + "' is there already, and a folder is not"
              + " replaced. Move it away");
    }
  }

  /** Quotes, and dates and numbers in the form that somebody else wants. */
  @Test
  void writesValuesInTheFormThatIsAskedFor() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = new World(databases)) {
      world.file("in/a.csv", "id,day,amount\n1,2026-01-31,1234.5\n2,,\n");
      world.job(
          "copy",
          """
          steps:
            - name: copy
              read: { type: csv, files: in/*.csv, columns: { id: long, day: date, amount: decimal } }
              process:
                - cast:
                    day: { type: string, format: dd.MM.yyyy }
                    amount: { type: string, format: "#,##0.00" }
              write: { type: csv, file: out/copy.csv, delimiter: ";", quote: "'", quoting: texts, line-end: crlf, null-value: n/a }
          """);

      assertThat(world.run("copy").failures()).isEmpty();
      assertThat(Files.readString(world.path("out/copy.csv")))
          .isEqualTo("'id';'day';'amount'\r\n1;'31.01.2026';'1,234.50'\r\n2;n/a;n/a\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-a 'b' \"c\"; rm -rf x\u00f6\u202e", "two\nlines"})
  void takesFileNamesAsTheyAre(String name) throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = new World(databases)) {
      world.file("in/" + name + ".csv", numbers(50)).file("in/x" + name + ".csv", "id,name\n1,x,y\n");
      String quoted = JsonMapper.shared().writeValueAsString(name);
      quoted = quoted.substring(1, quoted.length() - 1);
      world.job("copy", COPY.formatted(MAP, "")
          .replace("in/*.csv", "\"in/" + quoted + ".csv\"")
          .replace("out/copy.csv", "\"out/" + quoted + ".csv\""));
      world.job("bad", COPY.formatted(MAP, "").replace("in/*.csv", "in/x*.csv"));

      assertThat(world.run("copy").failures()).isEmpty();
      assertThat(world.path("out/" + name + ".csv")).hasContent(numbers(50));
      assertNothingBesideTheFile(world, name + ".csv");
      assertThat(world.run("bad").failures().get(0))
          .startsWith("copy/p1 failed at item 1 (in/x" + name + ".csv, line 2): ");
    }
  }

  private static Path segment(World world) throws IOException {
    try (Stream<Path> files = Files.walk(world.path("out/copy.csv.segments"))) {
      return files.filter(file -> file.endsWith("p1.1.part")).findFirst().orElseThrow();
    }
  }

  private static String shown(World world, Path segment) {
    return world.path("").relativize(segment).toString().replace('\\', '/');
  }

  @Test
  void refusesToGoOnWithoutASegmentThatCounts() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases, MAP, "")) {
      ExecutionView failed = failed(world);
      Path segment = segment(world);
      long length = Files.size(segment);
      Path aside = Files.move(segment, world.path("aside"));

      assertThatThrownBy(
              () -> world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE))
          .isInstanceOf(RefusedException.class)
          .hasMessage(
              "copy: segment '" + shown(world, segment) + "' is missing, and " + length
                  + " bytes of it count. Without them rows of partition p1 would be missing, so"
                  + " that nothing is published. Put the segment back and restart; if it is gone"
                  + " for good, give this run up and run the job anew");
      assertThat(world.path("out/copy.csv")).doesNotExist();

      Files.move(aside, segment);
      assertThat(
              world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE).status())
          .isEqualTo("COMPLETED");
      assertThat(world.path("out/copy.csv")).hasContent(numbers(1000));
    }
  }

  @Test
  void refusesToGoOnWithASegmentThatIsTooShort() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases, MAP, "")) {
      ExecutionView failed = failed(world);
      Path segment = segment(world);
      byte[] bytes = Files.readAllBytes(segment);
      Files.write(segment, Arrays.copyOf(bytes, 100));

      assertThatThrownBy(
              () -> world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE))
          .isInstanceOf(RefusedException.class)
          .hasMessageStartingWith(
              "copy: segment '" + shown(world, segment) + "' has 100 bytes only, and "
                  + bytes.length + " bytes of it count.");
    }
  }

  @EveryDatabase
  void refusesAFileThatAnUnfinishedRunWrites(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases, MAP, "")) {
      ExecutionView failed = failed(world);

      assertThatThrownBy(
              () -> world.tranche().run("copy", Map.of(), true, RunObserver.NONE))
          .isInstanceOf(RefusedException.class)
          .hasMessage(
              "copy: file 'out/copy.csv' is being written by execution " + failed.execution()
                  + " of job copy, which is FAILED. Finish it with: restart "
                  + failed.execution() + ", or give it up with: abandon " + failed.execution());
      world.tranche().abandon(failed.execution());
      ExecutionView second = world.tranche().run("copy", Map.of(), true, RunObserver.NONE);

      assertThat(second.failures()).isEmpty();
      assertThat(world.path("out/copy.csv")).hasContent(numbers(1000));
      assertNothingBesideTheFile(world, "copy.csv");
    }
  }

  @Test
  void refusesToReplaceAFileUnlessItIsTold() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases, MAP, "")) {
      world.file("out/copy.csv", "somebody's\n");
      assertThatThrownBy(() -> world.run("copy"))
          .isInstanceOf(RefusedException.class)
          .hasMessage(
              "step 'copy': file 'out/copy.csv' is there already. To have it replaced, set"
                  + " overwrite: true; else move it away");
      assertThat(world.path("out/copy.csv")).hasContent("somebody's\n");

      world.job("copy", COPY.formatted(MAP, ", overwrite: true"));
      assertThat(world.run("copy").status()).isEqualTo("COMPLETED");
      assertThat(world.path("out/copy.csv")).hasContent(numbers(1000));
    }
  }

  @Test
  void refusesToMixColumns() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases, MAP, "")) {
      ExecutionView failed = failed(world);
      world.job(
          "copy",
          COPY.formatted("process: [ { set: { twice: \"id * 2\" } } ]\n    " + MAP, ""));

      assertThatThrownBy(
              () ->
                  world
                      .tranche()
                      .restart(failed.execution(), Set.of(), With.NEW, RunObserver.NONE))
          .isInstanceOf(RefusedException.class)
          .hasMessage(
              "copy: rows in the segments of file 'out/copy.csv' have the columns id, name, and now"
                  + " they would have id, name, twice. Put the columns back. Start over with: run"
                  + " copy --new");
    }
  }

  @Test
  void refusesAFileOutsideOfTheBaseDirectory() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases, MAP, "")) {
      world.job("copy", COPY.formatted(MAP, "").replace("out/copy.csv", "../copy.csv"));
      assertThatThrownBy(() -> world.run("copy"))
          .isInstanceOf(RefusedException.class)
          .hasMessage(
              "step 'copy': '../copy.csv' is outside of the base directory "
                  + world.path("").toAbsolutePath().normalize()
                  + ". Files are written only within it, unless"
                  + " 'tranche.may-leave-base-directory: true' is set");
    }
  }

  @Test
  void writesTheHeaderWhereThereIsNothingElse() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases, FUTURES, "")) {
      world.file("in/numbers.csv", "id,name\n");
      assertThat(world.run("copy").status()).isEqualTo("COMPLETED");
      assertThat(world.path("out/copy.csv")).hasContent("id,name\n");
      assertNothingBesideTheFile(world, "copy.csv");
    }
  }

  @Test
  void explainsWhereItWritesAndWhatItPromises() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases, FUTURES, "")) {
      var step = world.tranche().explain("copy", Map.of()).steps().get(0);
      assertThat(step.writes()).isEqualTo("file out/copy.csv");
      assertThat(step.guarantee())
          .isEqualTo(
              "exactly once: a checkpoint counts only rows that are on disk in"
                  + " 'out/copy.csv.segments/<layout>', and the file appears under its name when"
                  + " the step is complete, with what the checkpoints count");
      assertThat(step.notes()).isEmpty();
      assertThat(world.path("out")).doesNotExist();
    }
  }
}
