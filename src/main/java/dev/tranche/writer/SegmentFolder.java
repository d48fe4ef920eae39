package dev.tranche.writer;

import dev.tranche.store.PartitionKey;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder in which a layout's segments are until their file is published: {@code
 * out/day.csv.segments/<layout>}, beside the file itself, so that one rename publishes it.
 *
 * @param shown the folder as users know it, relative to the base directory
 */
record SegmentFolder(Path path, String shown) {

  private static final String TEMPORARY = "publish.";
  private static final String TRASH = "trash.";

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
    for (Path file : files(path)) {
      if (String.valueOf(file.getFileName()).startsWith(TEMPORARY)) {
        remove(file, disk);
      }
    }
  }

  /**
   * Removes what was put together: a folder first gets another name, so that nobody can publish what
   * is left of it.
   */
  void remove(Path temporary, Disk disk) throws IOException {
    Path doomed = temporary;
    if (Files.isDirectory(temporary)) {
      doomed = path.resolve(TRASH + UUID.randomUUID());
      try {
        disk.rename(temporary, doomed);
      } catch (NoSuchFileException published) {
        return;
      }
      empty(doomed, disk);
    }
    disk.delete(doomed);
  }

  private static void empty(Path folder, Disk disk) throws IOException {
    for (Path file : files(folder)) {
      disk.delete(file);
    }
  }

  /** Removes the folder with all that is in it, and the one around it if no other layout has any. */
  void remove(Disk disk) throws IOException {
    for (Path file : files(path)) {
      remove(file, disk);
    }
    disk.delete(path);
    try {
      disk.delete(Objects.requireNonNull(path.getParent()));
    } catch (DirectoryNotEmptyException others) {
      // They are another run's.
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
