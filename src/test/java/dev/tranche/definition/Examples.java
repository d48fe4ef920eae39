package dev.tranche.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The examples in {@code src/test/resources/definitions}, and what they say of themselves. */
record Examples(String name, String text) {

  private static final Path FOLDER = Path.of("src/test/resources/definitions");
  private static final String PROBLEMS = "# problems:";
  private static final int JAVA_VERSION = 17;

  /** Spring properties and environment variables that the files may count on. */
  static final Placeholders ENVIRONMENT = Placeholders.of(Map.of(
      "region.folder", "north",
      "delimiter", ";",
      "rate", "2%",
      "spring.property", "UTF-99",
      "env.TIMEOUT", "30s"));

  static List<Examples> valid() {
    return all("valid");
  }

  static List<Examples> invalid() {
    return all("invalid");
  }

  static Examples of(String file) {
    try {
      Path path = FOLDER.resolve(file);
      return new Examples(path.getFileName().toString(), Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Examples> all(String folder) {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      List<Examples> examples =
          files.sorted().map(file -> of(folder + "/" + file.getFileName())).toList();
      assertThat(examples).isNotEmpty();
      return examples;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JobFile file() {
    return JobFile.parse(name, text);
  }

  /** As {@code line:column: message}, in order. */
  List<String> problems() {
    return file().problems(ENVIRONMENT, JAVA_VERSION).stream()
        .map(problem -> problem.line() + ":" + problem.column() + ": " + problem.message())
        .toList();
  }

  /** The problems that the comments at the end of the file expect. */
  List<String> expected() {
    return text.lines()
        .dropWhile(line -> !line.equals(PROBLEMS))
        .skip(1)
        .map(line -> line.substring(2))
        .toList();
  }

  /** Whether the file says that its problems are none that a JSON Schema can see. */
  boolean hidesFromTheSchema() {
    return text.lines().anyMatch("# The schema cannot see this."::equals);
  }

  @Override
  public String toString() {
    return name;
  }
}
