package dev.tranche.reader;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** However a file is cut, its partitions give the records that the whole file gives. */
class CsvPartitionsTest {

  /** A file as FastCSV writes it. */
  record Written(
      List<List<String>> rows,
      LineDelimiter lineEnd,
      boolean quoteAll,
      boolean byteOrderMark,
      boolean finalLineEnd,
      Charset charset) {

    String text() {
      StringWriter text = new StringWriter();
      try (CsvWriter writer = CsvWriter.builder()
          .lineDelimiter(lineEnd)
          .quoteStrategy(quoteAll ? QuoteStrategies.ALWAYS : QuoteStrategies.REQUIRED)
          .build(text)) {
        writer.writeRecord(IntStream.range(0, width()).mapToObj(i -> "c" + i).toList());
        rows.forEach(writer::writeRecord);
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
      String all = text.toString();
      String end = lineEnd.toString();
      return finalLineEnd ? all : all.substring(0, all.length() - end.length());
    }

    byte[] bytes() {
      return ((byteOrderMark ? "\uFEFF" : "") + text()).getBytes(charset);
    }

    int width() {
      return rows.isEmpty() ? 1 : rows.get(0).size();
    }
  }

  @Property(tries = 300)
  void everyCutGivesTheRecordsThatFastCsvReads(@ForAll("written") Written written) {
    List<String> expected = byFastCsv(written.text());
    byte[] bytes = written.bytes();
    try (CsvFolder folder = new CsvFolder().charset(written.charset).with("a.csv", bytes)) {
      assertThat(folder.read(CsvFolder.single(), 3)).isEqualTo(expected);
      for (int size = 1; size <= bytes.length; size += 1 + size / 4) {
        assertThat(folder.read(CsvFolder.bytes(size), 2)).as("size %s", size).isEqualTo(expected);
        assertThat(folder.cut(CsvFolder.bytes(size))).allMatch(slice -> slice.estimate() > 0);
      }
      for (int count = 2; count < 9; count++) {
        assertThat(folder.read(CsvFolder.count(count), 100)).as("%s", count).isEqualTo(expected);
        assertThat(folder.cut(CsvFolder.count(count))).hasSizeLessThanOrEqualTo(count);
      }
    }
  }

  /** The records after the header, each with its line, as {@link CsvFolder#read} says it. */
  private static List<String> byFastCsv(String text) {
    List<String> records = new ArrayList<>();
    for (CsvRecord record : CsvReader.builder().ofCsvRecord(text)) {
      records.add(record.getStartingLineNumber() + ": " + record.getFields());
    }
    return records.subList(1, records.size());
  }

  @Provide
  Arbitrary<Written> written() {
    Arbitrary<Charset> charsets =
        Arbitraries.of(StandardCharsets.UTF_8, Charset.forName("windows-1252"));
    return charsets.flatMap(charset -> Combinators.combine(
            Arbitraries.integers().between(1, 4).flatMap(width -> rows(width, charset)),
            Arbitraries.of(LineDelimiter.LF, LineDelimiter.CRLF, LineDelimiter.CR),
            Arbitraries.of(false, false, true),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false))
        .as((rows, lineEnd, quoteAll, mark, last) -> new Written(
            rows,
            lineEnd,
            quoteAll,
            mark && charset.equals(StandardCharsets.UTF_8),
            last,
            charset)));
  }

  private static Arbitrary<List<List<String>>> rows(int width, Charset charset) {
    String letters = charset.equals(StandardCharsets.UTF_8) ? "äß€😀" : "äß€";
    Arbitrary<String> character =
        Arbitraries.of(IntStream.concat("abcdefg012 ,,\"\"\n\r".codePoints(), letters.codePoints())
            .mapToObj(Character::toString)
            .toList());
    Arbitrary<String> field =
        character.list().ofMaxSize(8).map(characters -> String.join("", characters));
    return field.list().ofSize(width).list().ofMaxSize(25);
  }

  @Property(tries = 400)
  void everyCutOfADirtyFileGivesTheSameRecordsAndTheSameErrors(
      @ForAll("dirty") String text, @ForAll boolean multiline) {
    try (CsvFolder folder = new CsvFolder().maxRecord(20).with("a.csv", "a,b\n" + text)) {
      if (!multiline) {
        folder.singleLine();
      }
      List<String> whole = folder.read(CsvFolder.single(), 1000);
      assertThat(folder.read(CsvFolder.single(), 1)).isEqualTo(whole);
      for (int size = 1; size <= text.length(); size += 1 + size / 4) {
        List<String> cut = folder.read(CsvFolder.bytes(size), 2);
        // Where the input is broken, the partition ends; the ones after it do not know of it.
        assertThat(cut).as("size %s", size).startsWith(whole.toArray(String[]::new));
        if (whole.stream().noneMatch(record -> record.startsWith("a.csv, line"))) {
          assertThat(cut).isEqualTo(whole);
        }
      }
    }
  }

  @Provide
  Arbitrary<String> dirty() {
    return Arbitraries.of("x", "1,2", "\n", "\r", "\r\n", ",", "\"", "\",\"", "\"\"", "\n\"", "é")
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }
}
