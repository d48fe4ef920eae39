package dev.tranche.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ItemError;
import dev.tranche.chunk.ReadChunk;
import dev.tranche.definition.ReadDefinition.ColumnDefinition;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.Slice;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Digest;
import dev.tranche.row.Row;
import dev.tranche.store.Position;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvSourceTest {

  private final CsvFolder folder = new CsvFolder();

  @AfterEach
  void removeFolder() {
    folder.close();
  }

  private List<String> read(String text) {
    return folder.with("a.csv", text).read(CsvFolder.single(), 2);
  }

  // -- places --

  /** From the place of any item, in any order, reading gives that item and all after it. */
  @Property(tries = 100)
  void goesOnAtThePlaceOfAnyItem(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int chunkSize) throws Exception {
    Random random = new Random(seed);
    try (CsvFolder files = new CsvFolder()) {
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        files.with(i + ".csv", text(random));
      }
      FileInput input = files.input();
      List<FileFacts> facts = input.examine();
      for (Slice.Files slice : files.cut(CsvFolder.count(1 + random.nextInt(3)))) {
        List<Position> positions = new ArrayList<>();
        List<String> items = new ArrayList<>();
        Digest whole = Digest.NONE;
        try (ChunkSource<Row> source = input.source(slice, facts)) {
          source.open(null);
          for (ReadChunk<Row> chunk; (chunk = source.read(chunkSize, null)) != null; ) {
            for (int i = 0; i < chunk.size(); i++) {
              assertThat(chunk.position(i).ordinal()).isEqualTo(items.size());
              assertThat(chunk.ordinal(i)).isEqualTo(items.size());
              positions.add(chunk.position(i));
              items.add(chunk.line(i) + ": " + CsvFolder.text(chunk, i));
              whole = whole.then(chunk.digest(i, i + 1));
            }
            assertThat(source.position().isAt(chunk.position(chunk.size()))).isTrue();
          }
          positions.add(source.position());
          assertThat(source.atEnd()).isTrue();
        }
        try (ChunkSource<Row> source = input.source(slice, facts)) {
          for (int i = positions.size() - 1; i >= 0; i--) {
            source.open(positions.get(i));
            assertThat(rest(source)).isEqualTo(items.subList(i, items.size()));
          }
          source.open(null);
          List<Integer> stops = IntStream.range(0, positions.size())
              .filter(i -> random.nextBoolean())
              .boxed()
              .toList();
          assertThat(between(source, positions, items, stops)).isTrue();
        }
      }
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder("a,b\n");
    for (int i = 0; i < random.nextInt(30); i++) {
      text.append(i).append(random.nextInt(4) == 0 ? ",\"x\n\n\"\"y\"" : ",z");
      text.append("\n".repeat(random.nextInt(10) == 0 ? 3 : 1));
    }
    return text.toString();
  }

  private static List<String> rest(ChunkSource<Row> source) throws Exception {
    List<String> rest = new ArrayList<>();
    for (ReadChunk<Row> chunk; (chunk = source.read(4, null)) != null; ) {
      for (int i = 0; i < chunk.size(); i++) {
        rest.add(chunk.line(i) + ": " + CsvFolder.text(chunk, i));
      }
    }
    return rest;
  }

  /** Reads up to each of {@code stops} and then seeks the item after it. */
  private static boolean between(
      ChunkSource<Row> source, List<Position> positions, List<String> items, List<Integer> stops)
      throws Exception {
    int next = 0;
    for (int stop : stops) {
      if (stop < next) {
        continue;
      }
      for (ReadChunk<Row> chunk; (chunk = source.read(3, positions.get(stop))) != null; ) {
        for (int i = 0; i < chunk.size(); i++) {
          assertThat(items.get(next++)).endsWith(CsvFolder.text(chunk, i));
        }
      }
      assertThat(next).isEqualTo(stop);
      assertThat(source.position().isAt(positions.get(stop))).isTrue();
      next = Math.min(stop + 1, positions.size() - 1);
      source.seek(positions.get(next));
    }
    return true;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.5, 0.99})
  void readsAtMostOneBlockToGoOnHoweverFarItHadGot(double done) throws Exception {
    String rows = IntStream.range(0, 100_000)
        .mapToObj(i -> i + ",row " + i)
        .collect(Collectors.joining("\n"));
    folder.with("a.csv", "id,name\n" + rows);
    FileInput input = folder.input();
    List<FileFacts> facts = input.examine();
    Slice.Files slice = folder.cut(CsvFolder.single()).get(0);
    int index = (int) (100_000 * done);
    Position from;
    try (ChunkSource<Row> source = input.source(slice, facts)) {
      source.open(null);
      source.read(index, null);
      from = source.position();
    }

    try (FileSource source = (FileSource) input.source(slice, facts)) {
      source.open(from);
      ReadChunk<Row> chunk = source.read(1, null);
      assertThat(chunk.item(0).get("name")).isEqualTo("row " + index);
      assertThat(chunk.position(0).line()).isEqualTo(index + 2);
      assertThat(source.bytesRead()).isPositive().isLessThanOrEqualTo(1 << 16);
    }
  }

  @Test
  void readsNotOneByteBeyondTheSlice() throws Exception {
    folder.with("a.csv", "id,name\n" + "1,x\n".repeat(100_000));
    FileInput input = folder.input();
    List<FileFacts> facts = input.examine();
    Slice.Files slice = folder.cut(CsvFolder.bytes(10_000)).get(0);

    try (FileSource source = (FileSource) input.source(slice, facts)) {
      source.open(null);
      assertThat(rest(source)).hasSize((int) slice.estimate() / 4);
      assertThat(source.bytesRead()).isEqualTo(slice.estimate());
    }
  }

  @Test
  void knowsTheEndBehindBlankLines() throws Exception {
    folder.with("a.csv", "a\n1\n2\n\n\r\n");
    FileInput input = folder.input();
    List<FileFacts> facts = input.examine();

    try (ChunkSource<Row> source = input.source(folder.cut(CsvFolder.single()).get(0), facts)) {
      source.open(null);
      source.read(1, null);
      assertThat(source.atEnd()).isFalse();
      source.read(1, null);
      assertThat(source.atEnd()).isTrue();
    }
  }

  @Test
  void isNotAtTheEndBetweenTwoFiles() throws Exception {
    folder.with("a.csv", "a\n1\n").with("b.csv", "a\n2\n");
    FileInput input = folder.input();
    List<FileFacts> facts = input.examine();

    try (ChunkSource<Row> source = input.source(folder.cut(CsvFolder.single()).get(0), facts)) {
      source.open(null);
      source.read(1, null);
      assertThat(source.atEnd()).isFalse();
      source.read(1, null);
      assertThat(source.atEnd()).isTrue();
    }
  }

  @Test
  void doesNotReadOverThePlaceToStopAt() throws Exception {
    folder.with("a.csv", "a\n1\n\"2\n3\"\n4\n");
    FileInput input = folder.input();
    List<FileFacts> facts = input.examine();

    try (ChunkSource<Row> source = input.source(folder.cut(CsvFolder.single()).get(0), facts)) {
      source.open(null);
      Position stop = new FilePlace(0, 5).position(2, 4);
      assertThat(source.read(9, stop).size()).isEqualTo(1);
      assertThatThrownBy(() -> source.read(9, stop))
          .isInstanceOf(ItemError.class)
          .hasMessage("a.csv, line 3: the record that begins here runs into records that are loaded"
              + " already");
    }
  }

  @Test
  void tellsWhereAnItemIsAndHowItWasWritten() throws Exception {
    folder.with("a.csv", "a,b\n1,x\n").with("b.csv", "b,a\n\n\"y \"\"\",2\r\n3,4");
    FileInput input = folder.input();
    List<FileFacts> facts = input.examine();

    try (ChunkSource<Row> source = input.source(folder.cut(CsvFolder.single()).get(0), facts)) {
      source.open(null);
      ReadChunk<Row> chunk = source.read(10, null);
      assertThat(chunk.size()).isEqualTo(3);
      assertThat(chunk.source(0)).isEqualTo("a.csv");
      assertThat(chunk.source(1)).isEqualTo("b.csv");
      assertThat(chunk.offset(0)).isEqualTo(4);
      assertThat(chunk.offset(1)).isEqualTo(5);
      assertThat(chunk.original(1)).isEqualTo("\"y \"\"\",2");
      assertThat(chunk.line(1)).isEqualTo(3);
      assertThat(chunk.item(1).get("b")).isEqualTo("y \"");
      assertThat(chunk.item(2).toString()).isEqualTo("{a=4, b=3}");
    }
  }

  // -- records at fault --

  @Test
  void namesTheFieldWithTextAfterItsQuote() {
    assertThat(read("id,name\n1,\"a\" b\n2,c\n"))
        .containsExactly(
            "2: field 2 (name) has text after its closing quote; a quote inside of quotes is"
                + " written twice",
            "3: [2, c]");
  }

  @Test
  void countsTheFieldsOfARecord() {
    assertThat(read("id,name\n1\n2,b,c\n3,d\n"))
        .containsExactly(
            "2: the record has 1 field, expected 2",
            "3: the record has 3 fields, expected 2",
            "4: [3, d]");
  }

  @Test
  void saysTheCountRatherThanTheValueThatSlippedIntoAnotherColumn() {
    folder.column("id", new ColumnDefinition(null, ColumnType.LONG, null, null));
    folder.column("name", new ColumnDefinition(null, ColumnType.STRING, null, null));

    assertThat(read("id,name\na,1,b\n")).containsExactly("2: the record has 3 fields, expected 2");
  }

  @Test
  void namesTheColumnAndTheValueThatIsNotOfItsType() {
    folder.column("magnitude", new ColumnDefinition("mag", ColumnType.DECIMAL, null, null));

    assertThat(read("id,mag\n1,abc\n2,3.50\n"))
        .containsExactly("2: magnitude: 'abc' is not a decimal", "3: [3.50]");
  }

  @Test
  void namesTheByteThatIsNotInTheCharset() throws Exception {
    folder.with("a.csv", "id,name\n1,\"K\"\"öln\"\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(folder.read(CsvFolder.single(), 9))
        .containsExactly(
            "2: name: byte 14 of the file, 0xF6, is not UTF-8. Set 'charset' to what the file is"
                + " in");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ISO-8859-1", "windows-1252", "ISO-8859-15", "windows-1251"})
  void readsCharsetsOfSingleBytes(String name) {
    Charset charset = Charset.forName(name);
    String word = new String(new byte[] {'K', (byte) 0xF6, 'l', 'n'}, charset);
    folder.charset(charset);

    assertThat(read("id,name\n1," + word + "\n")).containsExactly("2: [1, " + word + "]");
  }

  @Test
  void takesALineEndInAnyQuoteForTheEndWhereFieldsAreOnOneLine() {
    folder.singleLine();

    assertThat(read("id,name\n1,\"a\n2,b\n"))
        .containsExactly(
            "2: field 2 (name) opens a quote that is not closed on its line, and 'multiline' is"
                + " false",
            "3: [2, b]");
  }

  // -- input that is broken --

  @Test
  void endsWhereAQuoteIsNotClosed() {
    assertThat(read("id,name\n1,a\n2,\"x\",\n3,\"b\n4,c\n5,d\n"))
        .containsExactly(
            "2: [1, a]",
            "3: the record has 3 fields, expected 2",
            "a.csv, line 4: the quote opened here is not closed before the end of the file."
                + " Close it");
  }

  @Test
  void doesNotLetAnOpenQuoteSwallowTheFile() {
    folder.maxRecord(100);
    StringBuilder text = new StringBuilder("id,name\n1,a\n\"2\n\",\"open\n");
    for (int i = 0; i < 1000; i++) {
      text.append(i).append(",row\n");
    }

    assertThat(read(text.toString()))
        .containsExactly(
            "2: [1, a]",
            "a.csv, line 3: the record that begins here is longer than max-record, 100 bytes; a"
                + " quote opened in line 4 is not closed within them. Close it, or raise"
                + " max-record");
  }

  @Test
  void endsAtARecordThatIsTooLong() {
    folder.maxRecord(10);

    assertThat(read("id,name\n1234,67890\n1234,678901\n1,a\n"))
        .containsExactly(
            "2: [1234, 67890]",
            "a.csv, line 3: the record that begins here is longer than max-record, 10 bytes. Raise"
                + " max-record if it is right");
  }

  @Test
  void saysThatAFileBecameShorterWhileItWasRead() throws Exception {
    folder.with("a.csv", "id,name\n" + "1,a\n".repeat(100_000));
    FileInput input = folder.input();
    List<FileFacts> facts = input.examine();
    try (ChunkSource<Row> source = input.source(folder.cut(CsvFolder.single()).get(0), facts)) {
      source.open(null);
      assertThat(source.read(10, null).size()).isEqualTo(10);
      try (RandomAccessFile file =
          new RandomAccessFile(folder.path.resolve("a.csv").toFile(), "rw")) {
        file.setLength(200_002);
      }

      List<String> read = new ArrayList<>();
      assertThatThrownBy(() -> {
            for (ReadChunk<Row> chunk; (chunk = source.read(7, null)) != null; ) {
              for (int i = 0; i < chunk.size(); i++) {
                read.add(CsvFolder.text(chunk, i));
              }
            }
          })
          .isInstanceOf(ItemError.class)
          .hasMessage(
              "a.csv: the file ends at byte 200002, but 400008 bytes were expected: it became"
                  + " shorter after it was cut into partitions. Put it back as it was");
      assertThat(read).hasSize(49_988).containsOnly("[1, a]");
      assertThatThrownBy(() -> source.read(7, null)).isInstanceOf(ItemError.class);
    }
  }

  @Test
  void noticesAFileThatWasEditedAfterItWasCut() throws Exception {
    folder.with("a.csv", "id,name\n1,a\n2,b\n3,c\n4,d\n");
    FileInput input = folder.input();
    List<FileFacts> facts = input.examine();
    List<Slice.Files> slices = folder.cut(CsvFolder.count(2));
    folder.with("a.csv", "id,name\n1,a\n2,bbb\n3,c\n4,d\n");

    assertThat(CsvFolder.read(input.source(slices.get(0), facts), 10))
        .containsExactly(
            "2: [1, a]",
            "a.csv, line 3: the record that begins here runs over the end of its partition: the"
                + " file was changed after it was cut into partitions");
  }

  // -- what is read --

  @Test
  void readsColumnsWhereverTheHeaderOfEachFileHasThem() {
    folder
        .column("id", new ColumnDefinition(null, ColumnType.LONG, null, null))
        .column("title", new ColumnDefinition("name", ColumnType.STRING, null, null))
        .column("again", new ColumnDefinition("name", ColumnType.STRING, null, null))
        .with("a.csv", "name,more,id\na,x,1\n")
        .with("b.csv", "id,name\n2,b\n");

    assertThat(folder.read(CsvFolder.single(), 9)).containsExactly("2: [1, a, a]", "2: [2, b, b]");
  }

  @Test
  void readsFieldsInOrderOrByNumberWithoutAHeader() {
    folder
        .withoutHeader()
        .column("first", new ColumnDefinition(null, ColumnType.LONG, null, null))
        .column("third", new ColumnDefinition("3", ColumnType.STRING, null, null));

    assertThat(read("1,a,b\n2,c,d\n")).containsExactly("1: [1, b]", "2: [2, d]");
  }

  @Test
  void takesTheNullValuesOfTheColumnOrOfTheFileForNull() {
    folder
        .nullValues("", "-")
        .column("a", new ColumnDefinition(null, ColumnType.LONG, null, null))
        .column("b", new ColumnDefinition(null, ColumnType.STRING, null, List.of("NULL")));

    assertThat(read("a,b\n,\n-,-\n1,NULL\n"))
        .containsExactly("2: [null, ]", "3: [null, -]", "4: [1, null]");
  }

  @Test
  void trimsSpacesAndTabsIfAsked() {
    folder.trimmed().column("a", new ColumnDefinition(null, ColumnType.LONG, null, null));
    folder.column("b", new ColumnDefinition(null, ColumnType.STRING, null, null));

    assertThat(read(" a , b\n 1\t,\" x \"\n")).containsExactly("2: [1, x]");
  }

  @Test
  void splitsAtAnyAsciiDelimiter() {
    folder.delimiter('\t');

    assertThat(read("a\tb\n1,5\t\"\t\"\n")).containsExactly("2: [1,5, \t]");
  }
}
