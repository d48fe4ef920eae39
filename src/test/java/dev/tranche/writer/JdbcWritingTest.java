package dev.tranche.writer;

import static dev.tranche.writer.TargetFixture.columns;
import static dev.tranche.writer.TargetFixture.insert;
import static dev.tranche.writer.TargetFixture.insertInto;
import static dev.tranche.writer.TargetFixture.load;
import static dev.tranche.writer.TargetFixture.row;
import static dev.tranche.writer.TargetFixture.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.WriteException;
import dev.tranche.definition.WriteDefinition.Jdbc;
import dev.tranche.row.Columns;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import dev.tranche.testing.TestDatabase.Kind;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class JdbcWritingTest {

  @EveryDatabase
  void saysWhichColumnTheDatabaseRefused(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (place varchar(4), id varchar(9) not null)");
      Columns columns = columns("place:string", "id:string");
      assertThatThrownBy(() -> load(world, insert("t"), columns, row(columns, "Alaska", "a")))
          .isInstanceOf(WriteException.class)
          .hasMessageStartingWith("column 'place' has 6 characters; the table takes 4 at most: '")
          .hasMessageContaining("too long");
      assertThatThrownBy(() -> load(world, insert("t"), columns, row(columns, "x", null)))
          .isInstanceOf(WriteException.class)
          .hasMessageStartingWith("column 'id' has no value; the table needs one (");
    }
  }

  @EveryDatabase
  void upsertsRowsAndLetsTheLastOfEqualKeysInAChunkWin(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute(
          "create table t (name varchar(20), a bigint, b numeric(5,1), primary key (b, a))");
      world.sql.execute("insert into t values ('old', 1, 1.0), ('kept', 9, 9)");
      Columns columns = columns("a:long", "b:decimal", "name:string");

      load(
          world,
          upsert("t", "a", "b"),
          columns,
          row(columns, 3L, BigDecimal.ONE, "three"),
          row(columns, 1L, BigDecimal.ONE, "first"),
          row(columns, 2L, BigDecimal.ONE, "two"),
          row(columns, 1L, new BigDecimal("1.00"), "last"));

      assertThat(world.sql.queryForList("select name from t order by b, a", String.class))
          .containsExactly("last", "two", "three", "kept");
      assertThat(world.stored().checkpoint().tally().written()).isEqualTo(4);
    }
  }

  @EveryDatabase
  void upsertsIntoATableOfNothingButItsKey(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (a bigint primary key)");
      Columns columns = columns("a:long");
      load(world, upsert("t", "a"), columns, row(columns, 1L), row(columns, 2L));
      load(world, upsert("t", "a"), columns, row(columns, 2L), row(columns, 3L));
      assertThat(world.count("t")).isEqualTo(3);
    }
  }

  @EveryDatabase
  void refusesARowWithoutItsKey(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (a bigint unique, b varchar(9))");
      Columns columns = columns("a:long", "b:string");
      assertThatThrownBy(() -> load(world, upsert("t", "a"), columns, row(columns, null, "x")))
          .isInstanceOf(WriteException.class)
          .hasMessage("column 'a' has no value; it is part of the key and must have one");
      assertThat(world.count("t")).isZero();
    }
  }

  @EveryDatabase
  void createsTheTableOnceWhoeverAsks(TestDatabase databases) throws Exception {
    ExecutorService lanes = Executors.newFixedThreadPool(8);
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      for (int round = 0; round < 5; round++) {
        Jdbc definition = insertInto("created_" + round, "id");
        Columns columns = columns("id:string", "Mixed:long", "time:timestamp");
        CountDownLatch go = new CountDownLatch(1);
        List<Future<?>> running = new ArrayList<>();
        for (int lane = 0; lane < 8; lane++) {
          running.add(lanes.submit(() -> {
            go.await();
            new JdbcWriting(definition, world.database, columns, null).prepare();
            return null;
          }));
        }
        go.countDown();
        for (Future<?> each : running) {
          each.get();
        }
        world.sql.execute("insert into created_" + round + " (id, mixed) values ('a', 1)");
        assertThatThrownBy(() -> world.sql.execute("insert into created_0 (mixed) values (1)"))
            .hasMessageMatching("(?is).*(null|doesn't have a default value).*");
      }
    } finally {
      lanes.shutdownNow();
    }
  }

  @EveryDatabase
  void takesNamesForNamesWhateverIsInThem(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table victim (a int)");
      String table = "t\"; drop table victim; --";
      String column = "x\"; drop table victim; --";
      Columns columns = columns(column + ":string", "it's:long", "select:long", "?:long");
      Jdbc definition = new Jdbc("target", table, Jdbc.Mode.UPSERT, List.of(column), true, Map.of());

      load(world, definition, columns, row(columns, "'); drop table victim; --", 1L, 2L, 3L));
      load(world, definition, columns, row(columns, "'); drop table victim; --", 4L, 5L, 6L));

      assertThat(world.count("victim")).isZero();
      assertThat(world.sql.queryForList("select * from " + databases.quoted(table)))
          .singleElement()
          .satisfies(stored -> assertThat(stored)
              .containsEntry(column, "'); drop table victim; --")
              .containsEntry("it's", 4L)
              .containsEntry("?", 6L));
    }
  }

  @EveryDatabase
  void findsTablesInOtherSchemasAndWhateverTheCaseOfTheirNames(TestDatabase databases)
      throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create schema other");
      String mixed = "other." + databases.quoted("MiXed");
      world.sql.execute("create table " + mixed + " (" + databases.quoted("Id") + " bigint, "
          + databases.quoted("a.b") + " bigint)");
      Columns columns = columns("ID:long", "A.B:long");
      load(world, insert("OTHER.mixed"), columns, row(columns, 1L, 2L));
      load(world, insert("other.\"MiXed\""), columns, row(columns, 1L, 2L));
      assertThat(world.count(mixed)).isEqualTo(2);
      if (databases.kind() == Kind.MARIADB) {
        world.sql.execute("drop schema other"); // it is a database beside the test's own
      }
    }
  }

  @EveryDatabase
  void saysEverythingThatDoesNotFitTheTable(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table earthquake (id varchar(20), magnitude numeric, depth bigint)");
      assertThatThrownBy(() -> load(world, insert("earthquak"), columns("id:string")))
          .isInstanceOf(UnfitTableException.class)
          .hasMessageEndingWith("? To have it created, set create: true.")
          .hasMessageStartingWith("there is no table 'earthquak'. Did you mean '");
      assertThatThrownBy(() -> load(
              world,
              upsert("earthquake", "id"),
              columns("id:string", "ID:string", "magnitud:long", "depth:date")))
          .isInstanceOf(UnfitTableException.class)
          .extracting(error -> ((UnfitTableException) error).problems())
          .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(String.class))
          .satisfiesExactly(
              each -> assertThat(each)
                  .matches("table '(?i:earthquake)' would get two columns of the rows in its column"
                      + " '(id|ID)'\\."),
              each -> assertThat(each)
                  .matches("table '(?i:earthquake)' has no column 'magnitud'\\. Did you mean"
                      + " '(magnitude|MAGNITUDE)'\\? Else add it to the table, or leave it out with"
                      + " drop: \\[magnitud\\]\\."),
              each -> assertThat(each)
                  .matches(
                      "table '(?i:earthquake)' has a column '(depth|DEPTH)' of type bigint, which"
                          + " cannot take the date of the rows' column 'depth'\\."),
              each -> assertThat(each)
                  .matches("table '(?i:earthquake)' has no primary key or unique index on exactly"
                      + " \\(id\\), which upsert needs\\. Add one: create unique index on .*"));
      assertThatThrownBy(() -> load(world, upsert("earthquake", "code"), columns("id:string")))
          .isInstanceOf(UnfitTableException.class)
          .hasMessage("the rows have no column 'code', which is in the key. The columns are id.");
      assertThatThrownBy(() -> load(world, insert("nowhere.t"), columns("id:string")))
          .isInstanceOf(UnfitTableException.class)
          .hasMessageStartingWith("there is no schema 'nowhere'. The schemas are ");
    }
  }

  @Test
  void refusesANameThatFitsTwoColumns() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.POSTGRESQL);
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table earthquake (\"Place\" int, \"place\" int)");
      assertThatThrownBy(() -> load(world, insert("earthquake"), columns("PLACE:long")))
          .isInstanceOf(UnfitTableException.class)
          .hasMessage("table 'earthquake' has more than one column 'PLACE': Place, place."
              + " Write the name exactly.");
    }
  }

  @EveryDatabase
  void tellsItsSqlWithoutCreatingAnything(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      Columns columns = columns("id:string", "mag:decimal", "time:timestamp");
      JdbcWriting writing = new JdbcWriting(
          new Jdbc("target", "quake", Jdbc.Mode.UPSERT, List.of("id"), true, Map.of()),
          world.database,
          columns,
          null);
      if (databases.kind() == Kind.POSTGRESQL) {
        assertThat(writing.sql())
            .containsExactly(
                "create table if not exists \"public\".\"quake\" (\"id\" text not null, \"mag\""
                    + " numeric, \"time\" timestamp with time zone, primary key (\"id\"))",
                "insert into \"public\".\"quake\" (\"id\", \"mag\", \"time\") select r.c1, r.c2,"
                    + " r.c3 from unnest(?::text[], ?::numeric[], ?::timestamptz[]) as r (c1, c2,"
                    + " c3) on conflict (\"id\") do update set \"mag\" = excluded.\"mag\","
                    + " \"time\" = excluded.\"time\"");
      } else if (databases.kind() == Kind.MARIADB) {
        String quake = world.sql.queryForObject("select concat('`', database(), '`.`quake`')", String.class);
        assertThat(writing.sql())
            .containsExactly(
                "create table if not exists " + quake + " (`id` varchar(700) not null, `mag`"
                    + " decimal(65,30), `time` datetime(6), primary key (`id`)) engine = InnoDB"
                    + " character set utf8mb4 collate utf8mb4_nopad_bin",
                "insert into " + quake + " (`id`, `mag`, `time`) values (?, ?, ?) on duplicate key"
                    + " update `mag` = values(`mag`), `time` = values(`time`)");
      } else {
        assertThat(writing.sql())
            .containsExactly(
                "create table if not exists \"PUBLIC\".\"QUAKE\" (\"ID\" character varying not"
                    + " null, \"MAG\" decfloat, \"TIME\" timestamp(9) with time zone, primary key"
                    + " (\"ID\"))",
                "merge into \"PUBLIC\".\"QUAKE\" (\"ID\", \"MAG\", \"TIME\") key (\"ID\") values"
                    + " (?, ?, ?)");
      }
      assertThatThrownBy(() -> world.count("quake")).isNotNull();
      assertThat(writing.guarantee())
          .isEqualTo("exactly once: rows and checkpoint are committed in one transaction. Of rows"
              + " with equal keys, the last one wins within a chunk; across chunks it is not"
              + " defined which one does");
      assertThat(new JdbcWriting(insert("t"), world.database, columns, null).guarantee())
          .isEqualTo("exactly once: rows and checkpoint are committed in one transaction");
    }
  }

  @EveryDatabase
  void writesRowsWhoseColumnsNobodyKnewBefore(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (a bigint, b varchar(9))");
      JdbcWriting writing = new JdbcWriting(insert("t"), world.database, null, null);
      writing.prepare();
      Columns one = columns("a:long");
      Columns other = columns("b:string", "a:long");
      load(world, writing, row(one, 1L), row(other, "x", 2L), row(other, "y", 3L), row(one, 4L));
      assertThat(world.sql.queryForList("select a from t order by a", Long.class))
          .containsExactly(1L, 2L, 3L, 4L);
      assertThatThrownBy(() -> load(world, writing, row(columns("c:long"), 1L)))
          .isInstanceOf(WriteException.class)
          .hasMessageContaining("has no column 'c'");
      assertThatThrownBy(
              () -> new JdbcWriting(insertInto("new"), world.database, null, null).prepare())
          .isInstanceOf(UnfitTableException.class)
          .hasMessageStartingWith("table 'new' is missing, and create: true needs to know");
    }
  }

  @EveryDatabase
  void keepsAChunksTransactionWholeUnderATimeout(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (a bigint primary key)");
      Columns columns = columns("a:long");
      JdbcWriting writing =
          new JdbcWriting(insert("t"), world.database, columns, Duration.ofSeconds(30));
      writing.prepare();
      assertThatThrownBy(() -> load(world, writing, row(columns, 1L), row(columns, 1L)))
          .isInstanceOf(WriteException.class);
      assertThat(world.count("t")).isZero();
      assertThat(world.stored().fence().seq()).isZero();
    }
  }
}
