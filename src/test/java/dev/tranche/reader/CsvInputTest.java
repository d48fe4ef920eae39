package dev.tranche.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tranche.definition.PartitionDefinition;
import dev.tranche.definition.ReadDefinition.ColumnDefinition;
import dev.tranche.partition.FileFacts;
import dev.tranche.partition.InputException;
import dev.tranche.partition.Slice;
import dev.tranche.row.ColumnType;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvInputTest {

  private final CsvFolder folder = new CsvFolder();

  @AfterEach
  void removeFolder() {
    folder.close();
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> folder.input().examine())
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  // -- files and headers --

  @Test
  void findsOutAboutEachFile() {
    folder.with("a.csv", "\uFEFF\r\nid,\"na\nme\"\r\n\r\n1,x\r\n").with("b.csv", "");

    List<FileFacts> facts = folder.input().examine();

    FileFacts a = facts.get(0);
    assertThat(a.path()).isEqualTo("a.csv");
    assertThat(a.size()).isEqualTo(24);
    assertThat(a.header()).containsExactly("id", "na\nme");
    assertThat(a.dataStart()).isEqualTo(19);
    assertThat(a.dataLine()).isEqualTo(5);
    assertThat(facts.get(1).header()).isEmpty();
    assertThat(facts.get(1).dataLength()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "id,name", "id,name\n", "\uFEFFid,name\r\n\r\n"})
  void cutsNothingOutOfFilesWithoutRecords(String text) {
    folder.with("a.csv", text).column("id", string("id"));

    assertThat(folder.cut(CsvFolder.bytes(10))).isEmpty();
    assertThat(folder.cut(CsvFolder.single())).isEmpty();
    assertThat(folder.cut(new PartitionDefinition.File(1))).isEmpty();
  }

  private static ColumnDefinition string(String from) {
    return new ColumnDefinition(from, ColumnType.STRING, null, null);
  }

  @Test
  void readsAHeaderLongerThanABlock() {
    String header =
        IntStream.range(0, 5000).mapToObj(i -> "column" + i).collect(Collectors.joining(","));
    folder.with("a.csv", header + "\r\n" + ",".repeat(4999) + "\r\n");

    assertThat(folder.input().examine().get(0).header()).hasSize(5000);
    assertThat(folder.read(CsvFolder.single(), 9)).hasSize(1);
  }

  @Test
  void namesTheNearestColumnForOneThatIsMissing() {
    folder.with("in.csv", "time,mag,place\n").column("magnitude", string("mga"));

    assertRefused(
        "file 'in.csv' has no 'mga' in its header for column 'magnitude'. Did you mean 'mag'?");
  }

  @Test
  void listsTheHeaderWhereNothingIsNear() {
    folder.with("in.csv", "time,mag,place\n").column("qqqqqq", string(null));

    assertRefused(
        "file 'in.csv' has no 'qqqqqq' in its header. The names there are time, mag, place.");
  }

  @Test
  void refusesAColumnOfALaterFileThatTheFirstLacks() {
    folder.with("a.csv", "a,b\n").with("b.csv", "b,a,c\n");

    assertRefused(
        "file 'b.csv' has 'c' in its header, which the first file has not. Say with 'columns' which"
            + " ones to read");
  }

  @Test
  void refusesNamesThatAreTwiceInAHeader() {
    folder.with("a.csv", "\n\na,b,a\n");

    assertRefused(
        "file 'a.csv', line 3: the header names 'a' twice, in fields 1 and 3. Names must differ");
  }

  @Test
  void refusesAHeaderThatIsNotWellWritten() {
    folder.with("a.csv", "a,\"b\" c\n");
    assertRefused("file 'a.csv', line 1: the header has text after the closing quote of field 2");

    folder.with("a.csv", "a,\"b\n1,2\n");
    assertRefused(
        "file 'a.csv', line 1: the header opens a quote that is not closed before the end of the"
            + " file");

    folder.singleLine();
    assertRefused("file 'a.csv', line 1: the header opens a quote in field 2 that is not closed");

    folder.maxRecord(2);
    assertRefused(
        "file 'a.csv', line 1: the header is longer than max-record (2 bytes). Is a quote open?");
  }

  @Test
  void refusesAHeaderInAnotherCharset() {
    folder.with("a.csv", "größe\n".getBytes(StandardCharsets.ISO_8859_1));

    assertRefused(
        "file 'a.csv', line 1: the header is not in UTF-8. Set 'charset' to what it is in");
  }

  @Test
  void refusesFormatsThatAreNotText() {
    folder.with("a.csv", "a,b\n".getBytes(StandardCharsets.UTF_16));
    assertRefused("file 'a.csv' is in UTF-16, by its byte order mark. Convert it to UTF-8");

    folder.with("a.csv", new byte[] {0x1F, (byte) 0x8B, 8, 0});
    assertRefused("file 'a.csv' is compressed with gzip. Give it a name that ends in .gz");

    folder.with("a.csv", new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0});
    assertRefused("file 'a.csv' is compressed with zstd. Give it a name that ends in .zst");

    folder.with("a.csv", new byte[] {'P', 'K', 3, 4});
    assertRefused(
        "file 'a.csv' is a ZIP archive, as .xlsx files are. Extract it, or save it as CSV");
  }

  @Test
  void refusesAFileThatMayNotBeRead() throws IOException {
    folder.with("a.csv", "a\n1\n");
    assumeFalse(System.getProperty("user.name").equals("root"), "root may read everything");
    Files.setPosixFilePermissions(folder.path.resolve("a.csv"), java.util.Set.of());

    assertRefused("file 'a.csv' cannot be read: this process has no permission to. Grant it");
  }

  @Test
  void refusesFilesWithoutAHeaderAndWithoutColumns() {
    folder.with("a.csv", "1,2\n").withoutHeader();
    assertRefused("files without a header need 'columns', which name their fields in order");

    folder.column("a", string(null)).column("b", string("3"));
    assertRefused("file 'a.csv' has 2 fields in its first record; column 'b' reads field 3");
  }

  @Test
  void refusesAFormatThatIsNone() {
    folder.with("a.csv", "day\n");
    folder.column("day", new ColumnDefinition(null, ColumnType.DATE, "abc", null));

    assertThatThrownBy(() -> folder.input().examine())
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("column 'day': 'abc' is not a format of a date: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32", "Shift_JIS", "GBK", "IBM037"})
  void refusesCharsetsThatCannotBeSplitByteByByte(String charset) {
    folder.charset(Charset.forName(charset));

    assertThatThrownBy(folder::input)
        .isInstanceOf(InputException.class)
        .hasMessage(
            "charset " + charset + " cannot be read: files are split byte by byte, which needs"
                + " UTF-8 or a charset of single bytes such as ISO-8859-1 or windows-1252. Convert"
                + " the files to UTF-8");
  }

  @Test
  void refusesADelimiterThatIsNotOneByte() {
    folder.delimiter('§');
    assertThatThrownBy(folder::input)
        .hasMessage("delimiter '§' cannot be used: it must be one ASCII character, not a line end");

    folder.delimiter('"');
    assertThatThrownBy(folder::input)
        .hasMessage("delimiter and quote are both '\"'; they must differ");
  }

  // -- cuts --

  @Test
  void cutsFilesOneByOne() {
    folder.with("a.csv", "a\n1\n2\n").with("b.csv", "a\n").with("c.csv", "a\n3\n");

    assertThat(folder.cut(new PartitionDefinition.File(3)))
        .extracting(Slice::describe)
        .containsExactly("a.csv[2..6)", "c.csv[2..4)");
  }

  @Test
  void groupsSmallFilesAndCutsBigOnesWhereTheirSizeSays() {
    for (int i = 0; i < 6; i++) {
      folder.with("small" + i + ".csv", "a\n" + "12345\n".repeat(5));
    }
    folder.with("big.csv", "a\n" + "12345\n".repeat(50));

    List<Slice.Files> slices = folder.cut(CsvFolder.bytes(100));

    assertThat(slices)
        .extracting(Slice::describe)
        .containsExactly(
            "big.csv[2..98)",
            "big.csv[98..194)",
            "big.csv[194..302)",
            "small0.csv[2..32) and 2 more",
            "small3.csv[2..32) and 2 more");
    assertThat(slices).extracting(Slice::estimate).containsExactly(96L, 96L, 108L, 90L, 90L);
    assertThat(slices.get(2).pieces().get(0).line()).isEqualTo(34);
  }

  @Test
  void cutsIntoAsManyPartitionsAsAsked() {
    folder.with("a.csv", "a\n" + "12345\n".repeat(50)).with("b.csv", "a\n" + "12345\n".repeat(50));

    assertThat(folder.cut(CsvFolder.count(4))).hasSize(4);
    assertThat(folder.cut(CsvFolder.count(7))).hasSize(7);
    assertThat(folder.cut(CsvFolder.count(1))).hasSize(1);
    assertThat(folder.cut(CsvFolder.count(1000))).hasSize(100);
  }

  @Test
  void isNotFooledByQuotesThatOpenNothing() {
    folder.with("a.csv", "id,name\n" + "1,5\" pipe\n2,\"two\nlines\"\n".repeat(40));

    List<String> whole = folder.read(CsvFolder.single(), 10);
    assertThat(whole).hasSize(80);
    assertThat(folder.cut(CsvFolder.bytes(25))).hasSizeGreaterThan(20);
    assertThat(folder.read(CsvFolder.bytes(25), 10)).isEqualTo(whole);
  }

  @Test
  void cutsAManyAsTenThousandSlicesOneByOne() {
    folder.with("a.csv", "a\n" + "12345\n".repeat(20_000));
    FileInput input = folder.input();
    List<FileFacts> facts = input.examine();

    Iterator<Slice> slices = input.cut(CsvFolder.bytes(12), facts);

    int count = 0;
    for (; slices.hasNext(); count++) {
      assertThat(slices.next().estimate()).isEqualTo(12);
    }
    assertThat(count).isEqualTo(10_000);
  }

  @Test
  void saysWhichFileIsGoneBeforeItIsCut() throws IOException {
    folder.with("a.csv", "a\n" + "12345\n".repeat(20));
    FileInput input = folder.input();
    List<FileFacts> facts = input.examine();
    Files.delete(folder.path.resolve("a.csv"));

    assertThatThrownBy(() -> input.cut(CsvFolder.bytes(30), facts).next())
        .isInstanceOf(InputException.class)
        .hasMessage("file 'a.csv' cannot be read: it does not exist. Put it there");
  }
}
