package dev.tranche.writer;

import static dev.tranche.writer.TargetFixture.columns;
import static dev.tranche.writer.TargetFixture.insert;
import static dev.tranche.writer.TargetFixture.load;
import static dev.tranche.writer.TargetFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.chunk.WriteException;
import dev.tranche.row.Columns;
import dev.tranche.row.Row;
import dev.tranche.store.Schema;
import dev.tranche.testing.TestDatabase;
import dev.tranche.testing.TestDatabase.Kind;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopyTest {

  private static final Columns COLUMNS = columns("id:long", "text:string");
  private static TestDatabase databases;

  private TargetFixture world;

  @BeforeAll
  static void start() {
    databases = new TestDatabase(Kind.POSTGRESQL);
  }

  @AfterAll
  static void stop() throws Exception {
    databases.close();
  }

  @BeforeEach
  void freshTable() {
    world = new TargetFixture(databases);
    world.sql.execute("drop schema public cascade; create schema public");
    Schema.initialize(world.database, Schema.Part.TARGET);
    world.sql.execute("create table t (id bigint, text text)");
  }

  @Test
  void copiesWhereAnInsertIsAskedFor() throws Exception {
    assertThat(new JdbcWriting(insert("t"), world.database, COLUMNS, null).sql())
        .containsExactly("copy \"public\".\"t\" (\"id\", \"text\") from stdin (format binary)");
  }

  /** In parts of 64 KB, which cut rows and characters anywhere. */
  @Test
  void givesBackAnyText() throws Exception {
    Random random = new Random(7);
    List<String> texts = IntStream.range(0, 3000).mapToObj(n -> anyText(random)).toList();

    load(world, insert("t"), COLUMNS, IntStream.range(0, texts.size())
        .mapToObj(n -> row(COLUMNS, (long) n, texts.get(n)))
        .toArray(Row[]::new));

    assertThat(world.sql.queryForList("select text from t order by id", String.class))
        .isEqualTo(texts);
  }

  private static String anyText(Random random) {
    String marks = "\\\t\n\r\b.N'\"{},xé€\u0001\uFFFF";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(80); i > 0; i--) {
      text.appendCodePoint(
          random.nextInt(9) == 0 ? 0x1F30B : marks.charAt(random.nextInt(marks.length())));
    }
    return text.toString();
  }

  @Test
  void refusesHalfACharacterAndGoesOnWithTheConnection() throws Exception {
    assertThatThrownBy(
            () -> load(world, insert("t"), COLUMNS, row(COLUMNS, 1L, "x"), row(COLUMNS, 2L, "\uD83C")))
        .isInstanceOf(WriteException.class)
        .hasMessage("column 'text' holds the character U+D83C, which UTF-8 cannot write");
    load(world, insert("t"), COLUMNS, row(COLUMNS, 3L, "x"));
    assertThat(world.sql.queryForList("select id from t", Long.class)).containsExactly(3L);
  }

  @Test
  void saysNothingOfLinesOfTextThatNobodyWrote() throws Exception {
    world.sql.execute("create unique index only_one on t (id)");
    assertThatThrownBy(
            () -> load(world, insert("t"), COLUMNS, row(COLUMNS, 1L, "x"), row(COLUMNS, 1L, "y")))
        .isInstanceOf(WriteException.class)
        .hasMessage("ERROR: duplicate key value violates unique constraint \"only_one\"\n"
            + "  Detail: Key (id)=(1) already exists.");
  }

  /** COPY would fail, or do something else than an insert. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v | create view v as select * from t",
        "t | create rule twice as on insert to t do also insert into other values (1)",
        "n | create table n (id bigint generated always as identity, text text)",
      })
  void insertsWhereCopyIsNotTheSame(String table, String sql) throws Exception {
    world.sql.execute("create table other (id bigint)");
    world.sql.execute(sql);
    Columns columns = table.equals("n") ? columns("text:string") : COLUMNS;
    JdbcWriting writing = new JdbcWriting(insert(table), world.database, columns, null);
    writing.prepare();

    Row row = table.equals("n") ? row(columns, "x") : row(columns, 1L, "x");
    load(world, writing, row);

    assertThat(writing.sql()).singleElement().asString().startsWith("insert into ");
    assertThat(world.sql.queryForList("select text from " + table, String.class))
        .containsExactly("x");
    assertThat(world.count("other")).isEqualTo(sql.contains("rule") ? 1 : 0);
  }
}
