package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.ExecutionView;
import dev.tranche.row.ColumnType;
import dev.tranche.row.Row;
import dev.tranche.testing.TestDatabase;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.EventPublishingContextWrapper;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.micrometer.tracing.otel.bridge.Slf4JEventListener;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;

/** The spans that a run leaves with a tracer, and what a tracer puts into log lines. */
class TracedTest {

  private static final int ITEMS = 60;

  private static final String JOB = """
      steps:
        - name: load
          read: { type: csv, files: items.csv, columns: { n: long } }
          partition: { by: bytes, count: 2, concurrency: 2 }
          process:
      %s
          chunk: { size: 10, mode: %s }
          write: { type: jdbc, table: item, mode: insert }
      """;

  private static final String STEP =
      "caller > spring.batch.job.launch.count > spring.batch.job > spring.batch.step";

  private static final String BEAN = "      - bean: traced";
  private static final String STAGES = """
            - stage: { workers: 3 }
            - bean: traced
            - stage: { workers: 2 }
            - bean: later\
      """;

  private static final Slf4JEventListener correlation = new Slf4JEventListener();

  /** What differs between a span that a processor opened and the log context it had by then. */
  private static final Set<String> uncorrelated = ConcurrentHashMap.newKeySet();

  static {
    ContextStorage.addWrapper(new EventPublishingContextWrapper(correlation::onEvent));
  }

  @EnableAutoConfiguration
  static class Application {

    @Bean
    InMemorySpanExporter spans() {
      return InMemorySpanExporter.create();
    }

    @Bean(destroyMethod = "close")
    SdkTracerProvider provider(InMemorySpanExporter spans) {
      return SdkTracerProvider.builder()
          .addSpanProcessor(SimpleSpanProcessor.create(spans))
          .build();
    }

    @Bean
    Tracer tracer(SdkTracerProvider provider) {
      return new OtelTracer(
          provider.get("test"), new OtelCurrentTraceContext(), correlation::onEvent);
    }

    @Bean
    ObservationRegistry observations(Tracer tracer) {
      ObservationRegistry registry = ObservationRegistry.create();
      registry.observationConfig().observationHandler(new DefaultTracingObservationHandler(tracer));
      return registry;
    }

    @Bean
    ItemProcessor<Row, Row> traced(Tracer tracer) {
      return opening("first", tracer);
    }

    @Bean
    ItemProcessor<Row, Row> later(Tracer tracer) {
      return opening("second", tracer);
    }

    /** Opens a span around each item, as a client that is traced does. */
    private static ItemProcessor<Row, Row> opening(String name, Tracer tracer) {
      return row -> {
        Span around = tracer.currentSpan();
        compare("around", around);
        Span own = tracer.nextSpan().name(name);
        String partition = MDC.get("tranche.partition");
        if (partition != null) {
          own.tag("partition", partition);
        }
        try (Tracer.SpanInScope scope = tracer.withSpan(own.start())) {
          compare("within", own);
        } finally {
          own.end();
        }
        compare("after", around);
        return row;
      };
    }

    private static void compare(String where, Span span) {
      String wanted = span == null ? "none" : span.context().traceId() + " " + span.context().spanId();
      String found = MDC.get("traceId") + " " + MDC.get("spanId");
      if (!found.equals(wanted)) {
        uncorrelated.add(where + ": " + found + " and not " + wanted);
      }
    }

    @Bean
    CsvSlices items(ChunkSteps steps) {
      return steps.csv("items.csv").column("n", ColumnType.LONG).build();
    }

    @Bean
    ChunkStep ours(ChunkSteps steps, CsvSlices items, ItemProcessor<Row, Row> traced) {
      return steps
          .named("ours")
          .reader(items.reader())
          .processor(traced)
          .writer(chunk -> {})
          .chunkSize(10)
          .futures(4)
          .build();
    }

    @Bean
    Job inJava(JobRepository repository, ChunkStep ours) {
      return new JobBuilder("in-java", repository).start(ours).build();
    }

    /** By Spring Batch's own handler, on threads that the application has. */
    @Bean
    Step parts(JobRepository repository, ChunkStep ours, CsvSlices items) {
      SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("part-");
      threads.setTaskDecorator(new ContextPropagatingTaskDecorator());
      return new StepBuilder("parts", repository)
          .partitioner("ours", items.byBytes())
          .step(ours)
          .gridSize(2)
          .taskExecutor(threads)
          .build();
    }

    @Bean
    Job inParts(JobRepository repository, Step parts) {
      return new JobBuilder("in-parts", repository).start(parts).build();
    }
  }

  @BeforeEach
  void forget() {
    uncorrelated.clear();
  }

  @Test
  void inMapMode() throws Exception {
    assertTraced(JOB.formatted(BEAN, "map, workers: 2"), Set.of("first"));
  }

  @Test
  void inFuturesMode() throws Exception {
    assertTraced(JOB.formatted(BEAN, "futures, workers: 2, in-flight: 3"), Set.of("first"));
  }

  @Test
  void inEachStage() throws Exception {
    assertTraced(JOB.formatted(STAGES, "futures, in-flight: 3"), Set.of("first", "second"));
  }

  @Test
  void inAStepInJava() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases)) {
      Job job = world.context().getBean("inJava", Job.class);
      JobExecution execution =
          asCaller(world, () -> world.operator().start(job, new JobParameters()));

      assertThat(execution.getStatus()).isEqualTo(BatchStatus.COMPLETED);
      assertThat(paths(world))
          .containsEntry(STEP + " > first", (long) ITEMS)
          .containsEntry(STEP + " > tranche.chunk.commit", 6L)
          .containsEntry(STEP + " > spring.batch.chunk.write", 6L)
          .hasSize(7);
      assertThat(uncorrelated).isEmpty();
    }
  }

  @Test
  void inPartitionsOfAStepInJava() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases)) {
      ObservationThreadLocalAccessor.getInstance()
          .setObservationRegistry(world.context().getBean(ObservationRegistry.class));
      Job job = world.context().getBean("inParts", Job.class);

      JobExecution execution =
          asCaller(world, () -> world.operator().start(job, new JobParameters()));

      assertThat(execution.getStatus()).isEqualTo(BatchStatus.COMPLETED);
      assertThat(paths(world))
          .containsEntry(STEP + " > spring.batch.step", 2L)
          .containsEntry(STEP + " > spring.batch.step > first", (long) ITEMS)
          .containsKey(STEP + " > spring.batch.step > tranche.chunk.commit")
          .hasSize(8);
      assertThat(uncorrelated).isEmpty();
    } finally {
      ObservationThreadLocalAccessor.getInstance().setObservationRegistry(ObservationRegistry.NOOP);
    }
  }

  private static World world(TestDatabase databases) {
    return new World(databases)
        .with(Application.class)
        .set("spring.batch.job.enabled", false)
        .file("items.csv", Items.csv(ITEMS));
  }

  private static void assertTraced(String job, Set<String> own) throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases).job("traced", job)) {
      world.sql().sql("create table item (n bigint not null)").update();

      ExecutionView execution = asCaller(world, () -> world.run("traced"));

      assertThat(execution.status()).isEqualTo("COMPLETED");
      Map<String, Long> paths = paths(world);
      assertThat(paths).containsEntry(STEP, 1L).hasSize(4 + 2 * (3 + own.size()));
      for (String partition : List.of("p1", "p2")) {
        String within = STEP + " > tranche.partition " + partition;
        long items = paths.getOrDefault(within + " > first " + partition, 0L);
        assertThat(items).as("%s", paths).isBetween(25L, 35L);
        own.forEach(
            name -> assertThat(paths).containsEntry(within + " > " + name + " " + partition, items));
        long chunks = (items + 9) / 10;
        assertThat(paths)
            .containsEntry(within, 1L)
            .containsEntry(within + " > tranche.chunk.commit", chunks)
            .containsEntry(within + " > spring.batch.chunk.write", chunks);
      }
      assertThat(uncorrelated).isEmpty();
    }
  }

  /** In a span that no observation knows of. */
  private static <T> T asCaller(World world, Callable<T> call) throws Exception {
    Tracer tracer = world.context().getBean(Tracer.class);
    Span caller = tracer.nextSpan().name("caller").start();
    try (Tracer.SpanInScope scope = tracer.withSpan(caller)) {
      return call.call();
    } finally {
      caller.end();
    }
  }

  /** How many spans there are of each path from the root; a trace has one root. */
  private static Map<String, Long> paths(World world) {
    List<SpanData> ended =
        world.context().getBean(InMemorySpanExporter.class).getFinishedSpanItems();
    assertThat(ended.stream().map(SpanData::getTraceId).distinct()).hasSize(1);
    Map<String, SpanData> byId =
        ended.stream().collect(Collectors.toMap(SpanData::getSpanId, Function.identity()));
    return ended.stream()
        .collect(Collectors.groupingBy(span -> path(span, byId), Collectors.counting()));
  }

  private static String path(SpanData span, Map<String, SpanData> byId) {
    String partition = span.getAttributes().get(AttributeKey.stringKey("partition"));
    String name = span.getName() + (partition == null ? "" : " " + partition);
    if (!span.getParentSpanContext().isValid()) {
      return name;
    }
    SpanData parent = byId.get(span.getParentSpanId());
    return (parent == null ? "one that did not end" : path(parent, byId)) + " > " + name;
  }
}
