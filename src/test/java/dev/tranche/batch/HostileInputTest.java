package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import dev.tranche.testing.TestDatabase.Kind;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Names, parameters and files that would do harm if they were taken for something else. */
class HostileInputTest {

  private static final String END = "\"`'; drop table victim; --";
  private static final String HOSTILE_VALUE = "x'; drop table victim; --";
  private static final int ROWS = 12;

  private static final List<String> RULES =
      List.of(
          "by: range, column: 'K', count: 3",
          "by: balanced, column: 'K', count: 3",
          "by: values, column: 'V'",
          "by: hash, column: 'V', count: 3",
          "by: time, column: 'D', every: day, zone: UTC");

  private static final List<String> MODES =
      List.of(
          "insert", "upsert, key: ['K']", "replace", "update, key: ['K']", "delete, key: ['K']");

  private static World world(TestDatabase databases) {
    World world = new World(databases);
    world.sql().sql("create table victim (id int)").update();
    world.sql().sql("insert into victim values (1)").update();
    return world;
  }

  private static void assertUnharmed(World world) {
    assertThat(world.count("select count(*) from victim")).isEqualTo(1);
  }

  /** K, V and so on in quotes, as columns that end statements: as YAML has them. */
  private static String inYaml(String text) {
    return text.replaceAll("'([KVDRN])'", "'$1" + END.replace("'", "''").replace("$", "\\$") + "'");
  }

  private static String inSql(TestDatabase databases, String text) {
    for (String column : List.of("K", "V", "D", "R", "N")) {
      text = text.replace("'" + column + "'", databases.quoted(column + END));
    }
    return text;
  }

  /** As the key, in the rules, in lookups, and in what is written, in every mode. */
  @EveryDatabase
  void quotesTheNamesOfColumnsWhereverTheyAre(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases)) {
      String moment = databases.kind() == Kind.MARIADB ? "datetime(6)" : "timestamp(6)";
      for (String name : List.of("source", "sink")) {
        world.sql()
            .sql(inSql(databases, "create table " + name + " ('K' bigint not null primary key,"
                + " 'V' varchar(90) not null, 'D' " + moment + " not null, 'N' varchar(90))"))
            .update();
      }
      world.sql().sql(inSql(databases, "create table rates ('K' bigint, 'R' varchar(90))")).update();
      for (int i = 0; i < ROWS; i++) {
        world.sql()
            .sql("insert into source values (?, ?, '2026-03-0" + (1 + i % 3) + " 00:00:00', null)")
            .params(i, HOSTILE_VALUE + i % 4)
            .update();
        world.sql().sql("insert into rates values (?, ?)").params(i, HOSTILE_VALUE + i).update();
      }
      for (int i = 0; i < MODES.size(); i++) {
        boolean refused = MODES.get(i).equals("replace") && databases.kind() == Kind.MARIADB;
        String mode = refused ? "insert" : MODES.get(i);
        world.sql().sql("delete from sink").update();
        if (mode.startsWith("update") || mode.startsWith("delete")) {
          world.sql().sql("insert into sink select * from source").update();
        }
        world.job("hostile" + i, job(RULES.get(i), mode, i % 2 == 0 ? "all" : "by-key"));

        ExecutionView execution = world.run("hostile" + i);

        assertThat(execution.failures()).as(mode).isEmpty();
        assertThat(execution.steps().get(0).partitions()).as(mode).hasSizeGreaterThan(1);
        assertThat(execution.tally().written()).as(mode).isEqualTo(ROWS);
        assertThat(world.count("select count(*) from sink where " + inSql(databases, "'N'")
                + " like 'x''; drop table victim; --%'"))
            .as(mode)
            .isEqualTo(mode.startsWith("delete") ? 0 : ROWS);
        assertUnharmed(world);
      }
    }
  }

  private static String job(String rule, String mode, String cache) {
    return inYaml(
        """
        steps:
          - name: copy
            read: { type: jdbc, table: source, key: ['K'], columns: ['K', 'V', 'D'] }
            partition: { %s }
            process:
              - lookup: { table: rates, key: { 'K': 'K' }, columns: { 'N': 'R' }, cache: %s }
            write: { type: jdbc, table: sink, mode: %s }
        """
            .formatted(rule, cache, mode));
  }

  /** Whether a parameter is text of a statement, a name, a file or a value. */
  @ParameterizedTest
  @EnumSource(names = {"H2_MEMORY", "POSTGRESQL", "MARIADB"})
  void pastesNoParameterIntoAStatement(Kind kind) throws Exception {
    try (TestDatabase databases = new TestDatabase(kind);
        World world = world(databases)) {
      world.sql().sql("create table source (k bigint not null primary key, v varchar(90))").update();
      world.sql().sql("create table sink (k bigint, v varchar(90))").update();
      world.sql().sql("insert into source values (1, ?)").param(HOSTILE_VALUE).update();
      world.sql().sql("insert into source values (2, 'other')").update();
      String table = "read: { type: jdbc, table: source }";
      String sink = "write: { type: jdbc, table: sink }";

      String pasted =
          "the value \"x'; drop table victim; --\" of parameter 'p' could change the meaning of this"
              + " statement. Only letters, digits and _ . : + - are pasted into SQL.";
      String noColumn = "has no column 'x'; drop table victim; --'";
      String query = "query: \"select k, v from source where v = '${p}'\", key: ";
      refuses(world, pasted, "read: { type: jdbc, " + query + "k }", sink);
      refuses(
          world,
          pasted,
          table,
          "process: [ { lookup: { " + query + "{ k: k }, columns: { w: v } } } ]",
          sink);
      refuses(world, pasted, "sql: [ \"delete from sink where v = '${p}'\" ]");
      refuses(
          world,
          "there is no table 'x'; drop table victim; --'",
          "read: { type: jdbc, table: \"${p}\" }",
          sink);
      refuses(world, noColumn, "read: { type: jdbc, table: source, key: \"${p}\" }", sink);
      refuses(world, noColumn, table, "partition: { by: hash, column: \"${p}\", count: 2 }", sink);
      refuses(
          world,
          "there is no table 'x'; drop table victim; --'",
          table,
          "write: { type: jdbc, table: \"${p}\" }");
      refuses(
          world,
          "no file matches '../x'; drop table victim; --/*.csv' in ",
          "read: { type: csv, files: \"../${p}/*.csv\" }",
          sink);

      world.job("value", parameters() + "    " + table
          + "\n    process: [ { filter: 'v == #p' }, { set: { v: '#p' } } ]\n    " + sink);
      assertThat(run(world, "value").tally().written()).isEqualTo(1);
      assertThat(world.sql().sql("select v from sink").query(String.class).single())
          .isEqualTo(HOSTILE_VALUE);
      world.job("file", parameters() + "    " + table
          + "\n    write: { type: csv, file: \"out/${p}.csv\" }");
      assertThat(run(world, "file").failures()).isEmpty();
      assertThat(Files.readAllLines(world.path("out/" + HOSTILE_VALUE + ".csv")))
          .containsExactly("k,v", "1," + HOSTILE_VALUE, "2,other");
      assertUnharmed(world);
    }
  }

  private static String parameters() {
    return "parameters: { p: {} }\nsteps:\n  - name: copy\n";
  }

  private static ExecutionView run(World world, String job) {
    return world.tranche().run(job, Map.of("p", HOSTILE_VALUE), true, RunObserver.NONE);
  }

  /** Before the start, or at the latest before anything is read. */
  private static void refuses(World world, String message, String... step) {
    world.job("refused", parameters() + "    " + String.join("\n    ", step) + "\n");
    String said;
    try {
      said = String.join("\n", run(world, "refused").failures());
    } catch (RuntimeException refused) {
      said = refused.getMessage();
    }
    assertThat(said).contains(message);
    assertUnharmed(world);
  }

  @Test
  void readsAndWritesFilesWhateverTheyAreCalled() throws Exception {
    List<String> names =
        List.of(
            "a b.csv",
            "a'; drop table victim; --.csv",
            "\"q\".csv",
            "l\nf.csv",
            "\u20ac\ud83c\udf0b.csv",
            "$(x) &|.csv");
    try (TestDatabase databases = new TestDatabase(Kind.H2_MEMORY);
        World world = world(databases)) {
      for (int i = 0; i < names.size(); i++) {
        world.file("in/" + names.get(i), "n\n" + i + "\noops\n");
      }
      int jobs = 0;
      for (String name : names) {
        String quoted = "\"out/" + name.replace("\"", "\\\"").replace("\n", "\\n") + "\"";
        world.job("files" + ++jobs, """
            steps:
              - name: copy
                read: { type: csv, files: in/*.csv, columns: { n: long } }
                partition: { by: file }
                on-error: { skip: { limit: 100 } }
                write: { type: csv, file: %s }
            """.formatted(quoted));

        ExecutionView execution = world.run("files" + jobs);

        assertThat(execution.failures()).isEmpty();
        assertThat(execution.tally().rejected()).isEqualTo(names.size());
        assertThat(Files.readAllLines(world.path("out/" + name)))
            .hasSize(1 + names.size())
            .contains("n", "0", "5");
        assertThat(world.tranche().rejects(execution.execution(), 0, 100))
            .extracting(reject -> reject.source())
            .containsExactlyInAnyOrderElementsOf(names.stream().map(each -> "in/" + each).toList());
        assertUnharmed(world);
      }
    }
  }
}
