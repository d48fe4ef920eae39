package dev.tranche.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.definition.ReadDefinition.ColumnDefinition;
import dev.tranche.partition.CsvSyntax;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import dev.tranche.row.RowText;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/** The fast way from a record to a row, held against the one that makes value by value. */
class PlainRecordsTest {

  private static final List<ColumnType> TYPES = List.of(ColumnType.values());

  /** How a file is written and read. */
  record Reading(Charset charset, boolean trim, List<String> nulls, List<ColumnType> types) {

    CsvDecoder decoder() {
      CsvSyntax syntax = new CsvSyntax((byte) ',', (byte) '"', true, charset);
      ColumnReader.Blanks blanks = new ColumnReader.Blanks(trim, nulls);
      List<ColumnReader> readers = new ArrayList<>();
      List<Column> columns = new ArrayList<>();
      for (ColumnType type : types) {
        String name = "c" + readers.size();
        readers.add(new ColumnReader(name, new ColumnDefinition(null, type, null, null), blanks, syntax));
        columns.add(new Column(name, type));
      }
      int[] fields = IntStream.range(0, types.size()).toArray();
      List<String> header = columns.stream().map(Column::name).toList();
      return new CsvDecoder(syntax, new Columns(columns), readers, header, fields);
    }
  }

  @Property(tries = 4000)
  void makesTheSameOfAnyRecord(
      @ForAll("readings") Reading reading, @ForAll("records") List<byte[]> fields) {
    byte[] record = record(fields);
    CsvDecoder decoder = reading.decoder();

    Object fast = outcome(() -> decoder.decode(record, 2, record.length, 2));
    Object slow = outcome(() -> decoder.decodeByField(record, 2, record.length, 2));

    assertThat(values(fast)).isEqualTo(values(slow));
  }

  @Property(tries = 4000)
  void hasTextsThatAreTheOnlyWayToWriteTheirValues(
      @ForAll("readings") Reading reading, @ForAll("records") List<byte[]> fields) {
    byte[] record = record(fields);
    Object outcome = outcome(() -> reading.decoder().decode(record, 2, record.length, 2));
    if (outcome instanceof Row row && row.text() != null) {
      RowText text = row.text();
      for (int c = 0; c < reading.types().size(); c++) {
        if (text.has(c)) {
          assertThat(Arrays.copyOfRange(text.bytes(c), text.start(c), text.end(c)))
              .as(reading.types().get(c) + " " + row.get(c))
              .isEqualTo(written(row.get(c)).getBytes(StandardCharsets.UTF_8));
        }
      }
    }
  }

  private static String written(Object value) {
    return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
  }

  /** Else the properties above would hold for a fast way that takes nothing. */
  @Test
  void takesWhatIsWrittenAsUsual() {
    Reading reading = new Reading(StandardCharsets.UTF_8, false, List.of(""), List.of(
        ColumnType.LONG, ColumnType.DECIMAL, ColumnType.STRING, ColumnType.DATE, ColumnType.DOUBLE));
    byte[] record =
        "-17,0.050,\"a, é \\ b\",2024-02-29,1.5\r\n".getBytes(StandardCharsets.UTF_8);

    RowText text = reading.decoder().decode(record, 0, record.length, 0).text();

    assertThat(text).isNotNull();
    assertThat(IntStream.range(0, 5).filter(text::has)).containsExactly(0, 1, 2, 3);
  }

  /** A row, or what is said of the record. */
  private static Object outcome(Supplier<Row> decoding) {
    try {
      return decoding.get();
    } catch (RuntimeException error) {
      return error.getMessage();
    }
  }

  private static Object values(Object outcome) {
    return outcome instanceof Row row ? Arrays.asList(row.toArray(row.columns().size())) : outcome;
  }

  /** Two bytes that are none of the record's, then the fields, and perhaps a line end. */
  private static byte[] record(List<byte[]> fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {'9', '"'});
    for (int i = 0; i < fields.size(); i++) {
      bytes.writeBytes(i == 0 ? new byte[0] : new byte[] {','});
      bytes.writeBytes(fields.get(i));
    }
    return bytes.toByteArray();
  }

  @Provide
  Arbitrary<Reading> readings() {
    return Combinators.combine(
            Arbitraries.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1),
            Arbitraries.of(true, false),
            Arbitraries.<List<String>>of(List.of(), List.of(""), List.of("", "NULL"), List.of("0")),
            Arbitraries.of(TYPES).list().ofMinSize(1).ofMaxSize(3))
        .as(Reading::new);
  }

  @Provide
  Arbitrary<List<byte[]>> records() {
    Arbitrary<String> usual = Arbitraries.of(
        "", "0", "7", "-7", "+7", "-0", "007", "0.50", "-0.0", "-0.01", ".5", "5.", "00.5", "1e3",
        "123456789012345678", "1234567890123456789", "0.00000000000000001", "99999999999999999999",
        "2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "0000-01-01", "9999-12-31",
        "2024-13-01", "2024-1-1", "2024-04-31", "20240401", "true", "false", "yes", "12:30",
        "2024-02-29T12:30:00Z", "NULL", "a b", " 7 ", "\t0.5", "é€🌋", "\uFFFD", "\\N\\.",
        "123e4567-e89b-12d3-a456-426614174000");
    Arbitrary<byte[]> plain = usual.map(text -> text.getBytes(StandardCharsets.UTF_8));
    Arbitrary<byte[]> quoted =
        usual.map(text -> ("\"" + text + "\"").getBytes(StandardCharsets.UTF_8));
    Arbitrary<byte[]> anything = Arbitraries.of(
            (int) '0', (int) '1', (int) '9', (int) '-', (int) '+', (int) '.', (int) ',', (int) '"', (int) ' ',
            (int) '\n', (int) '\r', (int) '\\', (int) 'a', (int) 'e', 0x80, 0xBF, 0xC1,
            0xC3, 0xA9, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0x90, 0xF5)
        .list()
        .ofMaxSize(6)
        .map(PlainRecordsTest::bytes);
    Arbitrary<byte[]> nearlyCharacters = Arbitraries.of(
            "C080", "C1BF", "C3", "E08080", "E09FBF", "E0A080", "EDA080", "EDBFBF", "ED9FBF", "EFBFBD",
            "F0808080", "F08FBFBF", "F0908080", "F48FBFBF", "F4908080", "F5808080", "E282", "F09F8C")
        .map(HexFormat.of()::parseHex);
    return Arbitraries.frequencyOf(
            Tuple.of(6, plain),
            Tuple.of(3, quoted),
            Tuple.of(2, anything),
            Tuple.of(2, nearlyCharacters))
        .list()
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  private static byte[] bytes(List<Integer> values) {
    byte[] bytes = new byte[values.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (int) values.get(i);
    }
    return bytes;
  }
}
