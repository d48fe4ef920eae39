package dev.tranche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.definition.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Types every command of the documentation and compares what is printed with what is written. */
class CommandLineDocsTest {

  private static final Path DOCUMENT = Path.of("src/docs/command-line.md");
  private static final Pattern BLOCK =
      Pattern.compile("```console\n\\$ java -jar target/tranche-exec.jar (.*)\n([^`]*)```");

  static List<MatchResult> blocks() throws IOException {
    return BLOCK.matcher(Files.readString(DOCUMENT)).results().toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("commands")
  void printsWhatTheDocumentationShows(String command) throws IOException {
    String written = blocks().stream()
        .filter(it -> it.group(1).equals(command))
        .toList()
        .get(0)
        .group(2);
    CommandLineFixture user = CommandLineFixture.inTerminal(
        new FakeTranche(),
        new Problem("jobs/load-earthquakes.yml", 8, 7, "unknown key 'fil'. Did you mean 'files'?"));

    int code = user.type(command.split(" "));

    String printed = user.out.toString();
    String asked = "$ echo $?\n";
    assertThat(written.contains(asked) ? printed + asked + code + "\n" : printed)
        .isEqualTo(written);
  }

  static Stream<String> commands() throws IOException {
    return blocks().stream().map(it -> it.group(1));
  }

  @Test
  void everyVerbIsInTheTableOfVerbs() throws IOException {
    String document = Files.readString(DOCUMENT);
    String help = helpOf();
    List<String> verbs = Arrays.stream(help.substring(help.indexOf("Verbs:")).split("\n"))
        .filter(line -> line.matches("  [a-z]+ +[A-Z].*"))
        .map(line -> line.strip().split(" ")[0])
        .toList();
    assertThat(verbs).hasSize(16).allSatisfy(verb -> assertThat(document).contains("| `" + verb));
  }

  @Test
  void everyJsonShapeIsDocumented() throws IOException {
    assertThat(
            commands()
                .filter(command -> command.endsWith("--json"))
                .map(it -> it.split(" ")[0])
                .distinct())
        .containsExactlyInAnyOrder(
            "show",
            "executions",
            "partitions",
            "rejects",
            "restart",
            "stop",
            "recover",
            "schedules",
            "purge",
            "jobs",
            "explain",
            "lint");
  }

  private static String helpOf() {
    CommandLineFixture user = CommandLineFixture.before(new FakeTranche());
    user.type("--help");
    return user.out.toString();
  }
}
