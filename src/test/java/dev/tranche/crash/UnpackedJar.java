package dev.tranche.crash;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;

/**
 * The shipped jar as its own tools unpack it, beside an archive of its classes as the JVM keeps them:
 * a child starts with little more than half the processor time.
 *
 * <p>Made once for each jar that is packaged, by whichever process of tests is first. The classes are
 * the same ones; {@code PackagedIT} and its like run the jar itself.
 */
final class UnpackedJar {

  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path PACKAGED = TARGET.resolve("tranche-exec.jar");
  private static final Path FOLDER = TARGET.resolve("unpacked");
  private static final Path JAR = FOLDER.resolve("tranche-exec.jar");
  private static final Path ARCHIVE = FOLDER.resolve("classes.jsa");
  private static final Path MADE_OF = FOLDER.resolve("made-of");

  private static boolean made;

  private UnpackedJar() {}

  /** The arguments of {@code java} that start the command line. */
  static List<String> launch() {
    make();
    return List.of(archive(), "-Xlog:cds=off", "-jar", JAR.toString());
  }

  /**
   * The same with a user's own beans.
   *
   * @param beans a jar of theirs
   * @param configuration the name of a class in it
   */
  static List<String> launch(Path beans, String configuration) {
    make();
    return List.of(
        archive(),
        "-Xlog:cds=off",
        "-Dspring.main.sources=" + configuration,
        "-cp",
        JAR + File.pathSeparator + beans,
        "dev.tranche.cli.TrancheCommand");
  }

  private static String archive() {
    return "-XX:SharedArchiveFile=" + ARCHIVE;
  }

  private static synchronized void make() {
    if (made) {
      return;
    }
    if (!Files.exists(PACKAGED)) {
      throw new AssertionError(
          PACKAGED + " is missing: build it with ./mvnw -DskipTests package");
    }
    try (FileChannel file =
            FileChannel.open(
                TARGET.resolve("unpacked.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = file.lock()) {
      String from = Files.getLastModifiedTime(PACKAGED) + " " + Files.size(PACKAGED);
      if (!Files.exists(MADE_OF) || !Files.readString(MADE_OF).equals(from)) {
        unpack();
        Files.writeString(MADE_OF, from);
      }
      made = true;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    } catch (InterruptedException interrupt) {
      throw new IllegalStateException(interrupt);
    }
  }

  private static void unpack() throws IOException, InterruptedException {
    FileSystemUtils.deleteRecursively(FOLDER);
    java(
        TARGET,
        "-Djarmode=tools",
        "-jar",
        PACKAGED.toString(),
        "extract",
        "--destination",
        FOLDER.toString());
    Path once = FOLDER.resolve("once");
    Installation.in(once);
    java(once, "-XX:ArchiveClassesAtExit=" + ARCHIVE, "-jar", JAR.toString(), "run", "load-earthquakes");
    FileSystemUtils.deleteRecursively(once);
  }

  private static void java(Path directory, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(Installation.java());
    command.addAll(List.of(arguments));
    Path log = TARGET.resolve("unpacked.log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(command + ": " + Files.readString(log));
    }
  }
}
