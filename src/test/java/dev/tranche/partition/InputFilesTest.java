package dev.tranche.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {

  @TempDir
  Path folder;

  private Path base;
  private InputFiles files;

  @BeforeEach
  void createFiles() throws IOException {
    base = Files.createDirectory(folder.resolve("base"));
    files = new InputFiles(base, false);
    for (String name : List.of("b.csv", "a.csv", "B.csv", "ä.csv", "in/c.csv", "in/deep/d.csv")) {
      create("base/" + name);
    }
    create("outside.csv");
  }

  private void create(String name) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), "x");
  }

  private void assertRefused(String pattern, String message) {
    assertThatThrownBy(() -> files.find(List.of(pattern)))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  @Test
  void findsTheFilesOfAGlobInTheOrderOfTheirBytes() {
    assertThat(files.find(List.of("*.csv"))).containsExactly("B.csv", "a.csv", "b.csv", "ä.csv");
  }

  @Test
  void findsFilesOnceInTheOrderOfThePatterns() {
    assertThat(files.find(List.of("in/c.csv", "b.csv", "{a,b}.csv")))
        .containsExactly("in/c.csv", "b.csv", "a.csv");
  }

  @Test
  void findsFilesInFoldersOfAnyDepth() {
    assertThat(files.find(List.of("**/*.csv")))
        .containsExactly("B.csv", "a.csv", "b.csv", "in/c.csv", "in/deep/d.csv", "ä.csv");
    assertThat(files.find(List.of("in/**/?.csv"))).containsExactly("in/c.csv", "in/deep/d.csv");
    assertThat(files.find(List.of("i*/*.csv"))).containsExactly("in/c.csv");
  }

  @Test
  void takesAFileForItselfWhoseNameLooksLikeAGlob() throws IOException {
    create("base/[a].csv");

    assertThat(files.find(List.of("[a].csv"))).containsExactly("[a].csv");
  }

  @Test
  void takesAnAbsolutePathWithinTheBaseDirectory() {
    assertThat(files.find(List.of(base.resolve("in/c.csv").toString(), "./in/../a.csv")))
        .containsExactly("in/c.csv", "a.csv");
  }

  @Test
  void refusesAFileThatDoesNotExist() {
    assertRefused(
        "in/x.csv",
        "file 'in/x.csv' does not exist in " + base + ". Paths are resolved against the base"
            + " directory");
  }

  @Test
  void refusesAGlobThatMatchesNothing() {
    String message =
        "no file matches '%s' in " + base + ". Globs are resolved against the base directory";
    assertRefused("*.txt", message.formatted("*.txt"));
    assertRefused("nowhere/*.csv", message.formatted("nowhere/*.csv"));
    assertRefused("i[n]", message.formatted("i[n]"));
  }

  @Test
  void refusesAGlobThatIsNone() {
    assertThatThrownBy(() -> files.find(List.of("a[.csv")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("'a[.csv' is not a glob: ");
  }

  @Test
  void refusesADirectory() {
    assertRefused("in", "'in' is a directory. To read the files in it, write 'in/*'");
  }

  @Test
  void refusesWhatCannotBeReadTwice() {
    files = new InputFiles(Path.of("/dev"), false);

    assertRefused(
        "null", "'null' is not a regular file, so that it cannot be read again on a restart");
  }

  @Test
  void refusesToLeaveTheBaseDirectory() throws IOException {
    Files.createSymbolicLink(base.resolve("link.csv"), folder.resolve("outside.csv"));
    Files.createSymbolicLink(base.resolve("up"), folder);
    String message =
        "'%s' is outside of the base directory " + base + ". Files are read only from within it,"
            + " unless 'tranche.may-leave-base-directory: true' is set";

    assertRefused("../outside.csv", message.formatted("../outside.csv"));
    assertRefused("../*.csv", message.formatted("../*.csv"));
    assertRefused("link.csv", message.formatted("link.csv"));
    assertRefused("l*.csv", message.formatted("l*.csv"));
    assertRefused("up/*.csv", message.formatted("up/*.csv"));
  }

  @Test
  void leavesTheBaseDirectoryIfAllowed() {
    files = new InputFiles(base, true);

    List<String> found = files.find(List.of("../*.csv", "a.csv"));

    assertThat(found).containsExactly(folder + "/outside.csv", "a.csv");
    assertThat(files.resolve(found.get(0))).exists();
  }

  @Test
  void followsLinksWithinTheBaseDirectoryAndNotInCircles() throws IOException {
    Files.createSymbolicLink(base.resolve("in/again"), base.resolve("in"));
    Files.createSymbolicLink(base.resolve("z.csv"), base.resolve("a.csv"));

    assertThat(files.find(List.of("in/**/c.csv", "z.csv"))).containsExactly("in/c.csv", "z.csv");
  }
}
