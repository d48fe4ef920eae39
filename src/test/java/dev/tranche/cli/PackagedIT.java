package dev.tranche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Both jars as they are shipped, and the verbs that need no database in a directory without one. */
class PackagedIT {

  private static final Path LIBRARY = Path.of("target/tranche.jar").toAbsolutePath();
  private static final Path EXECUTABLE = Path.of("target/tranche-exec.jar").toAbsolutePath();

  @TempDir
  Path directory;

  private final List<String> settings = new ArrayList<>();

  @Test
  void theLibraryIsAPlainJarThatStartsNothing() throws IOException {
    try (JarFile jar = new JarFile(LIBRARY.toFile())) {
      assertThat(jar.getManifest().getMainAttributes().get(Attributes.Name.MAIN_CLASS))
          .isNull();
      assertThat(jar.stream().map(ZipEntry::getName))
          .contains("dev/tranche/Tranche.class")
          .noneMatch(
              name -> name.startsWith("BOOT-INF") || name.matches("application.*|logback.*"));
    }
  }

  @Test
  void theExecutableJarHoldsTheCommandLineAndTheDrivers() throws IOException {
    try (JarFile jar = new JarFile(EXECUTABLE.toFile())) {
      List<String> libraries =
          jar.stream().map(ZipEntry::getName).filter(it -> it.endsWith(".jar")).toList();
      assertThat(List.of("picocli", "h2", "postgresql"))
          .allSatisfy(
              name -> assertThat(libraries).anyMatch(it -> it.contains("/lib/" + name + "-")));
    }
  }

  @Test
  void versionIsThatOfTheBuild() throws Exception {
    assertThat(run("--version").out).matches("tranche \\d+\\.\\d+\\.\\d+.*\n");
  }

  @Test
  void lintAndSchemaOpenNoDatabaseAndPrintNothingElse() throws Exception {
    Files.createDirectory(directory.resolve("jobs"));
    Files.writeString(directory.resolve("jobs/a.yml"), "name: a\nstep: []\n");

    Ended lint = run("lint");
    assertThat(lint.out).startsWith("jobs/a.yml:");
    assertThat(lint.err).isEmpty();
    assertThat(lint.code).isEqualTo(2);

    Ended schema = run("schema");
    assertThat(JsonMapper.shared().readTree(schema.out).has("$schema")).isTrue();
    assertThat(schema.err).isEmpty();
    assertThat(schema.code).isZero();

    assertThat(directory.resolve("var")).doesNotExist();
  }

  @Test
  void aDatabaseThatIsDownIsToldInTwoLines() throws Exception {
    settings.add("-Dspring.datasource.url=jdbc:postgresql://localhost:1/x?password=geheim");
    settings.add("-Dspring.datasource.username=ada");

    Ended ended = run("jobs");

    assertThat(ended.code).isEqualTo(1);
    assertThat(ended.out).isEmpty();
    assertThat(ended.err).isEqualTo("""
            Cannot use the database jdbc:postgresql://localhost:1/x?password=*** as user 'ada': \
            Connection to localhost:1 refused. Check that the hostname and port are correct and that \
            the postmaster is accepting TCP/IP connections.
            Start it, or name another: spring.datasource.url in config/application.yml, or \
            -Dspring.datasource.url=... before -jar.
            """);
  }

  private Ended run(String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(settings);
    command.addAll(List.of("-jar", EXECUTABLE.toString()));
    command.addAll(List.of(words));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process = new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectOutput(out.toFile())
        .redirectError(err.toFile())
        .start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private record Ended(int code, String out, String err) {}
}
