package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.ExecutionView;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Row;
import dev.tranche.testing.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** What log lines, traces, dashboards and the Flight Recorder are told of a run. */
class ObservedTest {

  private static final Set<Map<String, String>> contexts = ConcurrentHashMap.newKeySet();
  private static final Set<String> callers = ConcurrentHashMap.newKeySet();
  private static final Set<String> writers = ConcurrentHashMap.newKeySet();
  private static final Set<String> ours = ConcurrentHashMap.newKeySet();
  private static final Set<Long> tried = ConcurrentHashMap.newKeySet();

  private static final String JOB = """
      steps:
        - name: load
          read: { type: csv, files: items.csv, columns: { n: long } }
          partition: { by: bytes, count: 2, concurrency: 2 }
          process:
      %s
            - check: { n: { max: 59 } }
          chunk: { size: 10, mode: %s }
          on-error:
            retry: { attempts: 2, backoff: 1ms, on: [java.lang.IllegalStateException] }
            skip: { limit: 5 }
          write: { type: jdbc, table: item, mode: insert }
      """;

  private static final String WATCHED = "      - bean: watched";
  private static final String STAGES = """
            - stage: { workers: 3 }
            - bean: watched
            - stage: { workers: 2 }
            - bean: later\
      """;

  @EnableAutoConfiguration
  static class Application {

    @Bean
    MeterRegistry meters() {
      return new SimpleMeterRegistry();
    }

    @Bean
    ObservationRegistry observations() {
      ObservationRegistry registry = ObservationRegistry.create();
      registry.observationConfig().observationHandler(new Any());
      return registry;
    }

    @Bean
    ItemProcessor<Row, Row> watched(ObservationRegistry observations) {
      return row -> {
        look(observations);
        if ((Long) row.get(0) % 20 == 7 && tried.add((Long) row.get(0))) {
          throw new IllegalStateException("not yet");
        }
        return row;
      };
    }

    @Bean
    ItemProcessor<Row, Row> later(ObservationRegistry observations) {
      return row -> {
        look(observations);
        return row;
      };
    }

    private static void look(ObservationRegistry observations) {
      contexts.add(Map.copyOf(MDC.getCopyOfContextMap()));
      callers.add(outermost(observations.getCurrentObservation()));
    }

    @Bean
    CsvSlices items(ChunkSteps steps) {
      return steps.csv("items.csv").column("n", ColumnType.LONG).build();
    }

    @Bean
    ChunkStep ours(ChunkSteps steps, CsvSlices items, ItemProcessor<Row, Row> watched) {
      return steps
          .named("ours")
          .reader(items.reader())
          .processor(watched)
          .writer(chunk -> {})
          .chunkSize(10)
          .futures(4)
          .retry(2, Duration.ofMillis(1), IllegalStateException.class)
          .build();
    }

    @Bean
    Job inJava(JobRepository repository, ChunkStep ours) {
      return new JobBuilder("in-java", repository).start(ours).build();
    }
  }

  /** Without any handler, no observation is made. */
  private static final class Any implements ObservationHandler<Observation.Context> {

    @Override
    public void onStart(Observation.Context context) {
      if ("spring.batch.chunk.write".equals(context.getName())) {
        writers.add(outermost(context.getParentObservation()));
      }
    }

    @Override
    public void onStop(Observation.Context context) {
      if (String.valueOf(context.getName()).startsWith("tranche.")) {
        ObservationView parent = context.getParentObservation();
        ours.add(
            (parent == null ? "none" : parent.getContextView().getName())
                + " > "
                + context.getName()
                + " "
                + context.getAllKeyValues().stream()
                    .map(each -> each.getKey() + "=" + each.getValue())
                    .sorted()
                    .toList());
      }
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }
  }

  private static String outermost(@Nullable ObservationView observation) {
    ObservationView last = observation;
    while (last != null && last.getContextView().getParentObservation() != null) {
      last = last.getContextView().getParentObservation();
    }
    return last == null ? "none" : String.valueOf(last.getContextView().getName());
  }

  @BeforeEach
  void forget() {
    contexts.clear();
    callers.clear();
    writers.clear();
    ours.clear();
    tried.clear();
  }

  @Test
  void inMapMode() throws Exception {
    assertSeen(JOB.formatted(WATCHED, "map, workers: 2"), 1);
  }

  @Test
  void inFuturesMode() throws Exception {
    assertSeen(JOB.formatted(WATCHED, "futures, workers: 2, in-flight: 3"), 3);
  }

  @Test
  void inEachStage() throws Exception {
    assertSeen(JOB.formatted(STAGES, "futures, in-flight: 3"), 3);
  }

  @Test
  void inAStepInJava() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases)) {
      Job job = world.context().getBean("inJava", Job.class);
      JobExecution execution =
          asCaller(world, () -> world.operator().start(job, new JobParameters()));

      assertThat(execution.getStatus()).isEqualTo(BatchStatus.COMPLETED);
      assertThat(contexts)
          .containsExactly(Map.of(
              "request", "r1",
              "tranche.job", "in-java",
              "tranche.execution", String.valueOf(execution.getId()),
              "tranche.step", "ours"));
      assertTraces();
      assertThat(ours)
          .containsExactly(
              "spring.batch.step > tranche.chunk.commit"
                  + " [job=in-java, outcome=committed, step=ours]");
      MeterRegistry meters = world.context().getBean(MeterRegistry.class);
      Tags tags = Tags.of("job", "in-java", "step", "ours");
      assertThat(meters.get("tranche.commit").tags(tags).timer().count()).isEqualTo(6);
      assertThat(count(meters, "tranche.retries", tags.and("phase", "process"))).isEqualTo(3);
    }
  }

  /** A worker is many steps' and jobs' in its life: nothing may stay with it. */
  @Test
  void threadsGetBackWhatTheyHad() {
    ObservationRegistry registry = ObservationRegistry.create();
    registry.observationConfig().observationHandler(new Any());
    Observation own = Observation.start("own", registry);
    Carried carried = new Carried(Map.of("key", "carried"), Observation.start("other", registry));
    MDC.put("key", "own");
    try (Observation.Scope scope = own.openScope()) {
      carried
          .around(() -> {
            assertThat(MDC.get("key")).isEqualTo("carried");
            assertThat(outermost(registry.getCurrentObservation())).isEqualTo("other");
          })
          .run();
      assertThat(MDC.get("key")).isEqualTo("own");
      assertThat(registry.getCurrentObservation()).isSameAs(own);
    } finally {
      MDC.remove("key");
    }
  }

  private static World world(TestDatabase databases) {
    return new World(databases)
        .with(Application.class)
        .set("spring.batch.job.enabled", false)
        .file("items.csv", Items.csv(60));
  }

  private static void assertSeen(String job, int window) throws Exception {
    Path file = Files.createTempFile("tranche-", ".jfr");
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        Recording recording = new Recording();
        World world = world(databases).job("observed", job)) {
      world.sql().sql("create table item (n bigint not null check (n <> 13))").update();
      for (String event : List.of("Commit", "Retry", "Reject")) {
        recording.enable("dev.tranche." + event).withThreshold(Duration.ZERO);
      }
      recording.start();
      ExecutionView execution = asCaller(world, () -> world.run("observed"));
      recording.stop();
      recording.dump(file);

      assertThat(execution.failures()).isEmpty();
      assertThat(execution.status()).isEqualTo("COMPLETED");
      assertThat(contexts)
          .containsExactlyInAnyOrder(context(execution, "p1"), context(execution, "p2"));
      assertTraces();
      String commit =
          "tranche.partition > tranche.chunk.commit [job=observed, outcome=%s, step=load]";
      String partition =
          "spring.batch.step > tranche.partition"
              + " [job=observed, partition=%s, status=COMPLETED, step=load]";
      assertThat(ours)
          .containsExactlyInAnyOrder(
              commit.formatted("committed"),
              commit.formatted("rolled-back"),
              partition.formatted("p1"),
              partition.formatted("p2"));
      List<RecordedEvent> events = RecordingFile.readAllEvents(file);
      assertEvents(events);
      assertMeters(
          world.context().getBean(MeterRegistry.class), named(events, "Commit").size(), window);
    } finally {
      Files.delete(file);
    }
  }

  private static <T> T asCaller(World world, Callable<T> call) throws Exception {
    ObservationRegistry registry = world.context().getBean(ObservationRegistry.class);
    Observation caller = Observation.start("caller", registry);
    MDC.put("request", "r1");
    try (Observation.Scope scope = caller.openScope()) {
      T result = call.call();
      assertThat(MDC.getCopyOfContextMap()).containsExactly(Map.entry("request", "r1"));
      return result;
    } finally {
      MDC.remove("request");
      caller.stop();
    }
  }

  /** Workers, and the threads that commit, are in the trace of whoever started the run. */
  private static void assertTraces() {
    assertThat(callers).containsExactly("caller");
    assertThat(writers).containsExactly("caller");
  }

  private static Map<String, String> context(ExecutionView execution, String partition) {
    return Map.of(
        "request", "r1",
        "tranche.job", "observed",
        "tranche.execution", String.valueOf(execution.execution()),
        "tranche.step", "load",
        "tranche.partition", partition);
  }

  private static void assertMeters(MeterRegistry meters, long commits, int window) {
    Tags tags = Tags.of("job", "observed", "step", "load");
    Timer commit = meters.get("tranche.commit").tags(tags).timer();
    assertThat(commit.count()).isEqualTo(commits);
    assertThat(commit.totalTime(TimeUnit.NANOSECONDS)).isPositive();
    Timer wait = meters.get("tranche.wait").tags(tags).timer();
    assertThat(wait.count()).isBetween(6L, 8L); // once for each chunk of two partitions
    assertThat(meters.get("tranche.window").tags(tags).summary().max()).isEqualTo(window);
    assertThat(meters.get("tranche.window").tags(tags).summary().count()).isEqualTo(wait.count());
    assertThat(count(meters, "tranche.rollbacks", tags)).isPositive();
    assertThat(count(meters, "tranche.retries", tags.and("phase", "process"))).isEqualTo(3);
    assertThat(count(meters, "tranche.rejects", tags.and("phase", "process"))).isEqualTo(1);
    assertThat(count(meters, "tranche.rejects", tags.and("phase", "write"))).isEqualTo(1);
  }

  private static double count(MeterRegistry meters, String name, Tags tags) {
    return meters.get(name).tags(tags).counter().count();
  }

  private static void assertEvents(List<RecordedEvent> events) {
    assertThat(named(events, "Retry"))
        .hasSize(3)
        .allMatch(event -> event.getString("phase").equals("process"))
        .allMatch(event -> event.getString("error").endsWith("not yet"));
    assertThat(named(events, "Reject"))
        .extracting(event -> event.getString("partition") + " " + event.getString("phase"))
        .containsExactlyInAnyOrder("load/p1 write", "load/p2 process");
    List<RecordedEvent> commits = named(events, "Commit");
    assertThat(commits).allMatch(event -> event.getDuration().toNanos() > 0);
    assertThat(commits.stream().mapToLong(event -> event.getLong("read")).sum()).isEqualTo(60);
    assertThat(commits.stream().mapToLong(event -> event.getLong("written")).sum())
        .isEqualTo(58);
    assertThat(commits.stream().mapToLong(event -> event.getLong("rejected")).sum())
        .isEqualTo(2);
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("dev.tranche." + name))
        .toList();
  }
}
