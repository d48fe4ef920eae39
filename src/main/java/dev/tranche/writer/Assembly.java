package dev.tranche.writer;

import dev.tranche.row.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a layout's segments become: one file, or a folder with a file for each partition. Immutable.
 *
 * @param header what each file begins with
 * @param parts in order; a single one without a name is the file itself
 */
record Assembly(byte[] header, List<Part> parts) {

  private static final int BUFFER = 1 << 16;

  /** What is copied between two looks at whether to go on. */
  private static final long PORTION = 64L << 20;

  /** A stretch of a segment, from its beginning, that goes into a file. */
  record Source(Path path, Digest digest) {}

  /** A file. @param name in the folder; null: it is no folder */
  record Part(@Nullable String name, List<Source> sources) {

    private Path in(Path place) {
      return name == null ? place : place.resolve(name);
    }
  }

  private boolean isFolder() {
    return parts.isEmpty() || parts.get(0).name() != null;
  }

  private Digest digest(Part part) {
    Digest digest = Digest.of(header, 0, header.length);
    for (Source source : part.sources()) {
      digest = digest.then(source.digest());
    }
    return digest;
  }

  /** Of all its files, one behind another. */
  Digest whole() {
    Digest whole = Digest.NONE;
    for (Part part : parts) {
      whole = whole.then(digest(part));
    }
    return whole;
  }

  /** Whether exactly this is what is there. */
  boolean isAt(Path place) throws IOException {
    if (isFolder() ? !names(place).equals(expected()) : !Files.isRegularFile(place)) {
      return false;
    }
    for (Part part : parts) {
      Path file = part.in(place);
      Digest wanted = digest(part);
      if (Files.size(file) != wanted.length() || !found(file).equals(wanted)) {
        return false;
      }
    }
    return true;
  }

  private Set<String> expected() {
    Set<String> names = new HashSet<>();
    parts.forEach(part -> names.add(Objects.requireNonNull(part.name())));
    return names;
  }

  /** Empty where no folder is; then a folder without parts must not be taken for there. */
  private static Set<String> names(Path folder) throws IOException {
    Set<String> names = new HashSet<>();
    if (!Files.isDirectory(folder)) {
      return Set.of("no folder");
    }
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(file -> names.add(String.valueOf(file.getFileName())));
    }
    return names;
  }

  private static Digest found(Path path) throws IOException {
    Digest digest = Digest.NONE;
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(path)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest = digest.then(Digest.of(buffer, 0, read));
      }
    }
    return digest;
  }

  /** Puts it together at {@code place}, and forces it; false if it was stopped. */
  boolean put(Path place, Disk disk, BooleanSupplier stop) throws IOException {
    if (isFolder()) {
      disk.createFolder(place);
    }
    for (Part part : parts) {
      if (!put(part, part.in(place), disk, stop)) {
        return false;
      }
    }
    if (isFolder()) {
      disk.forceFolder(place);
    }
    return true;
  }

  private boolean put(Part part, Path path, Disk disk, BooleanSupplier stop) throws IOException {
    try (Disk.File file = disk.create(path)) {
      file.write(0, header, header.length);
      for (Source source : part.sources()) {
        long length = source.digest().length();
        for (long at = 0; at < length; at += PORTION) {
          if (stop.getAsBoolean()) {
            return false;
          }
          file.append(source.path(), at, Math.min(PORTION, length - at));
        }
      }
      file.force();
    }
    return true;
  }
}
