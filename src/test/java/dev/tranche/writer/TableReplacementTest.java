package dev.tranche.writer;

import static dev.tranche.writer.TargetFixture.columns;
import static dev.tranche.writer.TargetFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.WriteException;
import dev.tranche.definition.WriteDefinition.Jdbc;
import dev.tranche.row.Columns;
import dev.tranche.row.Digest;
import dev.tranche.row.Row;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Claim;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.Position;
import dev.tranche.store.SupersededException;
import dev.tranche.store.Tally;
import dev.tranche.testing.Background;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import dev.tranche.testing.TestDatabase.Kind;
import dev.tranche.writer.Publication.Progress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code mode: replace}: what stays, what is refused, and what readers see. */
class TableReplacementTest {

  private static final Columns COLUMNS = columns("id:long", "name:string");
  private static final Jdbc REPLACE =
      new Jdbc("target", "t", Jdbc.Mode.REPLACE, List.of(), false, Map.of());

  /** One run: its writing, its only partition, and its publishing. */
  private static final class Load {

    private final TargetFixture world;
    private final String layout = UUID.randomUUID().toString();
    private final JdbcWriting writing;
    private final Publication publication;

    private Load(TargetFixture world) throws Exception {
      this.world = world;
      this.writing = new JdbcWriting(REPLACE, world.database, COLUMNS, null);
      writing.prepare();
      this.publication = writing.publication(layout);
      publication.stage(publication.progress(), hold());
    }

    private Publication.Hold hold() {
      return new Publication.Hold(world.database, connection -> true);
    }

    private Load write(Row... rows) throws Exception {
      try (ChunkTarget<Object> target = writing.target(new PartitionKey(layout, 1))) {
        Claim claim = target.claim(0, false);
        Tally tally = new Tally(rows.length, rows.length, 0, 0, 0, 0);
        Checkpoint whole =
            new Checkpoint(new Position("end", 0, 0), Digest.NONE, List.of(), tally, true);
        long[] keys = LongStream.range(0, rows.length).toArray();
        target.commit(
            new ChunkTarget.Commit<>(claim.fence(), whole, List.of(), List.of((Object[]) rows), keys));
      }
      return this;
    }

    private boolean publish() throws Exception {
      return publication.publish(1, hold(), () -> false);
    }

    private String staging() {
      return "tranche_staging_" + layout.replace("-", "");
    }
  }

  private static Row person(long id, String name) {
    return row(COLUMNS, id, name);
  }

  private static List<String> names(TargetFixture world, String table) {
    return world.sql.queryForList("select name from " + table + " order by id", String.class);
  }

  private static boolean isThere(TargetFixture world, String table) {
    return !world.sql
        .queryForList(
            "select 1 from INFORMATION_SCHEMA.TABLES where TABLE_NAME = '" + table + "'")
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"H2_FILE", "H2_MEMORY", "POSTGRESQL"})
  void replacesAllRowsAtOnceAndLeavesTheTableWhatItWas(Kind kind) throws Exception {
    try (TestDatabase databases = new TestDatabase(kind);
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table parent (name varchar(20) primary key)");
      world.sql.execute("insert into parent values ('old'), ('new'), ('newer')");
      world.sql.execute(
          "create table t (id int primary key, note varchar(9) default 'none' not null,"
              + " name varchar(20) not null references parent (name))");
      world.sql.execute("create view v as select id, name, note from t");
      world.sql.execute("insert into t values (1, 'x', 'old'), (2, 'x', 'old')");
      Load load = new Load(world).write(person(2, "new"), person(3, "newer"));
      assertThat(names(world, "v")).as("before it is published").containsExactly("old", "old");

      assertThat(load.publish()).isTrue();

      assertThat(names(world, "v")).containsExactly("new", "newer");
      assertThat(world.sql.queryForList("select distinct note from v", String.class))
          .containsExactly("none");
      assertThatThrownBy(() -> world.sql.execute("delete from parent where name = 'new'"))
          .hasMessageMatching("(?is).*(foreign key|referential).*");
      load.publication.discard(load.layout);
      assertThat(isThere(world, load.staging())).isFalse();
      world.sql.execute("delete from t");
      assertThat(load.publish()).as("done already").isTrue();
      assertThat(world.count("t")).isZero();
    }
  }

  @Test
  void keepsGrantsAndRowsThatOthersReferToOnPostgres() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.POSTGRESQL);
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (id int primary key, name text)");
      world.sql.execute("create table child (id int references t)");
      world.sql.execute("insert into t values (1, 'old'), (2, 'old')");
      world.sql.execute("insert into child values (2)");
      world.sql.execute("grant select on t to public");

      assertThat(new Load(world).write(person(2, "new"), person(3, "new")).publish()).isTrue();

      assertThat(names(world, "t")).containsExactly("new", "new");
      assertThat(world.sql.queryForObject("select relacl::text from pg_class where relname = 't'",
              String.class))
          .contains("=r/");
      Load orphans = new Load(world).write(person(3, "newest"));
      assertThatThrownBy(orphans::publish)
          .isInstanceOf(PublicationException.class)
          .hasMessageStartingWith(
              "table 't' cannot be replaced from staging table 'public." + orphans.staging()
                  + "', where all its rows are safe: ERROR: update or delete on table \"t\" violates"
                  + " foreign key constraint \"child_id_fkey\" on table \"child\"");
      assertThat(names(world, "t")).containsExactly("new", "new");
      world.sql.execute("delete from child");
      assertThat(orphans.publish()).as("with the same rows").isTrue();
      assertThat(names(world, "t")).containsExactly("newest");
    }
  }

  /** In one snapshot, or in one statement after the other: the old rows or the new ones. */
  @ParameterizedTest
  @EnumSource(names = {"H2_MEMORY", "POSTGRESQL"})
  void showsReadersAllOldRowsOrAllNewOnes(Kind kind) throws Exception {
    try (TestDatabase databases = new TestDatabase(kind);
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (id int primary key, name varchar(20))");
      world.sql.execute("insert into t values (1, 'old'), (2, 'old')");
      Row[] rows =
          LongStream.rangeClosed(1, 2000).mapToObj(id -> person(id, "new")).toArray(Row[]::new);
      Load load = new Load(world).write(rows);
      try (Connection snapshot = world.database.connect()) {
        snapshot.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        assertThat(seen(snapshot)).isEqualTo("2 old");
        CompletableFuture<Boolean> publishing = CompletableFuture.supplyAsync(() -> {
          try {
            return load.publish();
          } catch (Exception error) {
            throw new IllegalStateException(error);
          }
        });
        try (Connection reader = world.database.connect()) {
          while (!publishing.isDone()) {
            assertThat(seen(reader)).isIn("2 old", "2000 new");
            reader.commit();
          }
          assertThat(publishing.join()).isTrue();
          assertThat(seen(reader)).isEqualTo("2000 new");
        }
        assertThat(seen(snapshot)).as("in a transaction that is older").isEqualTo("2 old");
      }
    }
  }

  private static String seen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select count(*), min(name), max(name) from t")) {
      row.next();
      assertThat(row.getString(2)).isEqualTo(row.getString(3));
      return row.getLong(1) + " " + row.getString(2);
    }
  }

  /** As a lost connection leaves it whose commit was on its way, or another process that is late. */
  @Test
  void makesItsStagingTableWhileOneOfTheSameNameIsStillBeingMade() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.POSTGRESQL);
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (id int primary key, name varchar(20))");
      JdbcWriting writing = new JdbcWriting(REPLACE, world.database, COLUMNS, null);
      writing.prepare();
      String layout = UUID.randomUUID().toString();
      Publication publication = writing.publication(layout);
      var hold = new Publication.Hold(world.database, connection -> true);
      try (Connection late = world.database.connect();
          Statement statement = late.createStatement()) {
        statement.execute(
            "create table tranche_staging_" + layout.replace("-", "") + " (like t)");
        CompletableFuture<Void> staging =
            Background.run(() -> stageQuietly(publication, hold));
        databases.awaitBlockedSession("target");
        late.commit();
        staging.join();
      }
      assertThat(publication.progress()).isEqualTo(Progress.BEGUN);
    }
  }

  private static void stageQuietly(Publication publication, Publication.Hold hold) {
    try {
      publication.stage(Progress.NOT_BEGUN, hold);
    } catch (Exception error) {
      throw new AssertionError(error);
    }
  }

  /** So that a bad row is found where it is written, and not when everything else is. */
  @ParameterizedTest
  @EnumSource(names = {"H2_MEMORY", "POSTGRESQL"})
  void refusesBeforehandTheRowsThatTheTableWouldRefuse(Kind kind) throws Exception {
    try (TestDatabase databases = new TestDatabase(kind);
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (id int primary key, a int, name varchar(4) not null,"
          + " unique (name), unique (a))");
      Load load = new Load(world);
      assertThatThrownBy(() -> load.write(person(1, null)))
          .isInstanceOf(WriteException.class)
          .hasMessageStartingWith("column 'name' has no value; the table needs one (");
      assertThatThrownBy(() -> load.write(person(1, "longer")))
          .isInstanceOf(WriteException.class)
          .hasMessageStartingWith("column 'name' has 6 characters; the table takes 4 at most");
      assertThatThrownBy(() -> load.write(person(1, "a"), person(1, "b")))
          .isInstanceOf(WriteException.class);
      assertThatThrownBy(() -> load.write(person(1, "a"), person(2, "a")))
          .isInstanceOf(WriteException.class);
      assertThat(load.write(person(1, "a"), person(2, "b")).publish()).isTrue();
      assertThat(names(world, "t")).containsExactly("a", "b");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2_MEMORY", "POSTGRESQL"})
  void publishesNothingWithoutEveryRowThatCounts(Kind kind) throws Exception {
    try (TestDatabase databases = new TestDatabase(kind);
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (id int primary key, name varchar(20))");
      world.sql.execute("insert into t values (1, 'old')");
      Load load = new Load(world).write(person(2, "new"), person(3, "new"));
      String schema = kind == Kind.POSTGRESQL ? "public" : "PUBLIC";
      world.sql.execute("delete from \"" + load.staging() + "\" where \""
          + (kind == Kind.POSTGRESQL ? "id" : "ID") + "\" = 3");
      assertThatThrownBy(load::publish)
          .isInstanceOf(PublicationException.class)
          .hasMessage("staging table '" + schema + "." + load.staging() + "' has 1 rows, and 2 rows"
              + " of it count: nothing is replaced. Give this run up and run the job anew");
      world.sql.execute("drop table \"" + load.staging() + "\"");
      assertThat(load.publication.progress()).isEqualTo(Progress.BEGUN);
      for (var call : List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
          load::publish, () -> load.publication.stage(Progress.BEGUN, load.hold()))) {
        assertThatThrownBy(call)
            .isInstanceOf(PublicationException.class)
            .hasMessage("staging table '" + schema + "." + load.staging() + "' is missing, and 2"
                + " rows of it count: nothing is replaced. Give this run up and run the job anew");
      }
      assertThat(names(world, "t")).containsExactly("old");
    }
  }

  /** Two job repositories do not know of each other: the rows of one of them are there, whole. */
  @ParameterizedTest
  @EnumSource(names = {"H2_MEMORY", "POSTGRESQL"})
  void letsOneOfTwoWholeLoadsWin(Kind kind) throws Exception {
    try (TestDatabase databases = new TestDatabase(kind);
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (id int, name varchar(20))");
      Load one = new Load(world).write(person(1, "one"), person(2, "one"));
      Load two = new Load(world).write(person(1, "two"), person(2, "two"));
      if (kind == Kind.POSTGRESQL) {
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> publishQuietly(one));
        publishQuietly(two);
        first.join();
      } else {
        publishQuietly(one);
        publishQuietly(two);
      }
      assertThat(names(world, "t")).hasSize(2).containsAnyOf("one", "two");
      assertThat(world.sql.queryForList("select distinct name from t")).hasSize(1);
    }
  }

  private static void publishQuietly(Load load) {
    try {
      assertThat(load.publish()).isTrue();
    } catch (Exception error) {
      throw new AssertionError(error);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2_MEMORY", "POSTGRESQL"})
  void letsNobodyPublishWhoHasLostTheRun(Kind kind) throws Exception {
    try (TestDatabase databases = new TestDatabase(kind);
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (id int, name varchar(20))");
      Load load = new Load(world).write(person(1, "new"));
      var lost = new Publication.Hold(world.database, connection -> false);
      assertThatThrownBy(() -> load.publication.publish(1, lost, () -> false))
          .isInstanceOf(SupersededException.class)
          .hasMessage("the publishing is owned by another attempt: another process runs this job"
              + " instance");
      assertThat(load.publication.publish(1, load.hold(), () -> true)).as("stopped").isFalse();
      assertThat(world.count("t")).isZero();
    }
  }

  @EveryDatabase
  void refusesWhatCannotBeReplacedBeforeAnyRowIsWritten(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (id int primary key, name varchar(20))");
      if (databases.kind() == Kind.MARIADB) {
        assertThatThrownBy(() -> new Load(world))
            .isInstanceOf(UnfitTableException.class)
            .hasMessage("mode: replace is not for MariaDB, where a transaction that fails is undone"
                + " row by row: a crash near its end would keep the table locked for as long again."
                + " Load with mode: insert into a second table that is empty, and let a step with"
                + " sql: put it in the place of the first: rename table first to old, second to"
                + " first");
        return;
      }
      boolean postgres = databases.kind() == Kind.POSTGRESQL;
      world.sql.execute("create table child (id int, constraint parent foreign key (id)"
          + " references t (id) on delete cascade)");
      assertThatThrownBy(() -> new Load(world))
          .isInstanceOf(UnfitTableException.class)
          .hasMessage(
              postgres
                  ? "table 't' is referred to by foreign key 'parent' of table 'child', on delete"
                      + " cascade: PostgreSQL would not let its rows go and come back in one"
                      + " transaction. Use mode: upsert, or make it on delete no action"
                  : "table 'T' is referred to by foreign key 'PARENT' of table 'CHILD', on delete"
                      + " cascade: H2 would not let its rows go and come back in one transaction."
                      + " Use mode: upsert");
    }
  }

  @Test
  void refusesWhatTheUserMayNotDoBeforeAnyRowIsWritten() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.POSTGRESQL);
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (id int generated always as identity, name varchar(20))");
      assertThatThrownBy(() -> new Load(world))
          .isInstanceOf(PublicationException.class)
          .hasMessageMatching("(?s)table 't' cannot be replaced with staging table"
              + " 'public.tranche_staging_[0-9a-f]{32}' beside it: ERROR: cannot insert a non-DEFAULT"
              + " value into column \"id\".*");
    }
  }
}
