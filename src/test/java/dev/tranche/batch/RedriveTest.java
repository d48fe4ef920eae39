package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.ExecutionView;
import dev.tranche.RefusedException;
import dev.tranche.RejectView;
import dev.tranche.RunObserver;
import dev.tranche.TallyView;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemReader;
import org.springframework.batch.infrastructure.item.support.ListItemReader;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Rejects that are run again, through the same job: each once, whatever happens on the way. */
class RedriveTest {

  private static final String JOB =
      """
      steps:
        - name: note
          sql: insert into noted (n) values (1)
        - name: load
          read:
            type: csv
            files: in/*.csv
            columns: { n: %s }
          partition: { by: file, concurrency: 2 }
          process:
            - check: { n: { max: %d } }
          chunk: { size: 4, mode: futures, workers: 2, in-flight: 3, order: completion }
          on-error: { skip: { limit: %d } }
          write: { type: jdbc, table: item, mode: insert }
      """;

  /**
   * Forty numbers in two files. Of each kind one is refused: line 6 of the first cannot be read, 95
   * is over the limit of the check, and the table does not take 33.
   */
  private static World in(TestDatabase databases) {
    World world = new World(databases);
    world.sql().sql("create table noted (n bigint)").update();
    world
        .sql()
        .sql("create table item (n bigint, constraint not_33 check (n <> 33))")
        .update();
    return world
        .job("numbers", JOB.formatted("long", 90, 100))
        .file("in/a.csv", csv(1, 20).replace("\n5\n", "\nx5\n"))
        .file("in/b.csv", csv(21, 40).replace("\n40\n", "\n95\n"));
  }

  private static String csv(int from, int to) {
    StringBuilder text = new StringBuilder("n\n");
    for (int n = from; n <= to; n++) {
      text.append(n).append('\n');
    }
    return text.toString();
  }

  private static ExecutionView redrive(World world, ExecutionView execution) {
    return world.tranche().redrive(execution.execution(), RunObserver.NONE);
  }

  private static void refuses(World world, ExecutionView execution, String message) {
    assertThatThrownBy(() -> redrive(world, execution))
        .isInstanceOf(RefusedException.class)
        .hasMessage(message);
  }

  @EveryDatabase
  void runsOnlyTheRejectedItemsAgainEachOnce(TestDatabase databases) throws Exception {
    try (databases;
        World world = in(databases)) {
      ExecutionView first = world.run("numbers");
      assertThat(first.status()).isEqualTo("COMPLETED");
      assertThat(first.tally()).isEqualTo(new TallyView(40, 37, 0, 3));
      assertThat(world.tranche().rejectGroups(first.execution()))
          .hasSize(3)
          .allSatisfy(
              group -> {
                assertThat(group.count()).isEqualTo(1);
                assertThat(group.taken()).isZero();
                assertThat(group.samples()).hasSize(1);
              });

      Files.delete(world.path("in/a.csv"));
      Files.delete(world.path("in/b.csv"));
      world.sql().sql("alter table item drop constraint not_33").update();
      world.job("numbers", JOB.formatted("long", 100, 100));
      ExecutionView second = redrive(world, first);

      assertThat(second.failures()).isEmpty();
      assertThat(second.status()).isEqualTo("COMPLETED");
      assertThat(second.tally()).isEqualTo(new TallyView(3, 2, 0, 1));
      assertThat(second.steps()).extracting("name").containsExactly("load");
      assertThat(second.parameters())
          .containsEntry("redrive.of", String.valueOf(first.execution()));
      assertThat(world.count("select count(*) from item where n in (33, 95)")).isEqualTo(2);
      assertThat(world.count("select count(*) from item")).isEqualTo(39);
      assertThat(world.count("select count(*) from noted")).isEqualTo(1);
      assertThat(world.tranche().rejects(first.execution(), 0, 10))
          .extracting(RejectView::takenBy)
          .containsOnly(second.execution());
      RejectView left = world.tranche().rejects(second.execution(), 0, 10).get(0);
      assertThat(left.source() + ":" + left.line() + " " + left.original() + " " + left.takenBy())
          .isEqualTo("in/a.csv:6 x5 null");

      refuses(
          world,
          first,
          "there is nothing to redrive: execution " + first.execution()
              + " has no rejects that were not run again already");
      world.job(
          "numbers", JOB.formatted("{ type: long, null-values: [x5] }", 100, 100));
      assertThat(redrive(world, second).tally()).isEqualTo(new TallyView(1, 1, 0, 0));
      assertThat(world.count("select count(*) from item")).isEqualTo(40);
    }
  }

  @Test
  void aRedriveThatFailedIsRestartedAndNotBegunTwice() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = in(databases)) {
      ExecutionView first = world.run("numbers");
      world.job("numbers", JOB.formatted("long", 100, 1));
      ExecutionView failed = redrive(world, first);
      assertThat(failed.status()).isEqualTo("FAILED");
      assertThat(failed.failures())
          .anyMatch(failure -> failure.contains("may reject 1 items (on-error.skip.limit)"));

      refuses(
          world,
          first,
          "execution " + failed.execution()
              + " redrives these rejects and is FAILED; run what is missing with: restart "
              + failed.execution());
      assertThat(world.tranche().plan(failed.execution(), Set.of()).refusal()).isNull();
      world.job("numbers", JOB.formatted("long", 100, 2));
      ExecutionView again =
          world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE);

      assertThat(again.failures()).isEmpty();
      assertThat(again.status()).isEqualTo("COMPLETED");
      assertThat(again.tally()).isEqualTo(new TallyView(3, 1, 0, 2));
      assertThat(world.count("select count(*) from item")).isEqualTo(38);
      assertThat(world.tranche().rejects(first.execution(), 0, 10))
          .extracting(RejectView::takenBy)
          .containsOnly(failed.execution(), again.execution());
    }
  }

  @Test
  void rejectsATextThatIsNotKeptAsItWas() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = in(databases)) {
      broken(world);
      ExecutionView first = world.run("numbers");
      assertThat(first.tally()).isEqualTo(new TallyView(20, 18, 0, 2));

      ExecutionView second = redrive(world, first);

      assertThat(second.tally()).isEqualTo(new TallyView(2, 0, 0, 2));
      assertThat(world.tranche().rejects(second.execution(), 0, 10))
          .extracting(RejectView::message)
          .contains(
              "its text is not kept as it was: it has bytes that are no text of its charset, or the"
                  + " character 0. Correct the input and load the item from there");
    }
  }

  private static void broken(World world) throws IOException {
    Files.delete(world.path("in/b.csv"));
    byte[] bytes = Files.readAllBytes(world.path("in/a.csv"));
    int seven = new String(bytes, java.nio.charset.StandardCharsets.US_ASCII).indexOf("\n7\n") + 1;
    bytes[seven] = (byte) 0xff;
    Files.write(world.path("in/a.csv"), bytes);
  }

  @EnableAutoConfiguration
  static class Beans {

    @Bean
    ItemReader<Integer> numbers() {
      return new ListItemReader<>(List.of(1, 2, 3));
    }

    @Bean
    ItemProcessor<Integer, Integer> refusing() {
      return item -> {
        throw new IllegalStateException("no " + item);
      };
    }
  }

  @Test
  void saysWhyItemsOfABeanAndRowsOfAFileCannotBeRunAgain() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world =
            in(databases)
                .with(Beans.class)
                .job(
                    "beans",
                    """
                    steps:
                      - name: load
                        read: { type: bean, bean: numbers }
                        process: [{ bean: refusing }]
                        on-error: { skip: { limit: 10 } }
                        write: { type: jdbc, table: item }
                    """)
                .job(
                    "files",
                    """
                    steps:
                      - name: copy
                        read: { type: csv, files: in/a.csv, columns: { n: long } }
                        on-error: { skip: { limit: 10 } }
                        write: { type: jsonl, file: out/a.jsonl }
                    """)) {
      refuses(
          world,
          world.run("files"),
          "the rejects of step 'copy' cannot be redriven: it writes file out/a.jsonl, which is"
              + " published whole: nothing can be added");
      refuses(
          world,
          world.run("beans"),
          "the rejects of step 'load' cannot be redriven: what is kept of its items is a text, and"
              + " its reader's items cannot be made of that again");
    }
  }
}
