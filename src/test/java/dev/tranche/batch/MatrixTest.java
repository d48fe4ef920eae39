package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.tranche.ExecutionView;
import dev.tranche.TallyView;
import dev.tranche.testing.TestDatabase;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The real catalogues, loaded in every way there is: the rows are those that another CSV parser
 * finds in the files.
 */
class MatrixTest {

  private static final TallyView ALL = new TallyView(21_816, 21_816, 0, 0);
  private static final String COLUMNS =
      "id, time, latitude, longitude, depth, magnitude, magnitude_type, stations, network, place,"
          + " event_type, status, updated, severity";

  private static long expected;

  @BeforeAll
  static void readWithAnotherParser() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("jobs/data/earthquakes"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".csv")).toList()) {
        try (CsvReader<NamedCsvRecord> records = CsvReader.builder().ofNamedCsvRecord(file)) {
          records.forEach(row -> expected += digest(values(row)));
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}: {1} in {2} lanes, chunks of {3}, by {4}")
  @CsvSource({
    "H2_MEMORY, map, 4, 1, bytes",
    "H2_MEMORY, map, 1, 7, file",
    "H2_MEMORY, map, 4, 1000, file",
    "H2_MEMORY, map, 1, 1000, bytes",
    "H2_MEMORY, map, 4, 100000, bytes",
    "H2_MEMORY, futures, 4, 7, bytes",
    "H2_MEMORY, futures, 1, 1000, bytes",
    "H2_MEMORY, futures, 4, 1000, file",
    "H2_MEMORY, futures, 1, 100000, file",
    "POSTGRESQL, map, 4, 1000, bytes",
    "POSTGRESQL, futures, 4, 7, bytes",
    "POSTGRESQL, futures, 1, 100000, file",
  })
  void loadsTheSameRows(
      TestDatabase.Kind kind, String mode, int lanes, int chunk, String partition)
      throws Exception {
    try (TestDatabase databases = new TestDatabase(kind);
        World world = new World(databases).earthquakes()) {
      edit(world.path("jobs/load-earthquakes.yml"), mode, lanes, chunk, partition);

      ExecutionView execution = world.run("load-earthquakes");

      assertThat(execution.failures()).isEmpty();
      assertThat(execution.status()).isEqualTo("COMPLETED");
      assertThat(execution.tally()).isEqualTo(ALL);
      assertThat(world.count("select count(*) from earthquake")).isEqualTo(21_816);
      assertThat(loaded(world)).isEqualTo(expected);
    }
  }

  private static void edit(Path job, String mode, int lanes, int chunk, String partition)
      throws IOException {
    String rule = partition.equals("file") ? "by: file" : "by: bytes, size: 512KB";
    String inFlight = mode.equals("futures") ? ", in-flight: 8" : "";
    String text =
        Files.readString(job)
            .replaceFirst(
                "partition: \\{.*", "partition: { " + rule + ", concurrency: " + lanes + " }")
            .replaceFirst(
                "chunk: \\{.*",
                "chunk: { size: " + chunk + ", mode: " + mode + ", workers: 2" + inFlight + " }");
    Files.writeString(job, text);
  }

  /** Of all rows of the table, whatever their order. */
  private static long loaded(World world) {
    return world
        .sql()
        .sql("select " + COLUMNS + " from earthquake")
        .query(
            (row, number) -> {
              Object[] values = new Object[14];
              for (int i = 0; i < values.length; i++) {
                values[i] = row.getObject(i + 1);
              }
              values[1] = row.getObject(2, OffsetDateTime.class).toInstant();
              values[12] = row.getObject(13, OffsetDateTime.class).toInstant();
              return digest(Arrays.stream(values).map(MatrixTest::text).toList());
            })
        .list()
        .stream()
        .mapToLong(each -> each)
        .sum();
  }

  private static List<String> values(NamedCsvRecord row) {
    return List.of(
        text(row.getField("id")),
        text(Instant.parse(row.getField("time"))),
        number(row.getField("latitude")),
        number(row.getField("longitude")),
        number(row.getField("depth")),
        number(row.getField("mag")),
        text(row.getField("magType")),
        number(row.getField("nst")),
        text(row.getField("net")),
        text(row.getField("place")),
        text(row.getField("type")),
        text(row.getField("status")),
        text(Instant.parse(row.getField("updated"))),
        severity(row.getField("mag")));
  }

  private static String severity(String magnitude) {
    return magnitude.isEmpty()
        ? "unknown"
        : new BigDecimal(magnitude).compareTo(new BigDecimal(6)) >= 0 ? "strong" : "light";
  }

  private static String number(String text) {
    return text.isEmpty() ? "" : text(new BigDecimal(text));
  }

  private static String text(@Nullable Object value) {
    if (value instanceof Number number) {
      return new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
    }
    return Objects.toString(value, "");
  }

  private static long digest(List<String> values) {
    long hash = 17;
    for (String value : values) {
      for (int i = 0; i < value.length(); i++) {
        hash = hash * 1_000_003 + value.charAt(i);
      }
      hash = hash * 1_000_003 + 0x1F;
    }
    return hash * 0x9E3779B97F4A7C15L ^ hash >>> 29;
  }
}
