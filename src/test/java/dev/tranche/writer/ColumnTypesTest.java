package dev.tranche.writer;

import static dev.tranche.writer.TargetFixture.columns;
import static dev.tranche.writer.TargetFixture.insert;
import static dev.tranche.writer.TargetFixture.insertInto;
import static dev.tranche.writer.TargetFixture.load;
import static dev.tranche.writer.TargetFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.WriteException;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import dev.tranche.testing.TestDatabase.Kind;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ColumnTypesTest {

  private static final Columns ALL = columns(
      "k:long",
      "s:string",
      "l:long",
      "d:decimal",
      "f:double",
      "b:boolean",
      "day:date",
      "t:time",
      "ts:timestamp",
      "u:uuid");

  private static Row[] extremes() {
    return new Row[] {
      row(ALL, 1L, null, null, null, null, null, null, null, null, null),
      row(
          ALL,
          2L,
          "",
          Long.MIN_VALUE,
          new BigDecimal("-1e-300"),
          -Double.MAX_VALUE,
          false,
          LocalDate.of(1, 1, 1),
          LocalTime.MIDNIGHT,
          OffsetDateTime.parse("0001-01-01T00:00:00Z"),
          new UUID(0, 0)),
      row(
          ALL,
          3L,
          "quoted \" and \\ back, {braces}, NULL, line\nend, \u20ac, \ud83c\udf0b",
          Long.MAX_VALUE,
          new BigDecimal("1234567890".repeat(10) + ".5"),
          Double.MIN_VALUE,
          true,
          LocalDate.of(9999, 12, 31),
          LocalTime.parse("23:59:59.999999"),
          OffsetDateTime.parse("9999-12-31T23:59:59.999999Z"),
          new UUID(-1, -1)),
      row(
          ALL,
          4L,
          "NULL",
          0L,
          BigDecimal.ZERO,
          Double.NaN,
          true,
          LocalDate.of(-43, 3, 15),
          LocalTime.NOON,
          OffsetDateTime.parse("-0043-03-15T12:00:00Z"),
          UUID.fromString("01234567-89ab-cdef-0123-456789abcdef")),
      row(
          ALL,
          5L,
          "\\N\\.\t\r\n\b\u0001",
          1L,
          new BigDecimal("1.50"),
          Double.POSITIVE_INFINITY,
          true,
          LocalDate.of(20_000, 2, 29),
          LocalTime.of(1, 2),
          OffsetDateTime.parse("+20000-02-29T23:30:00-05:30"),
          null),
    };
  }

  /** The same, but for what no column of its can hold: it is refused. */
  private static Row[] extremesOfMariaDb() {
    Row[] rows = extremes();
    rows[1] = with(rows[1], new BigDecimal("-1e-30"));
    rows[2] = with(rows[2], new BigDecimal("12345678901234567890123456789012345.5"));
    return new Row[] {rows[0], rows[1], rows[2]};
  }

  private static Row with(Row row, BigDecimal decimal) {
    @Nullable Object[] values = new @Nullable Object[ALL.size()];
    for (int c = 0; c < values.length; c++) {
      values[c] = c == ALL.indexOf("d") ? decimal : row.get(c);
    }
    return row(ALL, values);
  }

  @EveryDatabase
  void givesBackEveryValueOfEveryTypeAsItWas(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      Row[] extremes = databases.kind() == Kind.MARIADB ? extremesOfMariaDb() : extremes();
      load(world, insertInto("everything", "k"), ALL, extremes);

      List<List<@Nullable Object>> read =
          world.sql.query("select * from everything order by k", (result, n) -> {
            List<@Nullable Object> values = new ArrayList<>();
            for (int c = 0; c < ALL.size(); c++) {
              values.add(result.getObject(c + 1, ALL.get(c).type().javaType()));
            }
            return values;
          });

      for (int r = 0; r < extremes.length; r++) {
        for (int c = 0; c < ALL.size(); c++) {
          Object expected = extremes[r].get(c);
          Object actual = read.get(r).get(c);
          if (expected instanceof BigDecimal number) {
            assertThat((BigDecimal) actual).isEqualByComparingTo(number);
          } else if (expected instanceof OffsetDateTime moment) {
            assertThat((OffsetDateTime) actual).isAtSameInstantAs(moment);
          } else {
            assertThat(actual).as("row %s, column %s", r, c).isEqualTo(expected);
          }
        }
      }
    }
  }

  @EveryDatabase
  void writesIntoColumnsOfOtherTypesIfNothingIsLost(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (a smallint, b numeric(12,2), c varchar(40), d timestamp,"
          + " e date, f boolean, g real, h char(4), i integer)");
      Columns columns = columns(
          "a:string",
          "b:double",
          "c:timestamp",
          "d:timestamp",
          "e:timestamp",
          "f:string",
          "g:decimal",
          "h:uuid",
          "i:decimal");
      JdbcWriting writing = new JdbcWriting(insert("t"), world.database, columns, null);
      writing.prepare();
      OffsetDateTime time = OffsetDateTime.parse("2017-03-01T12:00:00+02:00");
      OffsetDateTime midnight = OffsetDateTime.parse("2017-03-01T00:00:00Z");

      load(
          world,
          writing,
          row(
              columns,
              "7",
              2.5,
              time,
              time,
              midnight,
              "true",
              BigDecimal.TEN,
              null,
              BigDecimal.ONE));

      Map<String, Object> stored = world.sql.queryForMap("select * from t");
      assertThat(stored.get("a").toString()).isEqualTo("7");
      assertThat((BigDecimal) stored.get("b")).isEqualByComparingTo("2.5");
      assertThat(stored.get("c")).isEqualTo("2017-03-01T12:00+02:00");
      assertThat(stored.get("d").toString()).isEqualTo("2017-03-01 10:00:00.0");
      assertThat(stored.get("e").toString()).isEqualTo("2017-03-01");
      assertThat(stored.get("f")).isEqualTo(true);
      assertThat(stored.get("i")).isEqualTo(1);
    }
  }

  @Test
  void writesTypesOfPostgresOwnFromTexts() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.POSTGRESQL);
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create schema odd");
      world.sql.execute("create type odd.\"Mood of day\" as enum ('good', 'bad')");
      world.sql.execute("create domain odd.percent as int check (value between 0 and 100)");
      world.sql.execute("create table t (id serial, mood odd.\"Mood of day\", doc jsonb, ip inet,"
          + " words text[], raw bytea, share odd.percent, bits bit(3), span interval, c char(5))"
          + " partition by list (mood)");
      world.sql.execute("create table t_good partition of t for values in ('good')");
      Columns columns = columns(
          "mood:string",
          "doc:string",
          "ip:string",
          "words:string",
          "raw:string",
          "share:long",
          "bits:string",
          "span:string",
          "c:string");
      JdbcWriting writing = new JdbcWriting(insert("t"), world.database, columns, null);
      writing.prepare();

      load(
          world,
          writing,
          row(
              columns,
              "good",
              "{\"a\": 1}",
              "10.0.0.1",
              "{x,\"y z\"}",
              "\\x00ff",
              99L,
              "101",
              "2 days",
              "abc"));

      assertThat(world.sql.queryForObject("select t::text from t", String.class))
          .isEqualTo("(1,good,\"{\"\"a\"\": 1}\",10.0.0.1,\"{x,\"\"y z\"\"}\",\"\\\\x00ff\",99,101,"
              + "\"2 days\",\"abc  \")");
      assertThatThrownBy(() -> load(
              world, writing, row(columns, "good", null, null, null, null, 101L, null, null, null)))
          .isInstanceOf(WriteException.class)
          .hasMessageContaining("percent");
      assertThatThrownBy(() -> load(
              world,
              writing,
              row(columns, "good", null, null, null, null, 1L, "10101", null, null)))
          .isInstanceOf(WriteException.class)
          .hasMessageContaining("bit string length 5 does not match type bit(3)");
    }
  }

  @Test
  void writesTypesOfH2sOwnFromTexts() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.H2_MEMORY);
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute(
          "create table t (id int auto_increment, mood enum ('good', 'bad'), doc json,"
              + " clobbed clob, ci varchar_ignorecase(10), c char(5), local timestamp)");
      Columns columns = columns(
          "mood:string", "doc:string", "clobbed:string", "ci:string", "c:string", "local:date");
      load(
          world,
          insert("t"),
          columns,
          row(columns, "good", "{\"a\": 1}", "long text", "x", "abc", LocalDate.EPOCH));
      assertThat(world.sql.queryForObject(
              "select id || mood || (doc).\"a\" || clobbed || ci || c || local from t",
              String.class))
          .isEqualTo("1good1long textxabc  1970-01-01 00:00:00");
    }
  }

  @EveryDatabase
  void refusesAValueThatWouldLosePartOfItself(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (a integer)");
      Columns columns = columns("a:decimal");
      assertThatThrownBy(
              () -> load(world, insert("t"), columns, row(columns, new BigDecimal("2.5"))))
          .isInstanceOf(WriteException.class)
          .hasMessageMatching(
              "column 'a' goes into a column of type int(eger)?, and '2\\.5' is not a long");
      assertThatThrownBy(
              () -> load(world, insert("t"), columns, row(columns, new BigDecimal("3000000000"))))
          .isInstanceOf(WriteException.class)
          .hasMessageMatching("(?is).*(out of range|the table takes -2147483648 to 2147483647).*");
      assertThat(world.count("t")).isZero();
    }
  }
}
