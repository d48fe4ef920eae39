package dev.tranche.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobFileTest {

  @Test
  void understandsTheRealJob() throws Exception {
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
    assertThat(step.partition())
        .isEqualTo(new PartitionDefinition.Bytes(512L * 1024, null, 4));
    assertThat(step.chunk())
        .isEqualTo(
            new ChunkDefinition(
                500,
                ChunkDefinition.Mode.FUTURES,
                2,
                ChunkDefinition.Threads.PLATFORM,
                8,
                64 * 8,
                ChunkDefinition.Order.INPUT,
                Duration.ofSeconds(30)));
  }
}
