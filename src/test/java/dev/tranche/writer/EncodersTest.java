package dev.tranche.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.tranche.chunk.ItemError;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.definition.WriteDefinition.Csv;
import dev.tranche.row.Column;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rows become the records they are, as other people's readers see it. */
class EncodersTest {

  private static final Columns ALL =
      new Columns(
          Arrays.stream(ColumnType.values())
              .map(type -> new Column(Language.of(type), type))
              .toList());
  private static final UUID ID = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
  private static final Row FULL =
      row(
          "a \"quoted\" text, größer\r\n\tthan 𝄞",
          -42L,
          new BigDecimal("12345678901234567890.10"),
          0.1,
          true,
          LocalDate.of(2024, 2, 29),
          LocalTime.of(7, 5),
          OffsetDateTime.parse("2017-01-31T23:59:58.120+05:30"),
          ID);
  private static final Row EMPTY = row(null, null, null, null, null, null, null, null, null);

  /** Names of columns that are the names of their types. */
  private static final class Language {
    static String of(ColumnType type) {
      return type.name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private static Row row(@Nullable Object... values) {
    return new Row(ALL, values);
  }

  private static Csv csv(char delimiter, char quote, Charset charset, String none) {
    return csv(delimiter, quote, Csv.Quoting.NEEDED, charset, none);
  }

  private static Csv csv(
      char delimiter, char quote, Csv.Quoting quoting, Charset charset, String none) {
    return new Csv(
        "out.csv",
        List.of(),
        true,
        delimiter,
        quote,
        quoting,
        charset,
        Csv.LineEnd.LF,
        none,
        WriteDefinition.Parts.JOIN,
        false);
  }

  private static final Csv PLAIN = csv(',', '"', StandardCharsets.UTF_8, "");

  private static CsvEncoder encoder(Csv definition, Columns columns) {
    return new CsvEncoder(definition, columns.names(), new TextBytes(definition.charset()));
  }

  private static String text(RowEncoder encoder, Charset charset, Row... rows) {
    Bytes bytes = new Bytes();
    for (Row row : rows) {
      encoder.encode(row, bytes);
    }
    return new String(bytes.toArray(), charset);
  }

  private static List<List<String>> read(String text, Csv definition) {
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .fieldSeparator(definition.delimiter())
            .quoteCharacter(definition.quote())
            .commentStrategy(CommentStrategy.NONE)
            .skipEmptyLines(false)
            .ofCsvRecord(text)) {
      return reader.stream().map(CsvRecord::getFields).toList();
    } catch (java.io.IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Test
  void writesEveryTypeAsCsv() {
    String text = text(encoder(PLAIN, ALL), StandardCharsets.UTF_8, FULL, EMPTY);
    assertThat(text)
        .isEqualTo(
            "\"a \"\"quoted\"\" text, größer\r\n\tthan 𝄞\",-42,12345678901234567890.10,0.1,true,"
                + "2024-02-29,07:05:00,2017-01-31T23:59:58.120+05:30," + ID + "\n,,,,,,,,\n");
    assertThat(read(text, PLAIN).get(0).get(0)).isEqualTo(FULL.get(0));
    assertThat(encoder(PLAIN, ALL).header(ALL.names()))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("string,long,decimal,double,boolean,date,time,timestamp,uuid\n");
  }

  @Test
  void putsInQuotesWhatItIsAskedTo() {
    Columns three =
        new Columns(
            List.of(
                new Column("s", ColumnType.STRING),
                new Column("n", ColumnType.LONG),
                new Column("d", ColumnType.DATE)));
    Row full = new Row(three, new Object[] {"a'b", 7L, LocalDate.of(2026, 1, 31)});
    Row none = new Row(three, new @Nullable Object[] {null, null, null});
    Row empty = new Row(three, new @Nullable Object[] {"", null, null});
    Charset utf8 = StandardCharsets.UTF_8;
    Csv texts = csv(';', '\'', Csv.Quoting.TEXTS, utf8, "");
    Csv all = csv(';', '\'', Csv.Quoting.ALL, utf8, "-");

    assertThat(text(encoder(texts, three), utf8, full, none, empty))
        .isEqualTo("'a''b';7;2026-01-31\n;;\n'';;\n");
    assertThat(encoder(texts, three).header(three.names()))
        .asString(utf8)
        .isEqualTo("'s';'n';'d'\n");
    assertThat(text(encoder(all, three), utf8, full, none, empty))
        .isEqualTo("'a''b';'7';'2026-01-31'\n-;-;-\n'';-;-\n");
  }

  @Test
  void writesEveryTypeAsJson() {
    String text = text(new JsonEncoder(List.of()), StandardCharsets.UTF_8, FULL, EMPTY);
    List<JsonNode> objects = text.lines().map(JsonMapper.shared()::readTree).toList();
    assertThat(objects).hasSize(2);
    JsonNode full = objects.get(0);
    assertThat(full.propertyNames()).containsExactlyElementsOf(ALL.names());
    assertThat(full.get("string").asString()).isEqualTo(FULL.get(0));
    assertThat(full.get("long").asLong()).isEqualTo(-42);
    assertThat(text).contains("\"decimal\":12345678901234567890.10,\"double\":0.1,");
    assertThat(full.get("boolean").asBoolean()).isTrue();
    assertThat(full.get("date").asString()).isEqualTo("2024-02-29");
    assertThat(full.get("time").asString()).isEqualTo("07:05:00");
    assertThat(full.get("timestamp").asString()).isEqualTo("2017-01-31T23:59:58.120+05:30");
    assertThat(full.get("uuid").asString()).isEqualTo(ID.toString());
    assertThat(objects.get(1)).allMatch(JsonNode::isNull);
  }

  @Test
  void tellsTextsFromNoValue() {
    Columns two = strings(2);
    Csv csv = csv(',', '"', StandardCharsets.UTF_8, "NULL");
    assertThat(
            text(
                encoder(csv, two),
                StandardCharsets.UTF_8,
                new Row(two, new Object[] {"NULL", null}),
                new Row(two, new Object[] {"", "NULL "})))
        .isEqualTo("\"NULL\",NULL\n\"\",NULL \n");
    Columns one = strings(1);
    assertThat(
            text(encoder(PLAIN, one), StandardCharsets.UTF_8, new Row(one, new Object[] {null})))
        .isEqualTo("\"\"\n");
  }

  @Test
  void quotesNumbersThatHoldAMarkOrReadLikeNoValue() {
    Columns columns = new Columns(List.of(new Column("n", ColumnType.DECIMAL)));
    Row row = new Row(columns, new Object[] {new BigDecimal("-1.5")});
    for (Csv csv :
        List.of(
            csv('.', '"', StandardCharsets.UTF_8, ""),
            csv(',', '-', StandardCharsets.UTF_8, ""),
            csv(',', '"', StandardCharsets.UTF_8, "-1.5"))) {
      String text = text(encoder(csv, columns), StandardCharsets.UTF_8, row);
      assertThat(text).startsWith(String.valueOf(csv.quote()));
      assertThat(read(text, csv)).containsExactly(List.of("-1.5"));
    }
  }

  @Test
  void blamesTheItemForWhatItCannotWrite() {
    Columns one = strings(1);
    Csv latin = csv(',', '"', Charset.forName("windows-1252"), "");
    assertThat(
            text(encoder(latin, one), latin.charset(), new Row(one, new Object[] {"5 €, größer"})))
        .isEqualTo("\"5 €, größer\"\n");
    assertThatThrownBy(
            () ->
                encoder(latin, one).encode(new Row(one, new Object[] {"x日"}), new Bytes()))
        .isInstanceOf(ItemError.class)
        .hasMessage("column 'c0' holds the character U+65E5, which windows-1252 cannot write");
    assertThatThrownBy(
            () ->
                encoder(PLAIN, one).encode(new Row(one, new Object[] {"x\ud800"}), new Bytes()))
        .isInstanceOf(ItemError.class)
        .hasMessage("column 'c0' holds the character U+D800, which UTF-8 cannot write");
    Columns number = new Columns(List.of(new Column("n", ColumnType.DOUBLE)));
    assertThatThrownBy(
            () ->
                new JsonEncoder(List.of())
                    .encode(new Row(number, new Object[] {Double.NaN}), new Bytes()))
        .isInstanceOf(ItemError.class)
        .hasMessage("column 'n' is NaN, which is no number in JSON");
  }

  @Provide
  Arbitrary<Object> standing() {
    return StandingText.values();
  }

  @Provide
  Arbitrary<RowEncoder> encoders() {
    Arbitrary<RowEncoder> csv =
        Combinators.combine(
                Arbitraries.of(',', ';', '.', '-', '0'),
                Arbitraries.of('"', '\'', 'a'),
                Arbitraries.of(Csv.Quoting.class),
                Arbitraries.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1),
                Arbitraries.of("", "NULL", "7"))
            .as((delimiter, quote, quoting, charset, none) ->
                encoder(csv(delimiter, quote, quoting, charset, none), strings(1)));
    return Arbitraries.oneOf(csv, Arbitraries.create(() -> new JsonEncoder(List.of("c0"))));
  }

  @Property(tries = 4000)
  void writesWhatStandsInTheInputAsItWritesTheValue(
      @ForAll("standing") Object value, @ForAll("encoders") RowEncoder encoder) {
    ColumnType type =
        Arrays.stream(ColumnType.values())
            .filter(each -> each.javaType().isInstance(value))
            .findFirst()
            .orElseThrow();
    Columns one = new Columns(List.of(new Column("c0", type)));
    Row standing = new Row(one, StandingText.of(value));

    assertThat(outcome(encoder, standing)).isEqualTo(outcome(encoder, standing.detached()));
  }

  /** Else the property above would hold for an encoder that makes a value of every text. */
  @Test
  void takesTextsWhereItCanWriteThemAsTheyStand() {
    assertThat(encoder(PLAIN, strings(1)).takesText()).isTrue();
    assertThat(new JsonEncoder(List.of()).takesText()).isTrue();
    assertThat(encoder(csv(',', '"', StandardCharsets.ISO_8859_1, ""), strings(1)).takesText())
        .isFalse();
  }

  /** What is written, or why nothing is. */
  private static String outcome(RowEncoder encoder, Row row) {
    try {
      return text(encoder, StandardCharsets.UTF_8, row);
    } catch (ItemError refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  @Test
  void choosesColumnsByNameInAnyRow() {
    Columns three = strings(3);
    Columns turned = new Columns(List.of(three.get(2), three.get(0)));
    RowEncoder encoder = new JsonEncoder(List.of("c2", "c0"));
    assertThat(
            text(
                encoder,
                StandardCharsets.UTF_8,
                new Row(three, new Object[] {"a", "b", "c"}),
                new Row(turned, new Object[] {"C", "A"})))
        .isEqualTo("{\"c2\":\"c\",\"c0\":\"a\"}\n{\"c2\":\"C\",\"c0\":\"A\"}\n");
    assertThatThrownBy(
            () -> encoder.encode(new Row(strings(1), new Object[] {"a"}), new Bytes()))
        .isInstanceOf(ItemError.class)
        .hasMessage("the row has no column 'c2'; its columns are c0");
    assertThatThrownBy(() -> encoder.encode("a text", new Bytes()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("write: jsonl takes rows, and the item is a java.lang.String.");
  }

  private static Columns strings(int count) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      columns.add(new Column("c" + i, ColumnType.STRING));
    }
    return new Columns(columns);
  }

  @Provide
  Arbitrary<List<String>> texts() {
    Arbitrary<String> any =
        Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(3, Arbitraries.of("\"", "'", ",", ";", "\n", "\r", "\\", "#")),
                net.jqwik.api.Tuple.of(2, Arbitraries.of("\u0000", "\u001f", "ü", "€", "\u2028", "𝄞")),
                net.jqwik.api.Tuple.of(4, Arbitraries.of("a", "B", " ", "0")))
            .list()
            .ofMaxSize(8)
            .map(parts -> String.join("", parts));
    return any.list().ofMinSize(1).ofMaxSize(6);
  }

  @Property(tries = 400)
  void otherReadersFindTheSameTexts(
      @ForAll("texts") List<String> values, @ForAll boolean other) {
    Csv csv = other ? csv(';', '\'', StandardCharsets.UTF_8, "") : PLAIN;
    Columns columns = strings(values.size());
    Row row = new Row(columns, values.toArray());

    assertThat(read(text(encoder(csv, columns), StandardCharsets.UTF_8, row, row), csv))
        .containsExactly(values, values);
    JsonNode json =
        JsonMapper.shared()
            .readTree(text(new JsonEncoder(List.of()), StandardCharsets.UTF_8, row));
    assertThat(columns.names().stream().map(name -> json.get(name).asString()))
        .isEqualTo(values);
  }
}
