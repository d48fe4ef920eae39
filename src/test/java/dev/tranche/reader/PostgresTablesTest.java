package dev.tranche.reader;

import static dev.tranche.reader.TableInputTest.only;
import static dev.tranche.reader.TableInputTest.rows;
import static dev.tranche.reader.TableInputTest.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ReadChunk;
import dev.tranche.definition.PartitionDefinition;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.row.Row;
import dev.tranche.store.Database;
import dev.tranche.store.Platform;
import dev.tranche.testing.TestDatabase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** What is read of tables in a way of its own on PostgreSQL. */
class PostgresTablesTest {

  /** Parts that are found along the key's index are those that are found by counting all rows. */
  @Test
  void cutsAlongAnIndexAsByCounting() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.POSTGRESQL)) {
      Database database = databases.empty("source");
      new JdbcTemplate(database.dataSource())
          .execute("create table t as select case when n % 3 = 0 then 'x' else 'é' || n / 7 end a,"
              + " -n b from generate_series(1, 1000) n; alter table t add primary key (a, b)");
      TableInput table = TableInput.find(table("t"), database);
      TableInput counted =
          TableInput.find(
              new ReadDefinition.Jdbc(
                  null, null, "select * from t", List.of("a", "b"), List.of()),
              database);
      for (int count : new int[] {1, 2, 3, 7, 999, 1000, 2000}) {
        PartitionDefinition rule = new PartitionDefinition.Balanced(null, count, null, 1);
        assertThat(table.cut(rule)).as("%d parts", count).isEqualTo(counted.cut(rule));
      }
      PartitionDefinition rows = new PartitionDefinition.Balanced(null, null, 1001L, 1);
      assertThat(table.cut(rows)).isEqualTo(counted.cut(rows)).hasSize(1);
      new JdbcTemplate(database.dataSource()).execute("delete from t");
      assertThat(table.cut(rows)).isEqualTo(counted.cut(rows)).hasSize(1);
    }
  }

  /** Whatever is kept as the text that PostgreSQL sent is the value that its driver makes. */
  @Test
  void keepsTextsOfTheValuesThatThereAre() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.POSTGRESQL)) {
      Database database = databases.empty("source");
      JdbcTemplate sql = new JdbcTemplate(database.dataSource());
      sql.execute("create type mood as enum ('sad', 'froh'); create table t (id int primary key,"
          + " l bigint, s smallint, n numeric, p numeric(12, 4), d date, v varchar, c char(5),"
          + " e mood, f double precision, b boolean, u uuid)");
      sql.execute("insert into t values (1, 9223372036854775807, -32768, 1e30, -0.5, '2024-02-29',"
          + " 'a,\"é𝄞\n', 'ab', 'froh', 0.1, true, '01234567-89ab-cdef-0123-456789abcdef'),"
          + " (2, -1, 0, 0.000, 12345678.9, '0044-03-15 BC', '', '', 'sad', 'NaN', false, null),"
          + " (3, 999999999999999999, 7, -0.1e-20, 0, 'infinity', null, null, null, null, null, null),"
          + " (4, null, null, null, null, '12024-01-01', '\\N', ' x', null, -1e300, null, null)");
      TableInput input = TableInput.find(table("t"), database);
      for (int time = 0; time < 7; time++) { // the driver would send bytes from the fifth on
        List<Row> rows = rows(input, only(input));
        assertThat(rows).hasSize(4);
        List<String> texts = new ArrayList<>();
        for (Row row : rows) {
          texts.add(row.columns().names().stream()
              .filter(name -> row.text().has(row.columns().indexOf(name)))
              .collect(Collectors.joining(" ")));
        }
        assertThat(texts)
            .containsExactly(
                "id s p d v c e", "id l s n p v c e", "id l s p", "id v c");
        assertThat(values(rows)).isEqualTo(values(asTheDriverMakesThem(sql, rows.get(0))));
      }
    }
  }

  private static List<List<Object>> values(List<Row> rows) {
    return rows.stream().map(row -> Arrays.asList(row.toArray(row.columns().size()))).toList();
  }

  private static List<Row> asTheDriverMakesThem(JdbcTemplate sql, Row like) {
    return sql.query(
        "select * from t order by id",
        (row, number) -> {
          @Nullable Object[] values = new Object[like.columns().size()];
          for (int i = 0; i < values.length; i++) {
            FieldType type = FieldType.of(Platform.POSTGRESQL, row.getMetaData(), i + 1);
            values[i] = type.value(type.read(row, i + 1));
          }
          return new Row(like.columns(), values);
        });
  }

  /** PostgreSQL's driver changes its mind about them after some queries. */
  @Test
  void showsWhatHasNoTypeHereAsTheSameTextOnEveryPage() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.POSTGRESQL)) {
      Database database = databases.empty("source");
      new JdbcTemplate(database.dataSource())
          .execute("create table t as select n, array[n, null]::int[] numbers, array['a'] words,"
              + " '12:00+05'::timetz there, point(1, 2) place, '\\x00ff'::bytea raw"
              + " from generate_series(1001, 2999) n; alter table t add primary key (n)");
      TableInput input = TableInput.find(table("t"), database);
      try (ChunkSource<Row> source = input.source(only(input))) {
        source.open(null);
        long n = 1001;
        for (ReadChunk<Row> chunk; (chunk = source.read(100, null)) != null; ) {
          for (int i = 0; i < chunk.size(); i++, n++) {
            Row row = chunk.item(i);
            assertThat(IntStream.range(1, 6).mapToObj(row::get))
                .containsExactly("{" + n + ",NULL}", "{a}", "12:00:00+05", "(1,2)", "\\x00ff");
          }
        }
        assertThat(n).isEqualTo(3000);
      }
    }
  }
}
