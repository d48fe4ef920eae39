package dev.tranche.writer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The file that a step writes, in the end: resolved against a base directory that it may not leave.
 *
 * @param name as users know it
 */
record FinalFile(Path path, String name) {

  /**
   * @param mayLeave whether it may be outside of {@code base}
   * @throws UnfitTableException if it is, or cannot be a file
   */
  static FinalFile of(Path base, boolean mayLeave, String name) throws UnfitTableException {
    Path root = base.toAbsolutePath().normalize();
    Path path;
    try {
      path = root.resolve(name).normalize();
    } catch (InvalidPathException error) {
      throw new UnfitTableException("'" + name + "' is not a path: " + error.getReason(), error);
    }
    if (path.equals(root) || path.getFileName() == null || Files.isDirectory(path)) {
      throw new UnfitTableException(
          "'" + name + "' is a folder, and write.file must name a file", null);
    }
    if (!mayLeave && !stays(root, path)) {
      throw new UnfitTableException(
          "'" + name + "' is outside of the base directory " + root + ". Files are written only"
              + " within it, unless 'tranche.may-leave-base-directory: true' is set",
          null);
    }
    return new FinalFile(path, name);
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
