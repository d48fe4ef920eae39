package dev.tranche.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.chunk.RaceHunt.Scene;
import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.Timeout;

/** {@code -Dtranche.races=10000} hunts longer. */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class RaceHuntTest {

  private static final int INVOCATIONS = Integer.getInteger("tranche.races", 30);

  /** On JDK 25 the hunter misses the planted race, so that its silence would say nothing. */
  @Test
  @EnabledForJreRange(max = JRE.JAVA_17)
  void findsTheRaceThatIsPlantedAndNoOther() throws Exception {
    Process process = new ProcessBuilder(
            System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            RaceHunt.class.getName(),
            String.valueOf(INVOCATIONS))
        .redirectErrorStream(true)
        .start();
    try {
      String output = new String(process.getInputStream().readAllBytes());
      List<String> scenes =
          output.lines().filter(line -> line.matches("[A-Z_]+ (holds|breaks)")).toList();
      assertThat(scenes)
          .as(output)
          .containsExactlyElementsOf(Arrays.stream(Scene.values())
              .map(scene -> scene + (scene == Scene.A_PLANTED_RACE ? " breaks" : " holds"))
              .toList());
    } finally {
      process.destroyForcibly();
    }
  }
}
