package dev.tranche.writer;

import dev.tranche.definition.WriteDefinition;
import dev.tranche.definition.WriteDefinition.InFile;
import dev.tranche.partition.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file, or folder of files, that a step writes, in the end: resolved against a base directory
 * that it may not leave.
 *
 * @param name as users know it
 * @param part what the names of files in the folder end in; null: it is one file
 */
record FinalFile(Path path, String name, @Nullable String part) {

  /**
   * @param mayLeave whether it may be outside of {@code base}
   * @throws UnfitTableException if it is, or cannot be a file
   */
  static FinalFile of(Path base, boolean mayLeave, InFile definition) throws UnfitTableException {
    String name = definition.file();
    String part = part(definition);
    Path root = base.toAbsolutePath().normalize();
    Path path;
    try {
      path = root.resolve(name).normalize();
    } catch (InvalidPathException error) {
      throw new UnfitTableException("'" + name + "' is not a path: " + error.getReason(), error);
    }
    if (path.equals(root) || path.getFileName() == null || part == null && Files.isDirectory(path)) {
      throw new UnfitTableException(
          "'" + name + "' is a folder, and write.file must name a file", null);
    }
    if (!mayLeave && !stays(root, path)) {
      throw new UnfitTableException(
          "'" + name + "' is outside of the base directory " + root + ". Files are written only"
              + " within it, unless 'tranche.may-leave-base-directory: true' is set",
          null);
    }
    return new FinalFile(path, name, part);
  }

  private static @Nullable String part(InFile definition) {
    String type = definition instanceof WriteDefinition.Csv ? ".csv" : ".jsonl";
    return definition.parts() == WriteDefinition.Parts.KEEP
        ? type + Compression.of(definition.file()).ending()
        : null;
  }

  boolean isFolder() {
    return part != null;
  }

  /** The name of the file of a partition, if it is a folder. */
  String part(int partition) {
    return String.format(Locale.ROOT, "part-%05d%s", partition, part);
  }

  /** Whether it is below {@code root}, wherever symbolic links lead. */
  private static boolean stays(Path root, Path path) throws UnfitTableException {
    if (!path.startsWith(root)) {
      return false;
    }
    try {
      Path there = Objects.requireNonNull(path.getParent());
      while (!Files.exists(there)) {
        there = Objects.requireNonNull(there.getParent());
      }
      return there.toRealPath().startsWith(root.toRealPath());
    } catch (IOException error) {
      throw new UnfitTableException(
          "it cannot be seen where '" + path + "' leads: " + error.getMessage(), error);
    }
  }

  boolean exists() {
    return Files.exists(path);
  }

  Path folder() {
    return Objects.requireNonNull(path.getParent());
  }

  SegmentFolder segments(String layout) {
    Path around = folder().resolve(path.getFileName() + ".segments");
    return new SegmentFolder(around.resolve(layout), shownSegments() + "/" + layout);
  }

  /** The folder around the segments of all layouts, as users know it. */
  String shownSegments() {
    return name + ".segments";
  }

  /** What tells it apart from all other files of this machine; its folder must be there. */
  String key() throws IOException {
    return folder().toRealPath().resolve(path.getFileName()).toString();
  }
}
