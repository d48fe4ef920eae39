package dev.tranche.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ItemError;
import dev.tranche.definition.PartitionDefinition;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.definition.ReadDefinition.ColumnDefinition;
import dev.tranche.partition.Compression;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.InputException;
import dev.tranche.partition.Slice;
import dev.tranche.partition.SliceJson;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Digest;
import dev.tranche.row.Row;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Position;
import dev.tranche.store.Tally;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of JSON, arrays of JSON, lines with fields in their places, and compressed files. */
class OtherFilesTest {

  private static final long MAX = 1 << 16;

  private CsvFolder folder;
  private final Map<String, ColumnDefinition> columns = new LinkedHashMap<>();

  @BeforeEach
  void open() {
    folder = new CsvFolder();
  }

  @AfterEach
  void close() {
    folder.close();
  }

  // -- json --

  @Test
  void readsValuesOfEveryTypeFromLinesOfJson() {
    folder.with(
        "a.jsonl",
        """
        {"s": "a\\nb", "l": 9007199254740993, "d": 0.10, "f": 1e3, "b": true, "day": "2026-01-31",\
         "u": "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "t": "2026-01-31T12:00:00Z", "o": {"x": [1, {"y": "z"}]}}

        {"s": null, "o": "plain"}
        """);
    column("s", ColumnType.STRING, null);
    column("l", ColumnType.LONG, null);
    column("d", ColumnType.DECIMAL, null);
    column("f", ColumnType.DOUBLE, null);
    column("b", ColumnType.BOOLEAN, null);
    column("day", ColumnType.DATE, null);
    column("u", ColumnType.UUID, null);
    column("t", ColumnType.TIMESTAMP, null);
    column("o", ColumnType.STRING, null);
    column("deep", ColumnType.STRING, "/o/x/1/y");

    assertThat(read(jsonl()))
        .containsExactly(
            "1: [a\nb, 9007199254740993, 0.10, 1000.0, true, 2026-01-31,"
                + " f81d4fae-7dec-11d0-a765-00a0c91e6bf6, 2026-01-31T12:00Z,"
                + " {\"x\":[1,{\"y\":\"z\"}]}, z]",
            "3: [null, null, null, null, null, null, null, null, plain, null]");
  }

  @Test
  void tellsWhatIsWrongWithALineOfJsonAndGoesOn() {
    folder.with("a.jsonl", "{\"n\": 1.5}\n[1]\n{\"n\": }\n{\"n\": 1} x\n{\"n\": [2]}\n"
        + "{\"n\": 1, \"n\": 2}\n{\"n\": 1}");
    column("n", ColumnType.LONG, null);

    List<String> read = read(jsonl());

    assertThat(read).hasSize(7);
    assertThat(read.get(0)).isEqualTo("1: n: '1.5' is not a long");
    assertThat(read.get(1)).isEqualTo("2: the record is no JSON object");
    assertThat(read.get(2)).startsWith("3: the record is no JSON: ");
    assertThat(read.get(3)).startsWith("4: ");
    assertThat(read.get(4)).isEqualTo("5: n: an array is not a long");
    assertThat(read.get(5)).startsWith("6: the record is no JSON: Duplicate");
    assertThat(read.get(6)).isEqualTo("7: [1]");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 40})
  void readsTheSameLinesHoweverTheyAreCut(int count) {
    folder.with("a.jsonl", IntStream.range(0, 60)
        .mapToObj(i -> "{\"n\": " + i + ", \"s\": \"\\\"}" + "x".repeat(i % 9) + "\"}\r\n")
        .collect(Collectors.joining()));
    column("n", ColumnType.LONG, null);

    assertThat(read(jsonl(), CsvFolder.count(count)))
        .isEqualTo(IntStream.range(0, 60).mapToObj(i -> (i + 1) + ": [" + i + "]").toList());
  }

  @Test
  void readsTheElementsOfAnArray() {
    folder.with("a.json", "\ufeff \n [ {\"n\": 1, \"s\": \"],}{\\\"\\\\\"},\n\n {\"n\":2}\r\n,{\"n\": 3,"
        + " \"s\": [{}]} ]\n\n");
    folder.with("b.json", "[]\n");
    folder.with("c.json", "[{\"n\": 4}]");
    column("n", ColumnType.LONG, null);
    column("s", ColumnType.STRING, null);

    assertThat(read(json()))
        .containsExactly("2: [1, ],}{\"\\]", "4: [2, null]", "5: [3, [{}]]", "1: [4, null]");
    assertThat(slices(json(), new PartitionDefinition.File(1))).hasSize(2);
  }

  @Test
  void tellsWhatIsWrongWithAnArray() {
    column("n", ColumnType.LONG, null);
    folder.with("a.json", "[{\"n\": 1}, [7], {\"n\": 2} {\"n\": 3}, {\"n\": 4}");
    assertThat(read(json()))
        .containsExactly(
            "1: [1]",
            "1: the record is no JSON object",
            "1: there is more behind the JSON object",
            "1: the array is not closed behind the record");

    folder.with("a.json", "[{\"n\": 1}, {\"n\": \"x");
    assertThat(read(json()))
        .containsExactly(
            "1: [1]",
            "a.json, line 1: the quote opened here is not closed before the end of the file."
                + " Close it");

    folder.with("a.json", "{\"n\": 1}");
    assertThatThrownBy(() -> read(json()))
        .isInstanceOf(InputException.class)
        .hasMessage("file 'a.json' is no JSON array: it does not begin with '['. Use 'type: jsonl'"
            + " for an object on each line");
  }

  // -- fixed --

  @Test
  void readsFieldsFromTheirPlaces() {
    columns.put("id", new ColumnDefinition(null, ColumnType.LONG, null, null, null, 4));
    columns.put("name", new ColumnDefinition(null, ColumnType.STRING, null, null, null, 6));
    columns.put("day", new ColumnDefinition(null, ColumnType.DATE, "yyyyMMdd", null, 12, 8));
    folder.with("a.txt", "  12\u00e4\u00f6\u00fc\u20ac  -20260131\r\n   3       20260201rest\n   4x    \n");

    assertThat(read(fixed(StandardCharsets.UTF_8)))
        .containsExactly(
            "1: [12, \u00e4\u00f6\u00fc\u20ac, 2026-01-31]",
            "2: [3, null, 2026-02-01]",
            "3: the line has 9 characters, expected 19 at least");

    folder.with("a.txt", "  12\u00e4\u00f6    -20260131".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(read(fixed(StandardCharsets.ISO_8859_1))).containsExactly("1: [12, \u00e4\u00f6, 2026-01-31]");
    assertThat(read(fixed(StandardCharsets.UTF_8)).get(0))
        .isEqualTo("1: name: byte 4 of the file, 0xE4, is not UTF-8. Set 'charset' to what the file"
            + " is in");
  }

  // -- compressed --

  private static byte[] packed(String ending, String text) {
    return Sources.packed(Compression.of(ending), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {".gz", ".zst"})
  void readsCompressedFilesBesideOthersEachInOnePartition(String ending) {
    String rows = IntStream.range(0, 100).mapToObj(i -> i + ",x\n").collect(Collectors.joining());
    folder.with("a.csv", "n,s\n" + rows).with("b.csv" + ending, packed(ending, "n,s\n" + rows))
        .with("c.csv", "n,s\n" + rows).with("d.csv" + ending, packed(ending, "n,s\n"));
    ReadDefinition.Csv csv = folder.files("*.csv", "*.csv" + ending).definition();

    List<Slice.Files> slices = slices(csv, CsvFolder.count(4));
    assertThat(slices.stream().map(Slice::describe).toList())
        .containsSubsequence("b.csv" + ending, "d.csv" + ending)
        .hasSize(6);
    assertThat(slices.stream().map(slice -> (Slice.Files) SliceJson.read(SliceJson.write(slice))))
        .isEqualTo(slices);
    assertThat(read(csv, CsvFolder.count(4))).hasSize(300);
    assertThat(read(csv, CsvFolder.count(1))).hasSize(300);
  }

  @ParameterizedTest
  @ValueSource(strings = {".gz", ".zst"})
  void refusesAFileThatInflatesWithoutEnd(String ending) throws Exception {
    byte[] bomb = bomb(ending);
    folder.with("bomb.csv" + ending, bomb);
    FileInput input = folder.files("bomb.*").input();
    List<FileFacts> facts = input.examine();

    assertThat(bomb.length).isLessThan(1 << 20);
    try (ChunkSource<Row> source = input.source((Slice.Files) input.whole(facts), facts)) {
      source.open(null);
      assertThat(source.read(100, null).size()).isEqualTo(100);
      assertThatThrownBy(() -> {
            while (source.read(100, null) != null) {
              continue;
            }
          })
          .isInstanceOf(ItemError.class)
          .hasMessageStartingWith("bomb.csv" + ending + ": it cannot be decompressed: its first ")
          .hasMessageEndingWith(", over 250 times as much, as a trap does. If it is right,"
              + " decompress it first");
    }
  }

  /** 80 MB of lines. */
  private static byte[] bomb(String ending) throws IOException {
    byte[] line = ("1".repeat(8_000) + "\n").getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = Compression.of(ending).to(bytes)) {
      gzip.write("a\n".getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < 10_000; i++) {
        gzip.write(line);
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void holdsNoMoreThanARecordOfOneThatHasNoEnd() {
    folder.with("bomb.csv.gz", Sources.gzip("a\n" + "0".repeat(5 << 20)));

    assertThat(read(folder.files("*.gz").maxRecord(1000).definition()))
        .containsExactly("bomb.csv.gz, line 2: the record that begins here is longer than max-record,"
            + " 1000 bytes. Raise max-record if it is right");
  }

  @ParameterizedTest
  @ValueSource(strings = {".gz", ".zst"})
  void readsWhatIsWholeOfABrokenFileAndSaysThatItIsBroken(String ending) {
    String rows = IntStream.range(0, 50_000).mapToObj(i -> i * 7919L + "\n").collect(Collectors.joining());
    byte[] whole = packed(ending, "n\n" + rows);
    folder.with("a.csv" + ending, Arrays.copyOf(whole, whole.length / 2));

    List<String> read = read(folder.files("a.*").definition());

    assertThat(read).hasSizeGreaterThan(1_000);
    assertThat(read.get(read.size() - 1)).startsWith("a.csv" + ending + ": it cannot be decompressed: ");
  }

  /** As when files are appended to each other, or a writer begins anew with each block. */
  @ParameterizedTest
  @ValueSource(strings = {".gz", ".zst"})
  void readsAFileThatWasCompressedInSeveralParts(String ending) {
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    for (String part : List.of("n\n1\n", "", "2\n3", "\n4\n")) {
      parts.writeBytes(packed(ending, part));
    }
    folder.with("a.csv" + ending, parts.toByteArray());

    assertThat(read(folder.files("a.*").definition()))
        .containsExactly("2: [1]", "3: [2]", "4: [3]", "5: [4]");
  }

  // -- edited files --

  @ParameterizedTest
  @ValueSource(strings = {"a.csv.gz", "a.json"})
  void goesOnWithAFileThatIsReadWholeOnlyIfItIsTheSame(String name) throws Exception {
    boolean compressed = name.endsWith("gz");
    put(name, compressed, 10);
    column("n", ColumnType.LONG, null);
    ReadDefinition.InFiles definition =
        compressed ? folder.files("*.gz").definition() : json();
    FileInput input = new FileInput(definition, folder.path, false);
    List<FileFacts> facts = input.examine();
    Slice.Files slice = slices(definition, new PartitionDefinition.File(1)).get(0);
    InputCheck.Partition begun = partition(slice, new Position("0:2", 1, 3));
    InputCheck.Partition open = new InputCheck.Partition(1, slice, Checkpoint.START);

    put(name, compressed, 10);
    assertThat(input.check(facts, List.of(begun)).slices()).isEmpty();

    put(name, compressed, 11);
    assertThatThrownBy(() -> input.check(facts, List.of(begun)))
        .hasMessageContaining("cannot go on: file '" + name + "' was edited after it was cut into"
            + " partitions, and where it was read up to is not found in it. Put it back as it was");
    InputCheck.Result result = input.check(facts, List.of(open));
    try (ChunkSource<Row> source =
        input.source(result.slices().getOrDefault(1, slice), result.facts())) {
      assertThat(CsvFolder.read(source, 4)).hasSize(11);
    }
  }

  private void put(String name, boolean compressed, int rows) {
    String text = IntStream.range(0, rows)
        .mapToObj(i -> compressed ? i + "\n" : (i == 0 ? "" : ",") + "{\"n\": " + i + "}")
        .collect(Collectors.joining());
    folder.with(name, compressed ? Sources.gzip("n\n" + text) : bytes("[" + text + "]"));
    assertThat(folder.path.resolve(name).toFile().setLastModified(1_000_000_000_000L + counter++))
        .isTrue();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private long counter = 5_000;

  private static InputCheck.Partition partition(Slice.Files slice, Position watermark) {
    Checkpoint checkpoint =
        new Checkpoint(watermark, Digest.NONE, List.of(), new Tally(1, 1, 0, 0, 0, 0), false);
    return new InputCheck.Partition(1, slice, checkpoint);
  }

  // -- fixtures --

  private void column(String name, ColumnType type, @Nullable String from) {
    ColumnDefinition column = new ColumnDefinition(from, type, null, null);
    columns.put(name, column);
    folder.column(name, column);
  }

  private ReadDefinition.Jsonl jsonl() {
    return new ReadDefinition.Jsonl(List.of("*.jsonl"), columns, List.of(), MAX);
  }

  private ReadDefinition.Json json() {
    return new ReadDefinition.Json(List.of("*.json"), columns, List.of(), MAX);
  }

  private ReadDefinition.Fixed fixed(Charset charset) {
    return new ReadDefinition.Fixed(List.of("*.txt"), columns, charset, List.of(""), MAX);
  }

  private List<String> read(ReadDefinition.InFiles definition) {
    return read(definition, new PartitionDefinition.File(1));
  }

  private List<String> read(ReadDefinition.InFiles definition, PartitionDefinition rule) {
    FileInput input = new FileInput(definition, folder.path, false);
    List<FileFacts> facts = input.examine();
    List<String> read = new ArrayList<>();
    for (Slice.Files slice : slices(definition, rule)) {
      read.addAll(CsvFolder.read(input.source(slice, facts), 5));
    }
    return read;
  }

  private List<Slice.Files> slices(ReadDefinition.InFiles definition, PartitionDefinition rule) {
    FileInput input = new FileInput(definition, folder.path, false);
    List<Slice.Files> slices = new ArrayList<>();
    input.cut(rule, input.examine()).forEachRemaining(slice -> slices.add((Slice.Files) slice));
    return slices;
  }
}
