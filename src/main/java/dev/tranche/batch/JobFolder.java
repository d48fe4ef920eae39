package dev.tranche.batch;

import dev.tranche.definition.JobFile;
import dev.tranche.definition.JobFiles;
import dev.tranche.definition.Placeholders;
import dev.tranche.definition.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The job files of a folder, looked at whenever they are asked for and read again if one changed.
 *
 * <p>A file that is broken counts as it was when it was last sound, as long as it is there. That is
 * for a service, which is not to lose a job over a slip in an editor. Safe for all threads.
 */
final class JobFolder {

  // -- given --
  private final Path folder;
  private final Placeholders environment;
  private final boolean keeping;

  // -- so far --
  private final Map<String, JobFile> lastGood = new HashMap<>();
  private final List<String> changes = new ArrayList<>();
  private Map<Path, Stamp> stamps = Map.of();
  private @Nullable JobFiles files;

  /** What changes if a file does; read anew if the file system cannot tell more. */
  private record Stamp(long size, long modified, @Nullable Object key) {}

  /** @param keeping whether what was last sound is kept; else files are read whenever asked for */
  JobFolder(Path folder, Placeholders environment, boolean keeping) {
    this.folder = folder;
    this.environment = environment;
    this.keeping = keeping;
  }

  Path path() {
    return folder;
  }

  synchronized JobFiles files() {
    if (!keeping) {
      return JobFiles.of(folder, environment);
    }
    try {
      Map<Path, Stamp> found = stamps();
      JobFiles known = files;
      if (known == null || !found.equals(stamps)) {
        known = read(found);
        files = known;
        stamps = found;
      }
      return known;
    } catch (IOException unreadable) {
      // A folder that cannot be listed is said to be so there.
      return files == null ? JobFiles.of(folder, environment) : files;
    }
  }

  /** What changed since this was last asked, in words. */
  synchronized List<String> changes() {
    files();
    List<String> found = List.copyOf(changes);
    changes.clear();
    return found;
  }

  private Map<Path, Stamp> stamps() throws IOException {
    Map<Path, Stamp> found = new LinkedHashMap<>();
    for (Path file : JobFiles.in(folder)) {
      BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
      found.put(
          file,
          new Stamp(seen.size(), seen.lastModifiedTime().toMillis(), seen.fileKey()));
    }
    return found;
  }

  private JobFiles read(Map<Path, Stamp> found) {
    JobFiles read = JobFiles.of(List.copyOf(found.keySet()), environment, lastGood);
    stamps.keySet().stream()
        .filter(file -> !found.containsKey(file))
        .forEach(file -> changes.add(name(file) + " is gone"));
    found.forEach((file, stamp) -> {
      if (!stamp.equals(stamps.get(file))) {
        tell(name(file), stamps.containsKey(file), read.problems());
      }
    });
    read.byName().values().stream()
        .filter(file -> file.problems(environment).isEmpty())
        .forEach(file -> lastGood.put(file.file(), file));
    return read;
  }

  private void tell(String file, boolean known, List<Problem> problems) {
    List<String> own =
        problems.stream().filter(it -> it.file().equals(file)).map(Problem::toString).toList();
    if (own.isEmpty()) {
      changes.add(file + (known ? " changed: it takes effect for the next run" : " is there"));
      return;
    }
    String remains = lastGood.containsKey(file)
        ? "the version before it stays in effect"
        : "it cannot be run";
    changes.add(file + " has " + Words.count(own.size(), "problem") + ", so " + remains + ":\n  "
        + String.join("\n  ", own));
  }

  private static String name(Path file) {
    return file.toString().replace('\\', '/');
  }
}
