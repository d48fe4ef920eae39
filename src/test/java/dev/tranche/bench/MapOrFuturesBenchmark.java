package dev.tranche.bench;

import dev.tranche.RunObserver;
import dev.tranche.Tranche;
import dev.tranche.autoconfigure.TrancheAutoConfiguration;
import dev.tranche.testing.Postgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What {@code src/docs/map-or-futures.md} says, measured: the same job file in both modes, CSV to
 * PostgreSQL, one lane, in turns in one run; the ratios count.
 *
 * <p>{@code ./mvnw -Pbench test -Dtest=MapOrFuturesBenchmark}; {@code -Dtranche.bench.rounds=…},
 * {@code -Dtranche.bench.work=cheap} for the kinds of work whose names begin so.
 */
class MapOrFuturesBenchmark {

  private static final int ROUNDS = Integer.getInteger("tranche.bench.rounds", 7);

  private static final String MAP = "mode: map";
  private static final String FUTURES = "mode: futures, in-flight: 8";
  private static final String COMPLETION = "mode: futures, in-flight: 8, order: completion";

  private static final String STAGED =
      "[{ stage: { workers: 32 } }, { bean: wait }, { stage: { workers: 2 } }, { bean: compute }]";

  /** One way to write the step. */
  private record Way(String name, String process, String chunk) {}

  private record Work(String name, int rows, List<Way> ways) {}

  private static final List<Work> WORK =
      List.of(
          work("cheap rows, chunks of 1,000", 200_000, "[]", "size: 1000, workers: 2"),
          work("cheap rows, chunks of 100", 50_000, "[]", "size: 100, workers: 2"),
          work("0.1 ms of processor each", 20_000, "[{ bean: compute }]", "size: 200, workers: 2"),
          work("50 ms of waiting each", 3_000, "[{ bean: wait }]", "size: 100, workers: 32"),
          work("20 ms, 5 % of them 400 ms", 3_000, "[{ bean: tail }]", "size: 100, workers: 32"),
          new Work(
              "50 ms of waiting, then 0.1 ms of processor",
              3_000,
              List.of(
                  new Way("map", "[{ bean: wait }, { bean: compute }]", MAP + ", size: 100, workers: 32"),
                  new Way(
                      "futures", "[{ bean: wait }, { bean: compute }]", FUTURES + ", size: 100, workers: 32"),
                  new Way("map, staged", STAGED, MAP + ", size: 100"),
                  new Way("futures, staged", STAGED, FUTURES + ", size: 100"))));

  @TempDir Path directory;

  private static Work work(String name, int rows, String process, String chunk) {
    return new Work(
        name,
        rows,
        List.of(
            new Way("map", process, MAP + ", " + chunk),
            new Way("futures, order: input", process, FUTURES + ", " + chunk),
            new Way("futures, order: completion", process, COMPLETION + ", " + chunk)));
  }

  @Test
  void measuresBothModesOnEveryKindOfWork() throws Exception {
    Files.createDirectory(directory.resolve("jobs"));
    for (int w = 0; w < WORK.size(); w++) {
      prepare(w, WORK.get(w));
    }
    try (Postgres postgres = Postgres.database();
        ConfigurableApplicationContext context = tranche(postgres)) {
      JdbcClient client = JdbcClient.create(context.getBean(DataSource.class));
      client.sql("create table item (id bigint not null, text varchar(60))").update();
      for (int w = 0; w < WORK.size(); w++) {
        if (WORK.get(w).name().startsWith(System.getProperty("tranche.bench.work", ""))) {
          measure(w, WORK.get(w), client, context.getBean(Tranche.class));
        }
      }
    }
  }

  private void prepare(int number, Work work) throws Exception {
    Files.writeString(
        directory.resolve("in-" + number + ".csv"),
        IntStream.rangeClosed(1, work.rows())
            .mapToObj(i -> i + ",the text of item number " + i)
            .collect(Collectors.joining("\n", "id,text\n", "\n")));
    for (int i = 0; i < work.ways().size(); i++) {
      Way way = work.ways().get(i);
      String name = "w" + number + "-" + i;
      Files.writeString(
          directory.resolve("jobs/" + name + ".yml"),
          """
          name: %s
          steps:
            - name: load
              read: { type: csv, files: in-%d.csv, columns: { id: long, text: string } }
              partition: { by: file, concurrency: 1 }
              process: %s
              chunk: { %s }
              write: { type: jdbc, table: item }
          """
              .formatted(name, number, way.process(), way.chunk()));
    }
  }

  private static void measure(int number, Work work, JdbcClient client, Tranche tranche)
      throws Exception {
    int ways = work.ways().size();
    String[] names = work.ways().stream().map(Way::name).toArray(String[]::new);
    Timing timing = new Timing(names, ROUNDS);
    for (int round = -1; round < ROUNDS; round++) {
      for (int i = 0; i < ways; i++) {
        int way = (i + Math.max(round, 0)) % ways; // nobody is always the first
        Timing.Took took = timed(work, client, tranche, "w" + number + "-" + way);
        if (round >= 0) {
          timing.add(way, round, took);
        }
      }
    }
    timing.report(work.name() + ", " + work.rows() + " rows", work.rows());
  }

  private static Timing.Took timed(Work work, JdbcClient client, Tranche tranche, String job)
      throws Exception {
    client.sql("truncate item").update();
    Timing.Took took = Timing.of(() -> tranche.run(job, Map.of(), true, RunObserver.NONE));
    long rows = client.sql("select count(*) from item").query(Long.class).single();
    if (rows != work.rows()) {
      throw new AssertionError(rows + " rows of " + work.rows());
    }
    return took;
  }

  private ConfigurableApplicationContext tranche(Postgres postgres) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("spring.datasource.url", postgres.url());
    properties.put("spring.datasource.username", postgres.username());
    properties.put("spring.datasource.password", postgres.password());
    properties.put("spring.batch.job.enabled", "false");
    properties.put("spring.batch.jdbc.initialize-schema", "always");
    properties.put("spring.batch.jdbc.isolation-level-for-create", "READ_COMMITTED");
    properties.put("tranche.initialize-schema", "always");
    properties.put("tranche.base-directory", directory.toString());
    properties.put("tranche.jobs", directory.resolve("jobs").toString());
    properties.put("logging.level.root", "WARN");
    return new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.NONE)
        .properties(properties)
        .run();
  }

  @EnableAutoConfiguration
  static class Application {
    private static final Class<?> NEEDS = TrancheAutoConfiguration.class;

    @Bean
    ItemProcessor<Object, Object> compute() {
      return item -> {
        long until = System.nanoTime() + 100_000;
        long hash = item.hashCode();
        while (System.nanoTime() < until) {
          hash = 31 * hash + 17;
        }
        return hash == 1 ? null : item;
      };
    }

    @Bean("wait")
    ItemProcessor<Object, Object> waiting() {
      return item -> {
        LockSupport.parkNanos(50_000_000);
        return item;
      };
    }

    @Bean
    ItemProcessor<Object, Object> tail() {
      return item -> {
        // Which items are slow is the same in all runs, and in no order.
        boolean slow = Math.floorMod(item.toString().hashCode() * 0x9E3779B9, 20) == 0;
        LockSupport.parkNanos(slow ? 400_000_000 : 20_000_000);
        return item;
      };
    }
  }
}
