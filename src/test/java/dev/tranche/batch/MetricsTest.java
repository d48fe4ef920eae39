package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.row.ColumnType;
import dev.tranche.row.Row;
import dev.tranche.testing.TestDatabase;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.configuration.annotation.StepScope;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.PlatformTransactionManager;

/** What dashboards see of our steps, beside a stock step in the same registry. */
class MetricsTest {

  private static final int ALL = 60;
  private static final List<String> observed = new CopyOnWriteArrayList<>();

  @EnableAutoConfiguration
  static class Three {

    @Bean
    MeterRegistry meters() {
      return new SimpleMeterRegistry();
    }

    @Bean
    ObservationRegistry observations() { // Boot connects it to the meters
      ObservationRegistry registry = ObservationRegistry.create();
      registry.observationConfig()
          .observationHandler(new Names());
      return registry;
    }

    @Bean
    CsvSlices items(ChunkSteps steps) {
      return steps.csv("items.csv").column("n", ColumnType.LONG).build();
    }

    @Bean
    @StepScope
    ItemStreamReader<Row> rows(CsvSlices items) {
      return items.reader();
    }

    /** Spring Batch's own step. */
    @Bean
    Step stock(JobRepository repository, PlatformTransactionManager transactions,
        ItemStreamReader<Row> rows) {
      return new StepBuilder("stock", repository)
          .<Row, Row>chunk(10)
          .reader(rows).processor(row -> row).writer(chunk -> {}).stream(rows)
          .transactionManager(transactions)
          .build();
    }

    @Bean
    ChunkStep ours(ChunkSteps steps, CsvSlices items) {
      return steps.named("ours").reader(items.reader()).processor(row -> row)
          .writer(chunk -> {}).chunkSize(10).futures(4).build();
    }

    @Bean
    ChunkStep part(ChunkSteps steps, CsvSlices items) {
      return steps.named("part").reader(items.reader()).processor(row -> row)
          .writer(chunk -> {}).chunkSize(10).build();
    }

    @Bean
    Step parts(JobRepository repository, ChunkStep part, CsvSlices items) {
      return new StepBuilder("parts", repository)
          .partitioner("part", items.byBytes()).step(part).gridSize(3).build();
    }

    @Bean
    Job three(JobRepository repository, Step stock, Step ours, Step parts) {
      return new JobBuilder("three", repository).start(stock).next(ours).next(parts).build();
    }
  }

  /** Hears the name of every observation. */
  private static final class Names implements ObservationHandler<Observation.Context> {

    @Override
    public void onStop(Observation.Context context) {
      observed.add(context.getName());
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }
  }

  @Test
  void areThoseOfAStockStepWithTheStepsNameAsTheirTag() throws Exception {
    observed.clear();
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world =
            Items.in(
                new World(databases)
                    .with(Three.class)
                    .set("spring.batch.job.enabled", false)
                    .job("file", Items.job(3, 2, 10, "map", "      - check: { n: { min: 1 } }")),
                ALL)) {
      Job job = world.context().getBean(Job.class);
      assertThat(world.operator().start(job, new JobParameters()).getStatus())
          .isEqualTo(BatchStatus.COMPLETED);
      assertThat(world.run("file").status()).isEqualTo("COMPLETED");

      MeterRegistry meters = world.context().getBean(MeterRegistry.class);
      Map<String, Map<String, Set<String>>> byStep = metersByStep(meters);
      assertThat(byStep.keySet()).containsExactly("load", "ours", "part", "parts", "stock");
      assertThat(byStep.get("ours")).isEqualTo(byStep.get("stock"));
      assertThat(byStep.get("part")).isEqualTo(byStep.get("stock"));
      assertThat(byStep.get("load")).isEqualTo(byStep.get("stock"));
      for (String step : List.of("stock", "ours", "part")) {
        assertThat(count(meters, "spring.batch.item.process", step)).as(step).isEqualTo(ALL);
        assertThat(count(meters, "spring.batch.chunk.write", step)).as(step).isBetween(6L, 9L);
      }
      assertThat(count(meters, "spring.batch.item.read", "ours")).isEqualTo(ALL);
      assertThat(meters.find("spring.batch.job").timers())
          .extracting(timer -> timer.getId().getTag("spring.batch.job.name"))
          .containsExactlyInAnyOrder("three", "file");
    }
  }

  @Test
  void makeNoObservationForARow() throws Exception {
    observed.clear();
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world =
            Items.in(
                new World(databases)
                    .with(Three.class)
                    .set("spring.batch.job.enabled", false)
                    .job("file", Items.job(1, 1, 10, "map", "      - check: { n: { min: 1 } }")),
                ALL)) {
      assertThat(world.run("file").status()).isEqualTo("COMPLETED");
      assertThat(observed).contains("spring.batch.job", "spring.batch.step");
      assertThat(observed).filteredOn(name -> name.startsWith("spring.batch.item")).isEmpty();
      assertThat(observed).filteredOn("spring.batch.chunk.write"::equals).hasSize(6);
    }
  }

  /** For each step, its timers and their tag keys. */
  private static Map<String, Map<String, Set<String>>> metersByStep(MeterRegistry meters) {
    Map<String, Map<String, Set<String>>> found = new TreeMap<>();
    for (Meter meter : meters.getMeters()) {
      String name = meter.getId().getName();
      String step = meter.getId().getTag(name + ".step.name");
      step = step == null ? meter.getId().getTag(name + ".name") : step;
      if (meter instanceof Timer && step != null && !name.equals("spring.batch.job")) {
        found
            .computeIfAbsent(step, key -> new TreeMap<>())
            .put(
                name,
                meter.getId().getTags().stream()
                    .map(Tag::getKey)
                    .collect(Collectors.toCollection(TreeSet::new)));
      }
    }
    return found;
  }

  private static long count(MeterRegistry meters, String name, String step) {
    return meters.find(name).tag(name + ".step.name", step).timers().stream()
        .mapToLong(Timer::count)
        .sum();
  }
}
