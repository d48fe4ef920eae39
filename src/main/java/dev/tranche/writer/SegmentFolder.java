package dev.tranche.writer;

import dev.tranche.store.PartitionKey;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The folder in which a layout's segments are until their file is published: {@code
 * out/day.csv.segments/<layout>}, beside the file itself, so that one rename publishes it.
 *
 * @param shown the folder as users know it, relative to the base directory
 */
record SegmentFolder(Path path, String shown) {

  private static final String TEMPORARY = "publish.";

  /** Where the attempt with owner number {@code owner} writes. */
  Path segment(int partition, long owner) {
    return path.resolve(name(partition, owner));
  }

  /** The same, as users know it. */
  String shown(int partition, long owner) {
    return shown + "/" + name(partition, owner);
  }

  private static String name(int partition, long owner) {
    return new PartitionKey("", partition).name() + "." + owner + ".part";
  }

  /** Where the publisher with owner number {@code owner} puts the whole file together. */
  Path temporary(long owner) {
    return path.resolve(TEMPORARY + owner + ".tmp");
  }

  void create(Disk disk) throws IOException {
    disk.createFolder(path);
  }

  /**
   * Removes what earlier publishers put together. One of them that still lives cannot rename it any
   * more: its owner number was good when it was put there, and so it is seen here, or it was not,
   * and then that publisher has noticed.
   */
  void removeTemporaries(Disk disk) throws IOException {
    for (Path file : files()) {
      if (String.valueOf(file.getFileName()).startsWith(TEMPORARY)) {
        disk.delete(file);
      }
    }
  }

  /** Removes the folder with all that is in it, and the one around it if no other layout has any. */
  void remove(Disk disk) throws IOException {
    for (Path file : files()) {
      disk.delete(file);
    }
    disk.delete(path);
    try {
      disk.delete(Objects.requireNonNull(path.getParent()));
    } catch (DirectoryNotEmptyException others) {
      // They are another run's.
    }
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.toList();
    }
  }
}
