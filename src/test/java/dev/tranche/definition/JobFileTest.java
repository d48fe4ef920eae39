package dev.tranche.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobFileTest {

  @Test
  void understandsTheJobThatComesWithTheProject() throws Exception {
    JobFile file =
        JobFile.parse("load.yml", Files.readString(Path.of("jobs/load-earthquakes.yml")));

    assertThat(file.problems()).isEmpty();
    ResolvedJob job =
        file.resolved(file.parameters(Map.of("region", "oklahoma-region")).placeholders());
    assertThat(job.placeholders()).isEqualTo(Map.of("region", "oklahoma-region"));
    assertThat(job.definition().name()).isEqualTo("load-earthquakes");
    var step = (ChunkStepDefinition) job.definition().steps().get(0);
    assertThat(((ReadDefinition.Csv) step.read()).files())
        .containsExactly("jobs/data/earthquakes/oklahoma-region.csv");
    assertThat(step.partition()).isEqualTo(new PartitionDefinition.Bytes(512L * 1024, null, 4));
    assertThat(step.chunk())
        .isEqualTo(new ChunkDefinition(
            500,
            null,
            ChunkDefinition.Mode.FUTURES,
            2,
            ChunkDefinition.Threads.PLATFORM,
            8,
            64 * 8,
            ChunkDefinition.Order.INPUT,
            Duration.ofSeconds(30), null));
  }

  @Test
  void bindsEveryKeyToItsComponent() {
    JobDefinition job = Examples.of("valid/every-key.yml").file().resolve(Placeholders.NONE);

    assertThat(job.parameters().keySet())
        .containsExactly("region", "day", "limit", "factor", "since");
    assertThat(job.schedule().zone().getId()).isEqualTo("Europe/Berlin");
    assertThat(job.onCrash()).isEqualTo(new OnCrash(OnCrash.Then.RESTART, 5));
    assertThat(job.steps().get(0))
        .isEqualTo(new SqlStepDefinition(
            "prepare",
            List.of(
                "create table if not exists daily (id varchar(20), day date)",
                "delete from daily where day = '2026-01-31'"),
            "warehouse"));
    var load = (ChunkStepDefinition) job.steps().get(1);
    var csv = (ReadDefinition.Csv) load.read();
    assertThat(csv.files()).containsExactly("data/*.csv", "data/more/*.csv");
    assertThat(csv.columns().keySet()).containsExactly("id", "day", "amount", "code", "note");
    assertThat(csv.columns().get("amount").nullValues()).containsExactly("n/a");
    assertThat(csv.delimiter()).isEqualTo(';');
    assertThat(csv.maxRecord()).isEqualTo(64 * 1024);
    assertThat(load.process()).hasSize(6);
    assertThat(load.onError().skip()).isEqualTo(new OnError.Skip(100L, 0.005, 10_000));
    assertThat(load.onError().retry().on())
        .containsExactly("transient", "timeout", "data", "java.io.IOException");
    assertThat(load.onError().retry().maxBackoff()).isEqualTo(Duration.ofSeconds(10));
    assertThat(load.onError().retry().jitter()).isEqualTo(0.5);
    assertThat(load.chunk().itemTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(load.write())
        .isEqualTo(new WriteDefinition.Jdbc(
            "warehouse",
            "public.daily",
            WriteDefinition.Jdbc.Mode.UPSERT,
            List.of("id", "day"),
            true,
            Map.of("id", "id", "on_day", "day")));
    assertThat(job.steps().get(2))
        .extracting("read", "partition")
        .containsExactly(
            new ReadDefinition.Bean("orders", true),
            new PartitionDefinition.Bean("orderRanges", 8, 2));
    assertThat(job.steps().get(job.steps().size() - 1))
        .isEqualTo(new TaskletStepDefinition("report", "reporter"));
  }

  private static ChunkStepDefinition step(String process, String chunk) {
    return (ChunkStepDefinition)
        JobFile.parse(
                "job.yml",
                """
                name: job
                steps:
                  - name: load
                    read: { type: csv, files: a.csv }
                    process: %s
                    chunk: %s
                    write: { type: jdbc, table: t }
                """
                    .formatted(process, chunk))
            .resolve(Placeholders.of(Map.of("kind", "virtual")))
            .steps()
            .get(0);
  }

  @Test
  void givesVirtualThreadsMoreWorkersThanThereAreProcessors() {
    int processors = Runtime.getRuntime().availableProcessors();

    assertThat(step("[]", "{}").chunk().workers()).isEqualTo(processors);
    assertThat(step("[]", "{ threads: platform }").chunk().workers()).isEqualTo(processors);
    if (Runtime.version().feature() >= 21) { // before, it is a problem
      assertThat(step("[]", "{ threads: virtual }").chunk().workers()).isEqualTo(64);
      assertThat(step("[]", "{ threads: \"${kind}\" }").chunk().workers()).isEqualTo(64);
      assertThat(step("[]", "{ threads: virtual, workers: 3 }").chunk().workers()).isEqualTo(3);
      assertThat(step("[{ stage: { threads: virtual } }, { bean: b }]", "{}").stages())
          .extracting(ChunkDefinition::workers)
          .containsExactly(64);
    }
  }

  @Test
  void givesTheEntriesAboveTheFirstStageTheWorkersOfTheChunk() {
    String futures = "{ size: 10, mode: futures, workers: 5, in-flight: 3, order: completion }";
    String parsed = "{ bean: parser }";

    assertThat(step("[{ bean: fetcher }, " + parsed + "]", futures).stages())
        .extracting(ChunkDefinition::workers)
        .containsExactly(5);
    assertThat(step("[{ bean: fetcher }, { stage: { workers: 7 } }, " + parsed + "]", futures)
            .stages())
        .extracting(ChunkDefinition::workers, ChunkDefinition::inFlight, ChunkDefinition::order)
        .containsExactly(
            tuple(5, 3, ChunkDefinition.Order.COMPLETION),
            tuple(7, 3, ChunkDefinition.Order.COMPLETION));
    assertThat(step("[{ stage: { workers: 7 } }, " + parsed + "]", "{ size: 10 }").stages())
        .extracting(ChunkDefinition::workers)
        .containsExactly(7);
  }

  @Test
  void fillsInTheDefaults() {
    JobDefinition job = Examples.of("valid/minimal.yml").file().resolve(Placeholders.NONE);
    int processors = Runtime.getRuntime().availableProcessors();

    assertThat(job.onCrash()).isEqualTo(OnCrash.DEFAULT);
    var step = (ChunkStepDefinition) job.steps().get(0);
    assertThat(step.partition())
        .isEqualTo(new PartitionDefinition.Bytes(64L << 20, null, processors));
    assertThat(step.chunk())
        .isEqualTo(ChunkDefinition.DEFAULT)
        .isEqualTo(new ChunkDefinition(
            1000,
            4000,
            ChunkDefinition.Mode.MAP,
            processors,
            ChunkDefinition.Threads.PLATFORM,
            1,
            64,
            ChunkDefinition.Order.INPUT,
            null, null));
    assertThat(step.onError())
        .isEqualTo(OnError.DEFAULT)
        .isEqualTo(new OnError(
            new OnError.Retry(
                1, Duration.ofMillis(200), Duration.ofMinutes(1), 0.2, List.of("transient")), null, null));
    assertThat(OnError.Retry.NONE).isEqualTo(OnError.DEFAULT.retry());
  }

  @Test
  void readsYamlAsVersionOneTwoSays() {
    JobDefinition job = Examples.of("valid/yaml-1.2.yml").file().resolve(Placeholders.NONE);

    assertThat(job.name()).isEqualTo("no");
    assertThat(job.description()).isEqualTo("12:30:45");
    assertThat(job.parameters().get("on").defaultValue()).isEqualTo("off");
    assertThat(((ChunkStepDefinition) job.steps().get(0)).chunk().size()).isEqualTo(16);
  }

  @Test
  void namesTheJobByItsFileIfItHasNoName() {
    assertThat(JobFile.parse("jobs/some-file.yaml", "a: [").name()).isEqualTo("some-file");
    assertThat(JobFile.parse("jobs\\some-file.yml", "name: [a]").name()).isEqualTo("some-file");
    assertThat(JobFile.parse("jobs/some-file.yml", "name: other").name()).isEqualTo("other");
  }

  @Test
  void ignoresAByteOrderMark() {
    assertThat(JobFile.parse("x.yml", "\uFEFFname: x\r\nsteps: [{ name: a, tasklet: b }]\r\n")
            .problems())
        .isEmpty();
  }

  @Test
  void throwsAllProblemsAtOnce() {
    JobFile file = Examples.of("invalid/twenty-mistakes.yml").file();

    assertThatThrownBy(() -> file.resolve(Placeholders.NONE))
        .isInstanceOfSatisfying(
            InvalidDefinitionException.class,
            e -> assertThat(e.problems()).isEqualTo(file.problems()))
        .hasMessageContaining("twenty-mistakes.yml:23:20: 'chunk.size' must be a whole number");
  }

  @Test
  void refusesVirtualThreadsBeforeJava21() {
    JobFile file = JobFile.parse("x.yml", """
            name: x
            steps:
              - name: a
                read: { type: csv, files: a.csv }
                chunk: { threads: virtual }
                write: { type: jdbc, table: t }
            """);

    assertThat(file.problems(Placeholders.NONE, 21)).isEmpty();
    assertThat(file.problems(Placeholders.NONE, 20))
        .extracting(Problem::toString)
        .containsExactly(
            "x.yml:5:23: 'chunk.threads' cannot be 'virtual' on Java 20. Run it on Java 21 or"
                + " later, or write 'platform'.");
  }

  @Test
  void findsThePlaceOfProblemsThatOthersFound() {
    JobFile file = Examples.of("valid/every-key.yml").file();

    assertThat(file.problem("load", List.of("process", 1, "total"), "too large"))
        .hasToString("every-key.yml:46:18: too large");
    assertThat(file.problem("load", List.of("process", 1), "too large"))
        .hasToString("every-key.yml:45:9: too large");
    assertThat(file.problem("load", List.of("process", 99, "x"), "too large"))
        .hasToString("every-key.yml:40:5: too large");
    assertThat(file.problem("load", List.of("write", "table"), "not there"))
        .hasToString("every-key.yml:70:14: not there");
    assertThat(file.problem("nothing", List.of("write"), "not there"))
        .hasToString("every-key.yml: not there");
  }
}
