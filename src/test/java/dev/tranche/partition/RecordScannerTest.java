package dev.tranche.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RecordScannerTest {

  private static final CsvSyntax SYNTAX =
      new CsvSyntax((byte) ',', (byte) '"', true, StandardCharsets.UTF_8);
  private static final CsvSyntax SINGLE_LINE =
      new CsvSyntax((byte) ',', (byte) '"', false, StandardCharsets.UTF_8);

  @Test
  void takesAQuoteWithinAFieldForData() {
    assertThat(records(SYNTAX, "5\" pipe,a\n6\" pipe,b\n"))
        .containsExactly("5\" pipe,a\n", "6\" pipe,b\n");
  }

  @Test
  void goesOnThroughLineEndsInsideOfQuotes() {
    assertThat(records(SYNTAX, "\"a\nb\",\"\r\n\"\"\n\"\nc\n"))
        .containsExactly("\"a\nb\",\"\r\n\"\"\n\"\n", "c\n");
  }

  @Test
  void endsEveryLineWhereQuotedFieldsHoldNoLineEnds() {
    assertThat(records(SINGLE_LINE, "\"a\nb\",c\n")).containsExactly("\"a\n", "b\",c\n");
  }

  @Test
  void takesCrLfAndCrAndLfForLineEnds() {
    assertThat(records(SYNTAX, "a\r\nb\rc\n\rd\r\r\n"))
        .containsExactly("a\r\n", "b\r", "c\n", "\r", "d\r", "\r\n");
  }

  /** The eight bytes at a time must find what one byte at a time finds. */
  @Property(tries = 3000)
  void findsTheEndsThatAReadingByteByByteFinds(
      @ForAll("text") String text, @ForAll boolean multiline) {
    assertThat(records(multiline ? SYNTAX : SINGLE_LINE, text)).isEqualTo(slowly(text, multiline));
  }

  @Property(tries = 3000)
  void findsTheSameEndsAndLinesHoweverTheBytesAreDealtOut(
      @ForAll("text") String text, @ForAll("cuts") List<Integer> cuts, @ForAll boolean multiline) {
    CsvSyntax syntax = multiline ? SYNTAX : SINGLE_LINE;
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

    assertThat(starts(syntax, bytes, cuts)).isEqualTo(starts(syntax, bytes, List.of()));
  }

  @Provide
  Arbitrary<String> text() {
    Arbitrary<Character> chars = Arbitraries.frequency(
            net.jqwik.api.Tuple.of(6, 'x'),
            net.jqwik.api.Tuple.of(3, ','),
            net.jqwik.api.Tuple.of(3, '"'),
            net.jqwik.api.Tuple.of(2, '\n'),
            net.jqwik.api.Tuple.of(2, '\r'))
        .map(c -> c);
    return chars.list().ofMaxSize(60).map(RecordScannerTest::join);
  }

  private static String join(List<Character> chars) {
    StringBuilder text = new StringBuilder();
    chars.forEach(text::append);
    return text.toString();
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return Arbitraries.integers().between(0, 60).list().ofMaxSize(8);
  }

  /** Places where records start, each with the line ends before it. */
  private static List<String> starts(CsvSyntax syntax, byte[] bytes, List<Integer> cuts) {
    RecordScanner scanner = syntax.scanner();
    List<String> starts = new ArrayList<>();
    int from = 0;
    for (int to : java.util.stream.IntStream.concat(
            cuts.stream().mapToInt(cut -> Math.min(cut, bytes.length)).sorted(),
            java.util.stream.IntStream.of(bytes.length))
        .toArray()) {
      int at = from;
      for (int next; (next = scanner.next(bytes, at, to)) >= 0; at = next) {
        starts.add(next + " after " + scanner.lineEnds());
      }
      from = to;
    }
    if (scanner.state() == RecordScanner.RETURN) {
      starts.add(bytes.length + " after " + scanner.lineEnds());
    }
    return starts;
  }

  private static List<String> records(CsvSyntax syntax, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    RecordScanner scanner = syntax.scanner();
    List<String> records = new ArrayList<>();
    int from = 0;
    for (int next; (next = scanner.next(bytes, from, bytes.length)) >= 0; from = next) {
      records.add(text.substring(from, next));
    }
    if (from < bytes.length) {
      records.add(text.substring(from));
    }
    return records;
  }

  /** CSV as one would say it in words. */
  private static List<String> slowly(String text, boolean multiline) {
    List<String> records = new ArrayList<>();
    StringBuilder record = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean fieldStart = record.isEmpty() || record.charAt(record.length() - 1) == ',';
      record.append(c);
      if (quoted && c == '"') {
        boolean doubled = i + 1 < text.length() && text.charAt(i + 1) == '"';
        if (doubled) {
          record.append('"');
          i++;
        }
        quoted = doubled;
      } else if (!quoted && c == '"') {
        quoted = fieldStart;
      } else if ((c == '\n' || c == '\r') && (!quoted || !multiline)) {
        if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
          record.append('\n');
          i++;
        }
        records.add(record.toString());
        record.setLength(0);
        quoted = false;
      }
    }
    if (!record.isEmpty()) {
      records.add(record.toString());
    }
    return records;
  }

  @Test
  void countsALineEndOfTwoCharactersOnce() {
    byte[] bytes = "\"\r\n\n\r\"\r\nx".getBytes(StandardCharsets.UTF_8);
    RecordScanner scanner = SYNTAX.scanner();

    int start = scanner.next(bytes, 0, bytes.length);

    assertThat(start).isEqualTo(bytes.length - 1);
    assertThat(scanner.lineEnds()).isEqualTo(4);
    assertThat(Arrays.copyOfRange(bytes, start, bytes.length)).containsExactly('x');
  }
}
