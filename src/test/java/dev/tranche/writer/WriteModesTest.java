package dev.tranche.writer;

import static dev.tranche.writer.TargetFixture.columns;
import static dev.tranche.writer.TargetFixture.load;
import static dev.tranche.writer.TargetFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.WriteException;
import dev.tranche.definition.WriteDefinition.Jdbc;
import dev.tranche.definition.WriteDefinition.Jdbc.Mode;
import dev.tranche.row.Columns;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.List;
import java.util.Map;

/** {@code mode: update} and {@code delete}, and {@code columns}. */
class WriteModesTest {

  private static final Columns COLUMNS = columns("born:date", "id:long", "name:string");

  private static Jdbc mode(Mode mode, String table, Map<String, String> columns, String... key) {
    return new Jdbc("target", table, mode, List.of(key), false, columns);
  }

  private static Jdbc mode(Mode mode, String table, String... key) {
    return mode(mode, table, Map.of(), key);
  }

  private static List<String> names(TargetFixture world) {
    return world.sql.queryForList("select name from t order by id", String.class);
  }

  private static void createTable(TargetFixture world) {
    world.sql.execute("create table t (id integer primary key, born date, name varchar(20))");
    world.sql.execute("insert into t values (1, null, 'a'), (2, null, 'b'), (3, null, 'c')");
  }

  @EveryDatabase
  void updatesTheRowsThatAreThereByTheLastOfEqualKeys(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      createTable(world);

      load(
          world,
          mode(Mode.UPDATE, "t", "id"),
          COLUMNS,
          row(COLUMNS, null, 3L, "first"),
          row(COLUMNS, null, 2L, "b"), // the same as it is
          row(COLUMNS, null, 3L, "last"));

      assertThat(names(world)).containsExactly("a", "b", "last");
    }
  }

  @EveryDatabase
  void blamesARowThatHasNoneToUpdate(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      createTable(world);
      assertThatThrownBy(
              () -> load(world, mode(Mode.UPDATE, "t", "id"), COLUMNS, row(COLUMNS, null, 9L, "x")))
          .isInstanceOf(WriteException.class)
          .hasMessageMatching("table '(?i:t)' has no row to update with id = 9");
      assertThatThrownBy(() -> load(
              world,
              mode(Mode.UPDATE, "t", "id"),
              COLUMNS,
              row(COLUMNS, null, 1L, "x"),
              row(COLUMNS, null, 9L, "x")))
          .isInstanceOf(WriteException.class);
      assertThat(names(world)).as("of a chunk all or nothing").containsExactly("a", "b", "c");
    }
  }

  @EveryDatabase
  void deletesByTheKeyAloneWhateverElseARowHas(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      createTable(world);
      Columns columns = columns("unknown:string", "id:long");

      load(
          world,
          mode(Mode.DELETE, "t", "id"),
          columns,
          row(columns, "x", 3L),
          row(columns, "x", 9L),
          row(columns, "x", 1L));

      assertThat(names(world)).containsExactly("b");
      assertThat(world.stored().checkpoint().tally().written()).isEqualTo(3);
    }
  }

  @EveryDatabase
  void writesTheColumnsThatAreNamedFromThoseTheyAreNamedWith(TestDatabase databases)
      throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      createTable(world);
      Columns columns = columns("nr:long", "x\"; drop table t; --:string", "unused:string");
      Map<String, String> mapping = Map.of("ID", "nr", "name", "x\"; drop table t; --");

      load(world, mode(Mode.INSERT, "t", mapping), columns, row(columns, 4L, "d", "u"));
      load(world, mode(Mode.UPDATE, "t", mapping, "nr"), columns, row(columns, 1L, "A", "u"));
      load(world, mode(Mode.UPSERT, "t", mapping, "nr"), columns, row(columns, 2L, "B", "u"));

      assertThat(names(world)).containsExactly("A", "B", "c", "d");
      assertThatThrownBy(
              () -> load(world, mode(Mode.INSERT, "t", Map.of("id", "numbr")), columns("number:long")))
          .isInstanceOf(UnfitTableException.class)
          .hasMessage("the rows have no column 'numbr', which 'write.columns' names. Did you mean"
              + " 'number'?");
    }
  }

  @EveryDatabase
  void createsTheTableWithTheNamesItIsToHave(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      Columns columns = columns("a:string", "b:long");
      Jdbc definition = new Jdbc(
          "target", "made", Mode.UPSERT, List.of("b"), true, Map.of("number", "b", "text", "a"));
      load(world, definition, columns, row(columns, "x", 1L));
      load(world, definition, columns, row(columns, "y", 1L));
      assertThat(world.sql.queryForList("select text from made where number = 1", String.class))
          .containsExactly("y");
    }
  }

  @EveryDatabase
  void saysWhatIsMissingForAnUpdate(TestDatabase databases) throws Exception {
    try (databases;
        TargetFixture world = new TargetFixture(databases)) {
      world.sql.execute("create table t (id integer, born date, name varchar(20))");
      assertThatThrownBy(() -> load(world, mode(Mode.UPDATE, "t", "id"), COLUMNS))
          .isInstanceOf(UnfitTableException.class)
          .hasMessageContaining("no primary key or unique index on exactly (id), which update needs");
      world.sql.execute("create unique index one on t (id)");
      assertThatThrownBy(() -> load(world, mode(Mode.UPDATE, "t", "id"), columns("id:long")))
          .isInstanceOf(UnfitTableException.class)
          .hasMessageMatching("table '(?i:t)' would get nothing but its key, so that nothing is"
              + " updated\\.");
    }
  }
}
