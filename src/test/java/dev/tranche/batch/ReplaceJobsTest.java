package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tranche.ExecutionView;
import dev.tranche.PurgeRule;
import dev.tranche.RefusedException;
import dev.tranche.RunObserver;
import dev.tranche.TallyView;
import dev.tranche.definition.With;
import dev.tranche.testing.MariaDb;
import dev.tranche.testing.TestDatabase;
import dev.tranche.testing.TestDatabase.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code mode: replace}, through the door. */
class ReplaceJobsTest {

  private static final String JOB =
      """
      steps:
        - name: load
          read: { type: csv, files: in/*.csv, columns: { id: long, name: string } }
          partition: { by: bytes, size: 2KB, concurrency: 3 }
          chunk: { size: 20, %s }
          write: { type: jdbc, connection: target, table: person, mode: replace, key: [id], create: true }
      """;
  private static final String MAP = "mode: map, workers: 2";
  private static final String FUTURES = "mode: futures, workers: 2, in-flight: 4, order: completion";

  private static World world(TestDatabase databases, String mode) {
    return new World(databases)
        .loadsIntoTarget()
        .file("in/persons.csv", persons(1000))
        .job("load", JOB.formatted(mode));
  }

  private static String persons(int count) {
    StringBuilder text = new StringBuilder("id,name\n");
    IntStream.rangeClosed(1, count).forEach(i -> text.append(i).append(",name ").append(i).append('\n'));
    return text.toString();
  }

  private static long staging(World world) {
    return world.count("select count(*) from INFORMATION_SCHEMA.TABLES where TABLE_NAME like"
        + " 'tranche_staging_%'");
  }

  private static ExecutionView again(World world) {
    return world.tranche().run("load", Map.of(), true, RunObserver.NONE);
  }

  /** A run whose partition with row 777 fails. */
  private static ExecutionView failed(World world) {
    world.file("in/persons.csv", persons(1000).replace("\n777,", "\nx77,"));
    ExecutionView failed = again(world);
    assertThat(failed.status()).isEqualTo("FAILED");
    world.file("in/persons.csv", persons(1000));
    return failed;
  }

  @ParameterizedTest
  @CsvSource({"H2_MEMORY, map", "H2_MEMORY, futures", "POSTGRESQL, map", "POSTGRESQL, futures"})
  void putsTheRowsOfARunInPlaceOfThoseOfTheLast(Kind kind, String mode) throws Exception {
    try (TestDatabase databases = new TestDatabase(kind);
        World world = world(databases, mode.equals("map") ? MAP : FUTURES)) {
      assertThat(world.run("load").failures()).isEmpty();
      assertThat(world.count("select count(*) from person")).isEqualTo(1000);
      ExecutionView failed = failed(world);
      assertThat(world.count("select count(*) from person")).isEqualTo(1000);
      assertThat(staging(world)).isEqualTo(1);
      world.sql().sql("update person set name = 'old'").update();

      ExecutionView restarted =
          world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE);

      assertThat(restarted.failures()).isEmpty();
      assertThat(restarted.status()).isEqualTo("COMPLETED");
      assertThat(restarted.tally()).isEqualTo(new TallyView(1000, 1000, 0, 0));
      assertThat(restarted.thisExecution().written()).isBetween(1L, 999L);
      assertThat(world.count("select count(*) from person where name = 'name ' || id"))
          .isEqualTo(1000);
      world.file("in/persons.csv", persons(10));
      assertThat(again(world).status()).isEqualTo("COMPLETED");
      assertThat(world.count("select count(*) from person")).isEqualTo(10);
      world.file("in/persons.csv", "id,name\n");
      assertThat(again(world).status()).isEqualTo("COMPLETED");
      assertThat(world.count("select count(*) from person")).as("of no rows").isZero();
      assertThat(staging(world)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2_MEMORY", "POSTGRESQL"})
  void refusesATableThatAnUnfinishedRunReplacesAndCleansUpAfterOneThatIsGivenUp(Kind kind)
      throws Exception {
    try (TestDatabase databases = new TestDatabase(kind);
        World world = world(databases, MAP)) {
      ExecutionView failed = failed(world);
      assertThatThrownBy(() -> again(world))
          .isInstanceOf(RefusedException.class)
          .hasMessageMatching(
              "load: table '(?i:person)' is being written by execution " + failed.execution()
                  + " of job load, which is FAILED\\. Finish it with: restart "
                  + failed.execution() + ", or give it up with: abandon " + failed.execution());
      world.tranche().abandon(failed.execution());

      assertThat(again(world).failures()).isEmpty();

      assertThat(world.count("select count(*) from person")).isEqualTo(1000);
      assertThat(staging(world)).isZero();
      world.tranche().abandon(failed(world).execution());
      assertThat(staging(world)).isEqualTo(1);
      PurgeRule.Keep none = new PurgeRule.Keep(0, 0);
      world.tranche().purge(null, new PurgeRule(Map.of("ABANDONED", none)), false);
      assertThat(staging(world)).as("after a purge").isZero();
    }
  }

  @Test
  void refusesToGoOnInAnotherModeOrWithOtherColumns() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.H2_MEMORY);
        World world = world(databases, MAP)) {
      world.sql().sql("create table person (id bigint primary key, name varchar(40), a int)").update();
      ExecutionView failed = failed(world);
      world.job("load", JOB.formatted(MAP).replace("replace", "upsert"));
      assertThatThrownBy(
              () -> world.tranche().restart(failed.execution(), Set.of(), With.NEW, RunObserver.NONE))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("'write.mode' of step 'load' was replace and is upsert now");
      String more = "    process: [ { set: { a: \"1\" } } ]\n    chunk:";
      world.job("load", JOB.formatted(MAP).replace("    chunk:", more));
      assertThatThrownBy(
              () -> world.tranche().restart(failed.execution(), Set.of(), With.NEW, RunObserver.NONE))
          .isInstanceOf(RefusedException.class)
          .hasMessage("load: rows in the staging table of table 'PERSON' have the columns ID, NAME,"
              + " and now they would have ID, NAME, A. Put the columns back. Start over with: run"
              + " load --new");
    }
  }

  @Test
  void refusesToRedriveWhatWouldReplaceEverythingElse() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.H2_MEMORY);
        World world = world(databases, MAP)) {
      world.job("load", JOB.formatted(MAP) + "    on-error: { skip: { limit: 1 } }\n");
      world.file("in/persons.csv", persons(1000).replace("\n777,", "\nx77,"));
      ExecutionView skipped = world.run("load");
      assertThat(skipped.tally()).isEqualTo(new TallyView(1000, 999, 0, 1));
      assertThatThrownBy(() -> world.tranche().redrive(skipped.execution(), RunObserver.NONE))
          .isInstanceOf(RefusedException.class)
          .hasMessage("the rejects of step 'load' cannot be redriven: it replaces all rows of its"
              + " table: those that were rejected would be the only ones");
    }
  }

  @Test
  void explainsTheStagingTableAndWhatReplacesTheRows() throws Exception {
    try (TestDatabase databases = new TestDatabase(Kind.POSTGRESQL);
        World world = world(databases, MAP)) {
      world
          .sql()
          .sql("create table person (id bigint primary key, name text, note text)")
          .update();
      var step = world.tranche().explain("load", Map.of()).steps().get(0);
      assertThat(step.guarantee())
          .isEqualTo("exactly once: rows and checkpoint are committed in one transaction, into a"
              + " staging table; when the step is complete, one transaction puts them in place of"
              + " all rows that the table had");
      String staging = "\"public\".\"tranche_staging_<layout>\"";
      assertThat(step.sql())
          .containsExactly(
              "create table if not exists " + staging
                  + " (like \"public\".\"person\" including constraints)",
              "alter table " + staging + " drop column if exists \"note\"",
              "create unique index if not exists \"tranche_staging_<layout>_1\" on " + staging
                  + " (\"id\")",
              "copy " + staging + " (\"id\", \"name\") from stdin (format binary)",
              "lock table \"public\".\"person\" in share row exclusive mode",
              "with gone as (delete from \"public\".\"person\" returning 1) insert into"
                  + " \"public\".\"person\" (\"id\", \"name\") select \"id\", \"name\" from " + staging
                  + " where (select count(*) from gone) >= 0");
      assertThat(step.notes()).isEmpty();
      assertThat(staging(world)).isZero();
    }
  }

  @Test
  void saysBeforeTheStartWhyMariaDbCannot() throws Exception {
    assumeTrue(MariaDb.isThere());
    try (TestDatabase databases = new TestDatabase(Kind.MARIADB);
        World world = world(databases, MAP)) {
      for (ThrowableAssert.ThrowingCallable call :
          List.<ThrowableAssert.ThrowingCallable>of(
              () -> world.run("load"), () -> world.tranche().explain("load", Map.of()))) {
        assertThatThrownBy(call)
            .isInstanceOf(RefusedException.class)
            .hasMessageStartingWith("step 'load': mode: replace is not for MariaDB, where a"
                + " transaction that fails is undone row by row");
      }
      assertThat(
              world.count(
                  "select count(*) from INFORMATION_SCHEMA.TABLES where TABLE_NAME = 'person'"))
          .isZero();
    }
  }
}
