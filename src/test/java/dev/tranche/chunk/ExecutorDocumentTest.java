package dev.tranche.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.example.CheckSums;
import dev.tranche.example.FirstAnswers;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** src/docs/executor.md: its table says what the tests show, and its examples work. */
class ExecutorDocumentTest {

  private static final Path DOCUMENT = Path.of("src/docs/executor.md");
  private static final Path EXAMPLES = Path.of("src/test/java/dev/tranche/example");
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern ROW =
      Pattern.compile("^\\| (\\d+) \\| ([^|]+) \\| ([^|:]+)(: [^|]+)? \\| ([^|]*)\\|$");

  /** F, O, P and 180 need worker processes. */
  private static final Set<Integer> LINES = Stream.of(
          IntStream.rangeClosed(1, 66),
          IntStream.rangeClosed(76, 159),
          IntStream.rangeClosed(174, 179),
          IntStream.rangeClosed(181, 189))
      .flatMap(IntStream::boxed)
      .collect(Collectors.toCollection(TreeSet::new));

  private static final List<Class<?>> SUITE = List.of(
      WorkersConformanceTest.class,
      MapConformanceTest.class,
      LazyMapConformanceTest.class,
      FutureConformanceTest.class,
      CallbackConformanceTest.class,
      WaitingConformanceTest.class,
      LifecycleConformanceTest.class);

  @TempDir
  Path directory;

  @Test
  void saysOfEveryLineWhatIsDoneWithItAndWhatShowsIt() throws IOException {
    Map<Integer, Set<String>> tests = tests();
    Map<Integer, MatchResult> rows = rows();

    assertThat(rows.keySet()).isEqualTo(LINES);
    rows.forEach((line, row) -> {
      String verdict = row.group(3);
      assertThat(verdict).as("line %s", line).isIn("conforms", "deviates", "not applicable");
      assertThat(row.group(4) != null)
          .as("line %s: a reason if, and only if, it does not conform", line)
          .isEqualTo(!verdict.equals("conforms"));
      Set<String> shown = tests.getOrDefault(line, Set.of());
      assertThat(String.join("<br>", shown))
          .as("line %s", line)
          .isEqualTo(row.group(5).strip());
      assertThat(shown.isEmpty())
          .as("line %s: what conforms is shown by a test", line)
          .isEqualTo(shown.isEmpty() && !verdict.equals("conforms"));
    });
    assertThat(tests.keySet()).isSubsetOf(LINES);
  }

  private static Map<Integer, MatchResult> rows() throws IOException {
    Map<Integer, MatchResult> rows = new TreeMap<>();
    for (String text : Files.readAllLines(DOCUMENT)) {
      if (text.matches("\\| \\d.*")) {
        MatchResult row = ROW.matcher(text)
            .results()
            .findFirst()
            .orElseThrow(() -> new AssertionError("not a row of the table: " + text));
        assertThat(rows.put(Integer.valueOf(row.group(1)), row)).as(text).isNull();
      }
    }
    return rows;
  }

  private static Map<Integer, Set<String>> tests() {
    Map<Integer, Set<String>> tests = new TreeMap<>();
    for (Class<?> type : SUITE) {
      String name = type.getSimpleName().replace("ConformanceTest", "");
      for (Method method : type.getDeclaredMethods()) {
        Line shows = method.getAnnotation(Line.class);
        if (shows != null) {
          Arrays.stream(shows.value())
              .forEach(line -> tests
                  .computeIfAbsent(line, any -> new TreeSet<>())
                  .add("`" + name + "." + method.getName() + "`"));
        }
      }
    }
    return tests;
  }

  @Test
  void showsWhatIsCompiledHere() throws IOException {
    List<String> blocks = JAVA.matcher(Files.readString(DOCUMENT))
        .results()
        .map((MatchResult block) -> block.group(1))
        .toList();

    assertThat(blocks).containsExactly(source("CheckSums.java"), source("FirstAnswers.java"));
  }

  private static String source(String file) throws IOException {
    return Files.readString(EXAMPLES.resolve(file)).replaceFirst("package .*;\n\n", "");
  }

  @Test
  void sumsFilesOnAllProcessors() throws Exception {
    List<Path> files = List.of(
        Files.writeString(directory.resolve("a"), "123456789"),
        Files.writeString(directory.resolve("b"), ""));

    assertThat(new CheckSums().of(files)).containsExactly(0xcbf43926L, 0L);
    assertThat(new CheckSums().largest(files)).isEqualTo(0xcbf43926L);
  }

  @Test
  void givesTheAnswersThatCameInTime() throws Exception {
    List<Callable<String>> questions = List.of(() -> "yes", () -> "no");

    assertThat(new FirstAnswers().within(Duration.ofHours(1), questions))
        .containsExactlyInAnyOrder("yes", "no");
    assertThat(new FirstAnswers().within(Duration.ZERO, List.of(this::late)))
        .containsExactly("1 (of 1) futures unfinished");
  }

  private String late() throws InterruptedException {
    synchronized (this) {
      wait(50);
    }
    return "late";
  }
}
