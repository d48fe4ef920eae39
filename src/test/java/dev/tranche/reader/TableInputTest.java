package dev.tranche.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.ChunkSource;
import dev.tranche.chunk.ReadChunk;
import dev.tranche.definition.PartitionDefinition;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.partition.InputException;
import dev.tranche.partition.Slice;
import dev.tranche.partition.SliceJson;
import dev.tranche.row.Row;
import dev.tranche.store.Database;
import dev.tranche.store.Position;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Tables of real databases, cut and read. */
class TableInputTest {

  private static final PartitionDefinition WHOLE = new PartitionDefinition.Single();

  // -- skew --

  /** 90 % of the rows in 1 % of the range of keys, which has gaps and begins below zero. */
  @EveryDatabase
  void balancesASkewedKeyWhereEqualRangesCannot(TestDatabase databases) throws Exception {
    try (databases) {
      Database database = databases.empty("source");
      JdbcTemplate sql = new JdbcTemplate(database.dataSource());
      sql.execute("create table events (id bigint not null primary key)");
      List<Object[]> keys = new ArrayList<>();
      IntStream.range(0, 9_000).forEach(i -> keys.add(new Object[] {-500_000L + i}));
      IntStream.range(0, 1_000).forEach(i -> keys.add(new Object[] {-490_000L + 989L * i}));
      sql.batchUpdate("insert into events values (?)", keys);
      TableInput input = TableInput.find(table("events"), database);

      double balanced =
          skew(input.cut(new PartitionDefinition.Balanced(null, 16, null, 1)), 10_000);
      double ranges = skew(input.cut(new PartitionDefinition.Range(null, 16, null, 1)), 10_000);

      assertThat(balanced).isLessThan(1.01);
      assertThat(ranges).isGreaterThan(14);
      assertThat(input.cut(new PartitionDefinition.Balanced(null, null, 1_000L, 1)))
          .hasSize(10)
          .allMatch(slice -> slice.rows() == 1_000);
    }
  }

  private static double skew(List<Slice.Rows> slices, long rows) {
    assertThat(slices).hasSize(16);
    assertThat(slices.stream().mapToLong(Slice.Rows::rows).sum()).isEqualTo(rows);
    return slices.stream().mapToLong(Slice.Rows::rows).max().getAsLong() * 16.0 / rows;
  }

  // -- keys --

  /** Every type that can be in a key, extremes included: each row is found behind the one before. */
  @EveryDatabase
  void goesOnBehindAKeyOfEveryType(TestDatabase databases) throws Exception {
    try (databases) {
      Database database = databases.empty("source");
      JdbcTemplate sql = new JdbcTemplate(database.dataSource());
      boolean maria = databases.kind() == TestDatabase.Kind.MARIADB;
      boolean postgres = databases.kind() == TestDatabase.Kind.POSTGRESQL;
      Map<String, List<String>> types =
          Map.of(
              "bigint", List.of("-9223372036854775808", "-1", "0", "9223372036854775807"),
              "decimal(38, 10)",
                  List.of("-9999999999999999999999999999.9999999999", "0", "0.0000000001"),
              "varchar(40)",
                  List.of("''", "'a'", "'B'", "'c '", "'\u00f6'", "'z%_''\"'", "'\ud83d\ude00'"),
              "char(4)", List.of("'a'", "'ab'", "'B'"),
              maria ? "datetime(6)" : "timestamp(6)",
                  List.of("'1969-12-31 23:59:59.999999'", "'2026-03-29 02:30:00.000001'",
                      "'2026-03-29 02:30:00.000002'", "'2026-10-25 02:30:00'"),
              maria ? "timestamp(6)" : "timestamp(6) with time zone",
                  maria
                      ? List.of("'2026-03-29 05:30:00.000001'", "'2026-10-25 02:30:00.999999'")
                      : List.of("'2026-10-25 02:30:00+02:00'", "'2026-10-25 02:30:00.000001+01:00'"),
              "date", List.of("'1000-01-01'", "'2024-02-29'", "'9999-12-31'"),
              "time(6)", List.of("'00:00:00'", "'12:34:56.789012'", "'23:59:59.999999'"),
              "uuid",
                  List.of("'00000000-0000-0000-0000-000000000001'",
                      "'7fffffff-ffff-4fff-bfff-ffffffffffff'",
                      "'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'"));
      int number = 0;
      for (Map.Entry<String, List<String>> type : types.entrySet()) {
        String name = "keys" + number++;
        sql.execute("create table " + name + " (k " + type.getKey()
            + " not null, n integer not null, primary key (k, n))");
        List<String> shuffled = new ArrayList<>(type.getValue());
        Collections.shuffle(shuffled, new Random(7));
        for (String value : shuffled) {
          sql.execute("insert into " + name + " values (" + value + ", 1), (" + value + ", 2)");
        }
        String order = postgres || maria ? "k, n" : "K, N";
        List<Integer> expected =
            sql.queryForList("select n from " + name + " order by " + order, Integer.class);
        long distinct = type.getValue().size();

        TableInput input = TableInput.find(table(name), database);
        List<String> keys = new ArrayList<>();
        List<Integer> read = new ArrayList<>();
        everyRowAnew(input, only(input), keys, read);

        assertThat(read).as(type.getKey()).isEqualTo(expected);
        assertThat(keys).doesNotHaveDuplicates().hasSize(2 * (int) distinct);
        List<Slice.Rows> cut = input.cut(new PartitionDefinition.Balanced("k", 2, null, 1));
        assertThat(cut.stream().mapToLong(Slice.Rows::rows).sum()).isEqualTo(2 * distinct);
        List<String> again = new ArrayList<>();
        cut.forEach(slice -> everyRowAnew(input, slice, again, new ArrayList<>()));
        assertThat(again).isEqualTo(keys);
      }
    }
  }

  /** Opens the source anew for each row, at the place that was stored behind the row before. */
  private static void everyRowAnew(
      TableInput input, Slice.Rows slice, List<String> keys, List<Integer> read) {
    Slice.Rows stored = (Slice.Rows) SliceJson.read(SliceJson.write(slice));
    Position at = null;
    for (boolean ended = false; !ended; ) {
      try (ChunkSource<Row> source = input.source(stored)) {
        source.open(at);
        ReadChunk<Row> chunk = source.read(1, null);
        ended = chunk == null;
        if (chunk != null) {
          at = source.position();
          keys.add(at.key());
          read.add(Math.toIntExact((Long) chunk.item(0).get("n")));
        }
      } catch (Exception failure) {
        throw new AssertionError(failure);
      }
    }
  }

  /** In pages, and begun anew in the middle: the end of a range counts on every page of it. */
  @EveryDatabase
  void readsEachPartOfAKeyToItsEndAndNoFurther(TestDatabase databases) throws Exception {
    try (databases) {
      Database database = databases.empty("source");
      JdbcTemplate sql = new JdbcTemplate(database.dataSource());
      sql.execute("create table pairs (a bigint not null, b varchar(9) not null, primary key (a, b))");
      sql.batchUpdate(
          "insert into pairs values (?, ?)",
          IntStream.range(0, 1_000).mapToObj(i -> new Object[] {i / 7L, "b" + i % 7}).toList());
      TableInput input = TableInput.find(table("pairs"), database);
      List<Slice.Rows> slices = input.cut(new PartitionDefinition.Balanced(null, 3, null, 1));
      List<String> read = new ArrayList<>();
      for (Slice.Rows slice : slices) {
        Position at = null;
        for (int done = 0; done < slice.rows(); done += 110) {
          try (ChunkSource<Row> source = input.source(slice)) {
            source.open(at);
            ReadChunk<Row> chunk = source.read(110, null);
            IntStream.range(0, chunk.size()).forEach(i -> read.add(chunk.item(i).toString()));
            at = source.position();
            boolean last = done + 110 >= slice.rows();
            assertThat(source.read(110, null) == null).as("end at row %d", done).isEqualTo(last);
          }
        }
      }
      assertThat(slices).extracting(Slice.Rows::rows).containsExactly(334L, 334L, 332L);
      assertThat(read).hasSize(1_000).doesNotHaveDuplicates();
    }
  }

  @EveryDatabase
  void fetchesOnePageToGoOnHoweverFarItHadGot(TestDatabase databases) throws Exception {
    try (databases) {
      Database database = withRows(databases, 20_000);
      TableInput input = TableInput.find(table("orders"), database);
      for (double done : new double[] {0.01, 0.5, 0.99}) {
        int index = (int) (20_000 * done);
        Position from = new Position("[\"" + (index - 1) + "\"]", index, 0);
        try (TableSource source = (TableSource) input.source(only(input))) {
          source.open(from);
          ReadChunk<Row> chunk = source.read(500, null);
          assertThat(chunk.item(0).get("id")).isEqualTo((long) index);
          assertThat(chunk.ordinal(0)).isEqualTo(index);
          assertThat(source.rowsFetched()).isLessThanOrEqualTo(500);
        }
      }
    }
  }

  // -- rows that come and go --

  @EveryDatabase
  void seesEveryRowThatStaysOnceWhateverComesAndGoes(TestDatabase databases) throws Exception {
    try (databases) {
      Database database = withRows(databases, 1_000);
      JdbcTemplate sql = new JdbcTemplate(database.dataSource());
      TableInput input = TableInput.find(table("orders"), database);
      List<Long> read = new ArrayList<>();
      List<Long> gone = new ArrayList<>();
      try (ChunkSource<Row> source = input.source(only(input))) {
        source.open(null);
        for (ReadChunk<Row> chunk; (chunk = source.read(100, null)) != null; ) {
          for (int i = 0; i < chunk.size(); i++) {
            read.add((Long) chunk.item(i).get("id"));
          }
          long last = read.get(read.size() - 1);
          gone.add(last + 3);
          sql.update("delete from orders where id in (?, ?)", last - 3, last + 3);
          sql.update("insert into orders values (?, 'behind'), (?, 'ahead')", -last - 1, last + 5_000);
          sql.update("update orders set name = 'changed' where id = ?", last);
          if (last > 5_000) {
            break;
          }
        }
      }
      List<Long> old = read.stream().filter(id -> id >= 0 && id < 1_000).toList();
      List<Long> expected =
          LongStream.range(0, 1_000).boxed().filter(id -> !gone.contains(id)).toList();
      assertThat(old).isEqualTo(expected);
      assertThat(read).doesNotHaveDuplicates().noneMatch(id -> id < 0);
      assertThat(read).contains(5_099L);
    }
  }

  /** A range that is done begins behind a row; that it is gone meanwhile must not pass it by. */
  @EveryDatabase
  void stopsWhereADoneRangeBeginsThoughItsRowIsGone(TestDatabase databases) throws Exception {
    try (databases) {
      Database database = withRows(databases, 50);
      TableInput input = TableInput.find(table("orders"), database);
      new JdbcTemplate(database.dataSource()).update("delete from orders where id between 18 and 21");
      Position stop = new Position("[\"19\"]", 20, 0);
      try (ChunkSource<Row> source = input.source(only(input))) {
        source.open(new Position("[\"9\"]", 10, 0));
        ReadChunk<Row> chunk = source.read(100, stop);
        assertThat(chunk.size()).isEqualTo(8);
        assertThat(source.atEnd()).isFalse();
        assertThat(source.read(100, stop)).isNull();
        assertThat(source.position().isAt(stop)).isTrue();
        source.seek(new Position("[\"29\"]", 30, 0));
        assertThat(source.read(3, null).item(0).get("id")).isEqualTo(30L);
      }
    }
  }

  // -- values that are missing, or come later --

  @EveryDatabase
  void givesEveryRowToOnePartitionAlsoOneThatComesLater(TestDatabase databases) throws Exception {
    try (databases) {
      Database database = databases.empty("source");
      JdbcTemplate sql = new JdbcTemplate(database.dataSource());
      sql.execute("create table people (id bigint not null primary key, age integer)");
      sql.execute("insert into people values (1, 10), (2, 20), (3, null), (4, 30), (5, 40)");
      TableInput input = TableInput.find(table("people"), database);
      for (PartitionDefinition rule :
          List.of(
              new PartitionDefinition.Range("age", 3, null, 1),
              new PartitionDefinition.Balanced("AGE", 2, null, 1),
              new PartitionDefinition.Values("age", 1),
              new PartitionDefinition.Hash("age", 3, null, 1),
              new PartitionDefinition.Hash(null, 3, null, 1))) {
        List<Slice.Rows> slices = input.cut(rule);
        sql.execute("insert into people values (6, null), (7, -99), (8, 25), (9, 999)");
        List<Long> read = new ArrayList<>();
        for (Slice.Rows slice : slices) {
          read.addAll(ids(input, slice));
        }
        assertThat(read).as(rule.toString()).containsExactlyInAnyOrder(
            1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        sql.execute("delete from people where id > 5");
      }
    }
  }

  // -- what is refused --

  @EveryDatabase
  void refusesWhatCannotBeReadAlongAKey(TestDatabase databases) throws Exception {
    try (databases) {
      Database database = databases.empty("source");
      JdbcTemplate sql = new JdbcTemplate(database.dataSource());
      sql.execute("create table plain (a bigint, b double precision not null, c varchar(9))");
      sql.execute("create table keyed (id bigint not null primary key, name varchar(9),"
          + " twin bigint unique)");
      sql.execute("insert into keyed values (1, 'a', null), (2, 'a', null)");
      assertRefused(database, table("plian"), "there is no table 'plian' to read. Did you mean");
      assertRefused(database, table("plain"), "table plain has no primary key. Say with 'key' which"
          + " columns tell its rows apart: those of a unique index, none of them null");
      assertRefused(database, keyed("plain", "b"), "of table plain cannot be in the key: its values"
          + " cannot be compared with what was read before.");
      assertRefused(database, keyed("plain", "c"), "of table plain cannot be in the key, since it"
          + " may be null: such rows would not be read.");
      assertRefused(database, keyed("keyed", "twin"), "since it may be null");
      assertRefused(database, keyed("keyed", "nmae"), "table keyed has no column 'nmae'. Did you");
      assertRefused(
          database,
          query("select name, id from keyed", "name"),
          "the query has several rows with one key");
      assertRefused(
          database,
          query("select twin from keyed", "twin"),
          "the query has rows whose key");
      TableInput input = TableInput.find(table("keyed"), database);
      assertThatThrownBy(() -> input.cut(new PartitionDefinition.Range("name", 4, null, 1)))
          .hasMessageContaining("cannot be cut 'by: range', which needs numbers, dates or"
              + " timestamps. Use 'by: balanced' or 'by: hash'");
      assertThatThrownBy(
              () ->
                  input.cut(
                      new PartitionDefinition.Time(
                          "id",
                          PartitionDefinition.Time.Every.DAY,
                          java.time.ZoneOffset.UTC,
                          1)))
          .hasMessageContaining("cannot be cut 'by: time', which needs dates or timestamps");
    }
  }

  private static void assertRefused(
      Database database, ReadDefinition.Jdbc definition, String message) {
    assertThatThrownBy(() -> TableInput.find(definition, database).cut(WHOLE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @EveryDatabase
  void readsQueriesAndHarmsNothingByHostileNames(TestDatabase databases) throws Exception {
    try (databases) {
      Database database = withRows(databases, 10);
      JdbcTemplate sql = new JdbcTemplate(database.dataSource());
      String hostile = "x\"; drop table orders; --`?";
      String quoted = databases.quoted(hostile);
      sql.execute("create table " + databases.quoted("t\"`; --") + " (" + quoted
          + " varchar(40) not null primary key)");
      sql.update("insert into " + databases.quoted("t\"`; --") + " values ('''; drop table orders')");

      TableInput input =
          TableInput.find(table("\"t\"\"`; --\""), database);
      assertThat(rows(input, only(input))).hasSize(1);
      assertThat(input.cut(new PartitionDefinition.Hash(hostile, 2, null, 1))).hasSize(2);
      assertThat(input.cut(new PartitionDefinition.Balanced(hostile, 2, null, 1))).isNotEmpty();
      TableInput query =
          TableInput.find(query("select id as n, name from orders where id > 4 -- why?", "n"), database);
      assertThat(query.cut(new PartitionDefinition.Range(null, 2, null, 1))
              .stream().mapToInt(slice -> rows(query, slice).size()).sum())
          .isEqualTo(5);
      assertThat(sql.queryForObject("select count(*) from orders", Integer.class)).isEqualTo(10);
    }
  }

  // -- fixtures --

  static ReadDefinition.Jdbc table(String table) {
    return new ReadDefinition.Jdbc(null, table, null, List.of(), List.of());
  }

  private static ReadDefinition.Jdbc keyed(String table, String key) {
    return new ReadDefinition.Jdbc(null, table, null, List.of(key), List.of());
  }

  private static ReadDefinition.Jdbc query(String query, String key) {
    return new ReadDefinition.Jdbc(null, null, query, List.of(key), List.of());
  }

  static Slice.Rows only(TableInput input) {
    return input.cut(WHOLE).get(0);
  }

  private static Database withRows(TestDatabase databases, int rows) {
    Database database = databases.empty("source");
    JdbcTemplate sql = new JdbcTemplate(database.dataSource());
    sql.execute("create table orders (id bigint not null primary key, name varchar(20))");
    sql.batchUpdate(
        "insert into orders values (?, ?)",
        IntStream.range(0, rows).mapToObj(i -> new Object[] {(long) i, "o" + i}).toList());
    return database;
  }

  private static List<Long> ids(TableInput input, Slice.Rows slice) {
    return rows(input, slice).stream().map(row -> (Long) row.get("id")).toList();
  }

  static List<Row> rows(TableInput input, Slice.Rows slice) {
    List<Row> rows = new ArrayList<>();
    try (ChunkSource<Row> source = input.source(slice)) {
      source.open(null);
      for (@Nullable ReadChunk<Row> chunk; (chunk = source.read(3, null)) != null; ) {
        for (int i = 0; i < chunk.size(); i++) {
          rows.add(chunk.item(i));
        }
      }
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
    return rows;
  }
}
