package dev.tranche.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tranche.definition.JobFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What documents say is held against the real parser, the real verbs and the real files. */
class DocumentsTest {

  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern COMMAND =
      Pattern.compile("java -jar target/tranche-exec\\.jar +([^#`\n]+)");

  static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(Path.of("README.md")));
    try (Stream<Path> files = Files.walk(Path.of("src/docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
    }
    return documents;
  }

  @ParameterizedTest
  @MethodSource("documents")
  void jobFilesAreUnderstood(Path document) throws IOException {
    for (String yaml : all(YAML, document)) {
      if (yaml.contains("\nsteps:")) {
        assertThat(JobFile.parse(document.toString(), yaml).problems()).as(yaml).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void commandsCanBeTyped(Path document) throws IOException {
    for (String command : all(COMMAND, document)) {
      if (!command.startsWith("<")) {
        assertThatCode(() -> commandLine().parseArgs(command.strip().split(" +")))
            .as(command)
            .doesNotThrowAnyException();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksLeadSomewhere(Path document) throws IOException {
    for (String link : all(LINK, document)) {
      assertThat(document.toAbsolutePath().resolveSibling(link)).exists();
    }
  }

  private static List<String> all(Pattern pattern, Path document) throws IOException {
    return pattern
        .matcher(Files.readString(document))
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  private static CommandLine commandLine() {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    Terminal terminal = new Terminal(nowhere, nowhere, false, null);
    Doorway closed = new BootDoorway(terminal);
    return TrancheCommand.commandLine(
        new Session("tranche", terminal, closed, new Signals(terminal), InstantSource.system()));
  }
}
