package dev.tranche.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Folders of this JVM's tests, which {@link NothingLeft} knows by their names. */
public final class TemporaryFolder {

  private static final String PREFIX = "tranche-" + ProcessHandle.current().pid() + "-";

  private TemporaryFolder() {}

  /** Makes one; to remove it is up to the caller. */
  public static Path create(String name) throws IOException {
    return Files.createTempDirectory(PREFIX + name + "-");
  }

  /** Those that are there now. */
  static Set<Path> all() {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(PREFIX))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
