package dev.tranche.writer;

import static dev.tranche.writer.TargetFixture.columns;
import static dev.tranche.writer.TargetFixture.load;
import static dev.tranche.writer.TargetFixture.row;
import static dev.tranche.writer.TargetFixture.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.WriteException;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import dev.tranche.store.Claim;
import dev.tranche.testing.TestDatabase;
import dev.tranche.testing.TestDatabase.Kind;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.LongStream;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An upsert of large chunks into PostgreSQL, by COPY and a temporary table. */
class GatheredUpsertTest {

  private static final int LARGE = PostgresSql.GATHERED_FROM;
  private static final Columns COLUMNS = columns("id:long", "name:string");

  private TestDatabase databases;
  private TargetFixture world;

  @BeforeEach
  void start() {
    databases = new TestDatabase(Kind.POSTGRESQL);
    world = new TargetFixture(databases);
    world.sql.execute("create table t (id bigint primary key, name varchar(9) not null, n serial)");
    world.sql.execute("insert into t values (1, 'old'), (9, 'kept')");
  }

  @AfterEach
  void stop() throws Exception {
    world.close();
    databases.close();
  }

  private JdbcWriting writing(int chunk) throws Exception {
    return writing(chunk, chunk);
  }

  private JdbcWriting writing(int chunk, int largest) throws Exception {
    JdbcWriting writing =
        new JdbcWriting(
            upsert("t", "id"),
            world.database,
            COLUMNS,
            Duration.ofSeconds(30),
            chunk,
            largest);
    writing.prepare();
    return writing;
  }

  private List<String> names() {
    return world.sql.queryForList("select name from t order by id", String.class);
  }

  @Test
  void isChosenByTheSizeOfTheChunksAndShown() throws Exception {
    assertThat(writing(LARGE - 1).sql()).singleElement().asString().startsWith("insert into ");
    assertThat(writing(LARGE).sql())
        .containsExactly(
            "create temporary table tranche_rows as select \"id\", \"name\" from"
                + " \"public\".\"t\" with no data",
            "copy pg_temp.tranche_rows (\"id\", \"name\") from stdin (format binary)",
            "insert into \"public\".\"t\" (\"id\", \"name\") select \"id\", \"name\" from"
                + " pg_temp.tranche_rows on conflict (\"id\") do update set \"name\" ="
                + " excluded.\"name\"",
            "drop table pg_temp.tranche_rows");
  }

  @Test
  void letsTheLastOfEqualKeysWinAndInsertsInTheOrderOfTheKeys() throws Exception {
    load(
        world,
        writing(LARGE),
        row(COLUMNS, 3L, "three"),
        row(COLUMNS, 1L, "first"),
        row(COLUMNS, 2L, "two"),
        row(COLUMNS, 1L, "last"));

    assertThat(names()).containsExactly("last", "two", "three", "kept");
    assertThat(world.sql.queryForList("select id from t where id in (2, 3) order by n", Long.class))
        .containsExactly(2L, 3L);
    assertThat(world.stored().checkpoint().tally().written()).isEqualTo(4);
  }

  /** Of a chunk all or nothing, and the connection goes on, also with other columns. */
  @Test
  void leavesNothingBehindWhateverBecomesOfTheChunk() throws Exception {
    JdbcWriting writing = writing(LARGE);
    try (ChunkTarget<Object> target = writing.target(world.partition)) {
      Claim claim = target.claim(0, false);
      assertThatThrownBy(
              () -> target.commit(world.commit(claim, row(COLUMNS, 2L, "two"), row(COLUMNS, 3L, null))))
          .isInstanceOf(WriteException.class)
          .hasMessageContaining("null value in column \"name\"");
      assertThatThrownBy(() -> target.commit(world.commit(claim, row(COLUMNS, 3L, "far too long"))))
          .isInstanceOf(WriteException.class)
          .hasMessageStartingWith("column 'name' has 12 characters; the table takes 9 at most");
      Columns others = columns("name:string", "id:long");
      target.commit(world.commit(claim, row(COLUMNS, 2L, "two"), row(others, "three", 3L)));
    }
    assertThat(names()).containsExactly("old", "two", "three", "kept");
    assertThat(world.sql.queryForList("select relname from pg_class where relname = 'tranche_rows'"))
        .isEmpty();
  }

  /** A temporary table is not worth it for the few rows that slow items come in. */
  @Test
  void isForChunksThatHaveGrownHalfAsFar() throws Exception {
    world.sql.execute("create table seen (query text)");
    world.sql.execute("create function see() returns trigger language plpgsql as $$ begin"
        + " insert into seen values (current_query()); return null; end $$");
    world.sql.execute("create trigger sees after insert on t for each statement execute function see()");
    JdbcWriting writing = writing(1000, LARGE);
    try (ChunkTarget<Object> target = writing.target(world.partition)) {
      Claim claim = target.claim(0, false);
      target.commit(world.commit(claim, (Object[]) rows(100, LARGE / 2 - 1)));
    }
    try (ChunkTarget<Object> target = writing.target(world.partition)) {
      Claim claim = target.claim(0, true);
      target.commit(world.commit(claim, (Object[]) rows(10_000, LARGE / 2)));
    }
    assertThat(world.sql.queryForList("select query from seen", String.class))
        .satisfiesExactly(
            query -> assertThat(query).contains("unnest"),
            query -> assertThat(query).contains("pg_temp.tranche_rows"));
    assertThat(names()).hasSize(2 + LARGE - 1);
  }

  private static Row[] rows(long from, int count) {
    return LongStream.range(from, from + count)
        .mapToObj(id -> row(COLUMNS, id, "n" + id))
        .toArray(Row[]::new);
  }

  @Test
  void isNotForAUserWhoMayMakeNoTemporaryTables() throws Exception {
    String database = world.sql.queryForObject("select current_database()", String.class);
    world.sql.execute("create role \"" + database + "\"");
    try (Connection connection = world.database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("revoke temporary on database \"" + database + "\" from public");
      statement.execute("set role \"" + database + "\"");
      assertThat(new Catalog(connection, world.database.platform()).mayGather()).isFalse();
      connection.rollback();
    }
    world.sql.execute("drop role \"" + database + "\"");
    try (Connection connection = world.database.connect()) {
      assertThat(new Catalog(connection, world.database.platform()).mayGather()).isTrue();
    }
  }
}
