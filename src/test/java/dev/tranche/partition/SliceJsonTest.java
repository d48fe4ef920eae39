package dev.tranche.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.row.Digest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SliceJsonTest {

  private static final Slice.Files FILES = new Slice.Files(List.of(
      new Slice.Piece("in/a b.csv", 7, 1L << 40, 2, new Digest(-1, 256), Digest.NONE),
      new Slice.Piece("ä.csv", 0, 3, 1, new Digest(5, 3), new Digest(5, 3))));

  @Test
  void givesBackTheSameSlice() {
    assertThat(SliceJson.read(SliceJson.write(FILES))).isEqualTo(FILES);
    Slice only = new Slice.Context(null, Map.of());
    assertThat(SliceJson.read(SliceJson.write(only))).isEqualTo(only);
    Slice range = new Slice.Context("partition0", Map.of("min", 1, "max", 9L));
    assertThat(SliceJson.read(SliceJson.write(range))).isEqualTo(range);
  }

  @Test
  void isReadableAndHasAVersion() {
    assertThat(SliceJson.write(FILES))
        .startsWith("{\"version\":1,\"pieces\":[{\"file\":\"in/a b.csv\",\"start\":7,"
            + "\"end\":1099511627776,\"line\":2,\"head\":\"ffffffff:256\",\"tail\":\"0:0\"}");
  }

  @Test
  void refusesWhatIsNoSlice() {
    assertThatThrownBy(() -> SliceJson.read("{\"version\":2}"))
        .hasMessage("layout of version 2 was written by a newer Tranche; this one reads 1");
    assertThatThrownBy(() -> SliceJson.read("{\"version\":1}"))
        .hasMessage("'pieces' is missing in the layout: {\"version\":1}");
    assertThatThrownBy(() -> SliceJson.read("{"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not the JSON of a layout: {");
  }

  @Test
  void givesBackTheSameFacts() {
    List<FileFacts> facts =
        List.of(facts("a.csv", "x", "y"), facts("b.csv", "x", "y"), facts("c.csv"));

    String json = SliceJson.writeFacts(facts);

    assertThat(SliceJson.readFacts(json)).isEqualTo(facts);
    assertThat(json).containsOnlyOnce("[\"x\",\"y\"]");
  }

  private static FileFacts facts(String path, String... header) {
    Instant modified = Instant.parse("2026-01-02T03:04:05.678901234Z");
    return new FileFacts(path, 9, modified, List.of(header), 4, 2, new Digest(1, 4));
  }

  @Test
  void givesBackTheVeryValuesOfAContext() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("text", "a \"b\"\n");
    values.put("yes", true);
    values.put("int", 5);
    values.put("long", 5L);
    values.put("short", (short) 5);
    values.put("byte", (byte) 5);
    values.put("double", Double.NaN);
    values.put("float", 1.1f);
    values.put("decimal", new BigDecimal("1.50"));
    values.put("integer", BigInteger.TEN.pow(30));
    values.put("date", LocalDate.of(2026, 1, 2));
    values.put("time", LocalTime.of(1, 2));
    values.put("local", LocalDateTime.of(2026, 1, 2, 3, 4, 5, 6));
    values.put("offset", OffsetDateTime.parse("2026-01-02T03:04+05:00"));
    values.put("zoned", ZonedDateTime.parse("2026-07-02T03:04+02:00[Europe/Berlin]"));
    values.put("instant", Instant.ofEpochSecond(5, 6));
    values.put("old date", new Date(1234567));
    values.put("sql timestamp", Timestamp.valueOf("2026-01-02 03:04:05.000000006"));
    values.put("sql date", java.sql.Date.valueOf("2026-01-02"));
    values.put("sql time", java.sql.Time.valueOf("01:02:03"));
    values.put("keys", Map.of("id", 5L, "name", "x"));

    Map<String, Object> read = ContextJson.read(ContextJson.write("reader 'r'", values));

    assertThat(read).isEqualTo(values);
    assertThat(read.get("old date")).isExactlyInstanceOf(Date.class);
  }

  @Test
  void writesEqualContextsAlike() {
    Map<String, Object> one = new LinkedHashMap<>(Map.of("a", 1));
    one.put("b", "x");
    Map<String, Object> other = new LinkedHashMap<>(Map.of("b", "x"));
    other.put("a", 1);

    assertThat(ContextJson.write("it", one))
        .isEqualTo(ContextJson.write("it", other))
        .isEqualTo("{\"a\":1,\"b\":\"x\"}");
  }

  @Test
  void namesTheKeyAndTheClassOfAValueThatCannotBeKept() {
    assertThatThrownBy(() -> ContextJson.write("reader 'r'", Map.of("count", new AtomicLong())))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "reader 'r' keeps 'count', a java.util.concurrent.atomic.AtomicLong, as its state. Only"
                + " strings, numbers, booleans, dates and maps of those can be kept across a"
                + " restart");
  }
}
