package dev.tranche.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules about the text of the project's files. */
class ProjectFilesTest {

  private static final int LONGEST_FILE = 500;
  private static final Pattern SLEEP = Pattern.compile("(Thread|SECONDS|[a-z]Unit)\\.sleep\\(");
  private static final Pattern REGISTRY =
      Pattern.compile("://[^ \"]*/maven2|\"resolved\": *\"https?:|://repo[.0-9]");
  private static final Pattern MACHINE = Pattern.compile("(^|[^A-Za-z0-9_.-])/(work|farm|root)/");
  private static final Pattern PACKAGE_INFO = Pattern.compile(
      "(?s)/\\*\\*\n \\* \\S.*\\.\n.*Start reading at .*\\*/\n@NullMarked\npackage .*");
  private static final Set<String> NOT_COMMITTED =
      Set.of(".git", "target", "var", ".idea", ".vscode");

  @Test
  void testsWaitForAnEventAndNotForADuration() {
    assertThat(lines("src/test/java", ".java", SLEEP)).isEmpty();
    assertThat(SLEEP.matcher("Thread." + "sleep(1);").find()).isTrue();
    assertThat(SLEEP.matcher("TimeUnit.SECONDS." + "sleep(1);").find()).isTrue();
  }

  @Test
  void noLineNamesTheHostOfARegistry() {
    assertThat(lines(".", "", REGISTRY)).isEmpty();
    assertThat(REGISTRY.matcher("https:/" + "/repo.example.org/x").find()).isTrue();
    assertThat(REGISTRY.matcher("https:/" + "/example.org/maven2").find()).isTrue();
  }

  @Test
  void noLineHoldsAPathOfSomebodysMachine() {
    assertThat(lines(".", "", MACHINE)).isEmpty();
    assertThat(MACHINE.matcher("cd /wor" + "k/main").find()).isTrue();
  }

  @Test
  void noSourceFileIsTooLongToRead() {
    assertThat(files("src", ".java").stream().filter(file -> read(file).size() > LONGEST_FILE))
        .isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsAndWhereToStart() {
    List<Path> packages =
        files("src/main/java", ".java").stream().map(Path::getParent).distinct().toList();
    assertThat(packages).isNotEmpty();
    assertThat(packages)
        .allSatisfy(folder ->
            assertThat(folder.resolve("package-info.java")).content().matches(PACKAGE_INFO));
  }

  @Test
  void everyDependencyHasAReason() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String reasons = Files.readString(Path.of("src/docs/architecture.md"));
    String dependencies = pom.substring(
            pom.indexOf("</dependencyManagement>"), pom.indexOf("<build>"))
        .replaceAll("(?s)<exclusions>.*?</exclusions>", "");
    List<String> names = Pattern.compile("<artifactId>(.*?)</artifactId>")
        .matcher(dependencies)
        .results()
        .map(match -> match.group(1))
        .toList();

    assertThat(names)
        .isNotEmpty()
        .allSatisfy(name -> assertThat(reasons).contains("`" + name + "`"));
  }

  private static List<String> lines(String folder, String ending, Pattern unwanted) {
    Predicate<String> bad = unwanted.asPredicate();
    List<String> found = new ArrayList<>();
    for (Path file : files(folder, ending)) {
      List<String> lines = read(file);
      for (int i = 0; i < lines.size(); i++) {
        if (bad.test(lines.get(i))) {
          found.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
        }
      }
    }
    return found;
  }

  private static List<Path> files(String folder, String ending) {
    try (Stream<Path> all = Files.walk(Path.of(folder))) {
      return all.filter(Files::isRegularFile)
          .filter(ProjectFilesTest::isCommitted)
          .filter(file -> file.toString().endsWith(ending))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isCommitted(Path file) {
    for (Path part : file) {
      if (NOT_COMMITTED.contains(part.toString())) {
        return false;
      }
    }
    return true;
  }

  /** As Latin-1, which any byte sequence is: test data comes in all sorts of charsets. */
  private static List<String> read(Path file) {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return lines.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
