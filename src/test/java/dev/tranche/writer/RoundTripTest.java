package dev.tranche.writer;

import static dev.tranche.writer.TargetFixture.columns;
import static dev.tranche.writer.TargetFixture.load;
import static dev.tranche.writer.TargetFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.definition.WriteDefinition.Jdbc;
import dev.tranche.definition.WriteDefinition.Jdbc.Mode;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import dev.tranche.testing.TestDatabase.Kind;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Values of the types that the databases have, in every form in which they are written. */
class RoundTripTest {

  private static final Columns COLUMNS = columns(
      "k:long",
      "small:long",
      "exact:decimal",
      "real8:double",
      "flag:boolean",
      "born:date",
      "clock:time",
      "plain:timestamp",
      "moment:timestamp",
      "u:uuid",
      "big:string",
      "doc:string");
  private static final Columns OF_POSTGRES = columns(
      "k:long", "doc:string", "words:string", "numbers:string", "raw:string", "exact:decimal");

  private static final OffsetDateTime EARLY = OffsetDateTime.parse("1970-01-02T00:00:00.000001Z");
  private static final OffsetDateTime LATE = OffsetDateTime.parse("2037-12-31T23:59:59.999999-05:30");

  private static Row[] rows() {
    return new Row[] {
      row(COLUMNS, 1L, null, null, null, null, null, null, null, null, null, null, null),
      row(COLUMNS, 2L, -32768L, new BigDecimal("-9999999999999999999999999999.9999999999"), -1e300,
          false, LocalDate.of(1, 1, 1), LocalTime.MIDNIGHT, EARLY, EARLY, new UUID(0, 0), "", "{}"),
      row(COLUMNS, 3L, 32767L, new BigDecimal("0.0000000001"), Double.MIN_NORMAL, true,
          LocalDate.of(9999, 12, 31), LocalTime.parse("23:59:59.999999"), LATE, LATE,
          new UUID(-1, -1), "\u20ac\t\\n\ud83c\udf0b'\"".repeat(20_000), "[1, null, \"x\"]"),
    };
  }

  /** By inserting, by the form of an upsert for each size of chunks, by updating. */
  private static void inEachForm(
      TestDatabase databases, TargetFixture world, Row[] rows, Runnable check) throws Exception {
    Columns columns = rows[0].columns();
    load(world, writing(world, Mode.INSERT, columns, 1), rows);
    check.run();
    for (int chunk : TargetFixture.forms(databases)) {
      world.sql.execute("delete from t");
      load(world, writing(world, Mode.UPSERT, columns, chunk), rows);
      check.run();
    }
    world.sql.execute("delete from t");
    Columns keys = columns("k:long");
    load(world, writing(world, Mode.INSERT, keys, 1), row(keys, 1L), row(keys, 2L), row(keys, 3L));
    load(world, writing(world, Mode.UPDATE, columns, 1), rows);
    check.run();
  }

  private static JdbcWriting writing(TargetFixture world, Mode mode, Columns columns, int chunk)
      throws Exception {
    List<String> key = mode.isKeyed() ? List.of("k") : List.of();
    Jdbc definition = new Jdbc("target", "t", mode, key, false, Map.of());
    JdbcWriting writing = new JdbcWriting(definition, world.database, columns, null, chunk, chunk);
    writing.prepare();
    return writing;
  }

  @EveryDatabase
  void givesBackExtremesAndNullsOfEveryType(TestDatabase databases) throws Exception {
    String types = switch (databases.kind()) {
      case POSTGRESQL -> "timestamp, moment timestamptz, u uuid, big text, doc json)";
      case MARIADB -> "datetime(6), moment timestamp(6) null, u uuid, big longtext, doc json)";
      case H2_FILE, H2_MEMORY ->
        "timestamp(6), moment timestamp(6) with time zone, u uuid, big clob, doc json)";
    };
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (k bigint primary key, small smallint, exact numeric(38,10),"
          + " real8 double precision, flag boolean, born date, clock time(6), plain " + types);
      Row[] rows = rows();
      inEachForm(databases, world, rows, () -> {
        List<List<@Nullable Object>> found = world.sql.query(
            "select * from t order by k",
            (result, n) -> {
              List<@Nullable Object> values = new ArrayList<>();
              for (int c = 0; c < COLUMNS.size(); c++) {
                Class<?> type = switch (COLUMNS.get(c).name()) {
                  case "plain" -> LocalDateTime.class;
                  case "small" -> Integer.class;
                  default -> COLUMNS.get(c).type().javaType();
                };
                values.add(
                    type == String.class
                        ? result.getString(c + 1)
                        : result.getObject(c + 1, type));
              }
              return values;
            });
        assertThat(found).hasSize(rows.length);
        for (int r = 0; r < rows.length; r++) {
          for (int c = 0; c < COLUMNS.size(); c++) {
            assertSame(COLUMNS.get(c).name(), rows[r].get(c), found.get(r).get(c));
          }
        }
      });
    }
  }

  private static void assertSame(String name, @Nullable Object given, @Nullable Object found) {
    if (given instanceof BigDecimal number) {
      assertThat((BigDecimal) found).as(name).isEqualByComparingTo(number);
    } else if (given instanceof OffsetDateTime moment && found instanceof LocalDateTime local) {
      assertThat(local)
          .as(name)
          .isEqualTo(moment.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime());
    } else if (found instanceof Integer small) {
      assertThat(small.longValue()).as(name).isEqualTo(given);
    } else if (given instanceof OffsetDateTime moment) {
      assertThat((OffsetDateTime) found).as(name).isAtSameInstantAs(moment);
    } else if (name.equals("doc") && given != null) {
      assertThat(String.valueOf(found).replace(" ", ""))
          .isEqualTo(String.valueOf(given).replace(" ", ""));
    } else {
      assertThat(found).as(name).isEqualTo(given);
    }
  }

  @Test
  void givesBackDocumentsArraysBytesAndNumbersOfAnyPrecisionOnPostgres() throws Exception {
    String digits = "1234567890".repeat(30);
    try (TestDatabase databases = new TestDatabase(Kind.POSTGRESQL);
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (k bigint primary key, doc jsonb, words text[],"
          + " numbers int[], raw bytea, exact numeric)");
      Row[] rows = {
        row(OF_POSTGRES, 1L, null, null, null, null, null),
        row(OF_POSTGRES, 2L, "{\"a\": [1, null, \"\\n\"]}", "{}", "{}", "\\x", BigDecimal.ZERO),
        row(OF_POSTGRES, 3L, "\"text\"", "{a,\"b, \\\\ \\\"c\\\"\",NULL}",
            "{{1,2},{-2147483648,2147483647}}", "\\x00ff5c0a", new BigDecimal("-" + digits + ".5")),
      };
      inEachForm(databases, world, rows, () ->
          assertThat(world.sql.query(
                  "select doc::text, words::text, numbers::text, raw::text, exact::text from t"
                      + " order by k",
                  (result, n) -> Arrays.asList(
                      result.getString(1),
                      result.getString(2),
                      result.getString(3),
                      result.getString(4),
                      result.getString(5))))
              .containsExactly(
                  Arrays.asList(null, null, null, null, null),
                  List.of("{\"a\": [1, null, \"\\n\"]}", "{}", "{}", "\\x", "0"),
                  List.of("\"text\"", "{a,\"b, \\\\ \\\"c\\\"\",NULL}",
                      "{{1,2},{-2147483648,2147483647}}", "\\x00ff5c0a", "-" + digits + ".5")));
    }
  }
}
