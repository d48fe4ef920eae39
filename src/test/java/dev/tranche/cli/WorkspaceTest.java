package dev.tranche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class WorkspaceTest {

  @TempDir
  Path directory;

  @Test
  void readsTheJobsOfTheBaseDirectory() throws IOException {
    Files.createDirectory(directory.resolve("jobs"));
    Path file = Files.writeString(directory.resolve("jobs/a.yml"), "nam: a\n");

    assertThat(workspace(Map.of()).lint(List.of()))
        .anySatisfy(problem -> assertThat(problem.toString()).startsWith(file + ":1:1: "));
  }

  @Test
  void knowsSettingsAndTheirDefaultsButEnvironmentVariablesOnlyByTheirPrefix() throws IOException {
    Path file = Files.writeString(directory.resolve("a.yml"), """
            name: a
            description: ${my.setting} ${spring.datasource.url} ${env.PATH} ${MY_VARIABLE} ${nothing}
            steps:
              - name: load
                sql: [ "select 1" ]
            """);

    assertThat(workspace(Map.of("my.setting", "x")).lint(List.of(file)))
        .extracting(problem -> problem.message().replaceAll("(?s)^.*(\\$\\{[^}]*}).*$", "$1"))
        .containsExactly("${MY_VARIABLE}", "${nothing}");
  }

  private Workspace workspace(Map<String, Object> settings) {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .replace(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.of("MY_VARIABLE", "y")));
    environment
        .getPropertySources()
        .addFirst(
            new MapPropertySource("base", Map.of("tranche.base-directory", directory.toString())));
    environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
    return Workspace.with(environment);
  }
}
