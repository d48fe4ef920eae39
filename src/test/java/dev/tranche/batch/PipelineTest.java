package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.ExecutionView;
import dev.tranche.RejectView;
import dev.tranche.RunObserver;
import dev.tranche.row.Row;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.configuration.annotation.StepScope;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Steps of a job file whose items pass stages, against the same steps without. */
class PipelineTest {

  private static final int ITEMS = 400;
  private static final String STAGED =
      """
          - stage: { workers: 8 }
          - bean: fetcher
          - filter: "n % 10 != 0"
          - stage: { workers: 2 }
          - check: { n: { max: 390 } }
          - bean: parser
      """;
  private static final String PLAIN = STAGED.replaceAll(" *- stage.*\n", "");

  private static final Map<String, String> CHUNKS =
      Map.of(
          "map", "{ size: 20 }",
          "futures", "{ size: 20, mode: futures, in-flight: 4 }",
          "completion", "{ size: 20, mode: futures, in-flight: 4, order: completion }");

  private static final Set<String> fetchers = ConcurrentHashMap.newKeySet();
  private static final Set<String> parsers = ConcurrentHashMap.newKeySet();
  private static volatile int broken;

  @EnableAutoConfiguration
  static class Beans {

    /** Asynchronous, and in step scope, which workers of every stage must see. */
    @Bean
    @StepScope
    ItemProcessor<Row, CompletionStage<Row>> fetcher(
        @Value("#{stepExecution.stepName}") String partition) {
      return row -> {
        fetchers.add(thread(partition));
        return CompletableFuture.supplyAsync(() -> row);
      };
    }

    @Bean
    @StepScope
    ItemProcessor<Row, Row> parser(@Value("#{stepExecution.stepName}") String partition) {
      return row -> {
        parsers.add(thread(partition));
        if (((Number) row.get("n")).intValue() == broken) {
          throw new IllegalStateException("a bug");
        }
        return row;
      };
    }

    private static String thread(String partition) {
      assertThat(partition).startsWith("load:p");
      return Thread.currentThread().getName().replaceFirst("lane-\\d+", "lane").replaceFirst("\\d+$", "");
    }
  }

  private static String job(String process, String chunk) {
    return """
        steps:
          - name: load
            read: { type: csv, files: numbers.csv, columns: { n: long } }
            partition: { by: bytes, count: 2, concurrency: 1 }
            process:
        %s
            chunk: %s
            on-error: { skip: { limit: 100 } }
            write: { type: jdbc, table: numbers }
        """
        .formatted(process.indent(4), chunk);
  }

  private static World world(TestDatabase databases) {
    broken = 0;
    fetchers.clear();
    parsers.clear();
    String numbers =
        IntStream.rangeClosed(1, ITEMS)
            .mapToObj(n -> n % 77 == 0 ? "no number" : String.valueOf(n))
            .collect(Collectors.joining("\n", "n\n", "\n"));
    World world = new World(databases).with(Beans.class).file("numbers.csv", numbers);
    world.sql().sql("create table numbers (n bigint primary key)").update();
    return world
        .job("plain", job(PLAIN, CHUNKS.get("map")))
        .job("map", job(STAGED, CHUNKS.get("map")))
        .job("futures", job(STAGED, CHUNKS.get("futures")))
        .job("completion", job(STAGED, CHUNKS.get("completion")));
  }

  @EveryDatabase
  void givesTheRowsTheTallyAndTheRejectsOfASingleStage(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases)) {
      Result plain = run(world, "plain");
      assertThat(plain.rows()).hasSize(ITEMS - 40 - 14);
      assertThat(plain.tally()).startsWith("400 read, 346 written, ");

      for (String staged : List.of("map", "futures", "completion")) {
        fetchers.clear();
        assertThat(run(world, staged)).as(staged).isEqualTo(plain);
        assertThat(fetchers).containsExactly("load:lane-stage-1-worker-");
        assertThat(parsers).contains("load:lane-stage-2-worker-");
      }
      assertThat(world.tranche().explain("futures", Map.of()).steps().get(0).chunks())
          .isEqualTo(
              "of 20 items, in futures mode, in 2 stages with 8 and 2 workers for each lane, 4 in"
                  + " flight, committed in order of input");
    }
  }

  private record Result(List<Integer> rows, String tally, List<String> rejects) {}

  private static Result run(World world, String job) {
    world.sql().sql("delete from numbers").update();
    ExecutionView execution = world.run(job);
    assertThat(execution.status()).isEqualTo("COMPLETED");
    return result(world, execution);
  }

  private static Result result(World world, ExecutionView execution) {
    return new Result(
        world.sql().sql("select n from numbers order by n").query(Integer.class).list(),
        "%d read, %d written, %d filtered, %d rejected"
            .formatted(
                execution.tally().read(),
                execution.tally().written(),
                execution.tally().filtered(),
                execution.tally().rejected()),
        world.tranche().rejects(execution.execution(), 0, 100).stream()
            .map(PipelineTest::text)
            .sorted()
            .toList());
  }

  private static String text(RejectView reject) {
    return reject.partition() + " " + reject.line() + " " + reject.original() + ": " + reject.message();
  }

  /** What was through the first stage only is fetched again, and everything is written once. */
  @Test
  void goesOnFromItsCheckpointAfterAFaultInTheSecondStage() throws Exception {
    List<Integer> numbers = IntStream.rangeClosed(1, 380).boxed().toList();
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases)) {
      world.file(
          "numbers.csv",
          numbers.stream().map(String::valueOf).collect(Collectors.joining("\n", "n\n", "\n")));
      for (String staged : List.of("map", "futures", "completion")) {
        world.job(staged, job(STAGED, CHUNKS.get(staged)).replaceFirst("on-error.*\n", "\n"));
      }
      for (String staged : List.of("map", "futures", "completion")) {
        world.sql().sql("delete from numbers").update();
        broken = 101;
        ExecutionView failed = world.run(staged);
        assertThat(failed.status()).as(staged).isEqualTo("FAILED");
        assertThat(failed.tally().read()).isBetween(100L, 379L);

        broken = 0;
        ExecutionView restarted =
            world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE);
        assertThat(restarted.status()).as(staged).isEqualTo("COMPLETED");
        assertThat(result(world, restarted).rows())
            .as(staged)
            .isEqualTo(numbers.stream().filter(n -> n % 10 != 0).toList());
      }
    }
  }
}
