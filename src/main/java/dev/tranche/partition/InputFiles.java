package dev.tranche.partition;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The files of a step: paths and globs resolved against a base directory that they may not leave.
 *
 * <p>Symbolic links are followed, and count as the file they lead to. Safe for all threads.
 */
public final class InputFiles {

  private static final Comparator<String> BYTE_WISE = (one, other) -> Arrays.compareUnsigned(
      one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

  private final Path base;
  private final boolean mayLeave;

  /** @param mayLeave whether files outside of {@code base} are allowed */
  public InputFiles(Path base, boolean mayLeave) {
    this.base = base.toAbsolutePath().normalize();
    this.mayLeave = mayLeave;
  }

  /**
   * The files that {@code patterns} stand for, each once: those of a glob in the byte-wise order of
   * their paths, the globs in the order given.
   *
   * @return paths relative to the base directory, as {@link FileFacts#path}
   * @throws InputException if a path does not exist, is no file or leaves the base directory, or a
   *     glob matches nothing
   */
  public List<String> find(List<String> patterns) {
    Set<String> found = new LinkedHashSet<>();
    for (String pattern : patterns) {
      Path literal = literal(pattern);
      if (literal != null && (!isGlob(pattern) || Files.exists(literal))) {
        found.add(checked(pattern, literal));
      } else {
        found.addAll(match(pattern));
      }
    }
    return List.copyOf(found);
  }

  /** Where the file with this path is. */
  public Path resolve(String path) {
    return base.resolve(path);
  }

  private @Nullable Path literal(String pattern) {
    try {
      return base.resolve(pattern).normalize();
    } catch (InvalidPathException error) {
      if (isGlob(pattern)) { // where file names may not hold a *
        return null;
      }
      throw new InputException("'" + pattern + "' is not a path: " + error.getReason(), error);
    }
  }

  private static boolean isGlob(String pattern) {
    return pattern.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }

  /** The name of a file that was named outright, or was found and is to be read. */
  private String checked(String pattern, Path file) {
    if (!Files.exists(file)) {
      throw new InputException("file '" + pattern + "' does not exist in " + base
          + ". Paths are resolved against the" + " base directory");
    }
    if (Files.isDirectory(file)) {
      String glob = pattern.endsWith("/") ? pattern + "*" : pattern + "/*";
      throw new InputException(
          "'" + pattern + "' is a directory. To read the files in it, write '" + glob + "'");
    }
    if (!Files.isRegularFile(file)) {
      throw new InputException(
          "'" + pattern + "' is not a regular file, so that it cannot be read again on a restart");
    }
    checkStays(pattern, file);
    return name(file);
  }

  private void checkStays(String pattern, Path file) {
    try {
      if (!mayLeave && !file.toRealPath().startsWith(base.toRealPath())) {
        throw new InputException(
            "'" + pattern + "' is outside of the base directory " + base + ". Files are read only"
                + " from within it, unless 'tranche.may-leave-base-directory: true' is set");
      }
    } catch (IOException error) {
      throw InputException.unreadable(pattern, file, error);
    }
  }

  private String name(Path file) {
    Path named = file.startsWith(base) ? base.relativize(file) : file;
    return named.toString().replace(file.getFileSystem().getSeparator(), "/");
  }

  private List<String> match(String pattern) {
    int prefix = literalPrefix(pattern);
    Path root = base.resolve(pattern.substring(0, prefix)).normalize();
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(root)) {
      checkStays(pattern, root);
      for (Path file : walk(root, pattern.substring(prefix))) {
        names.add(checked(pattern, file));
      }
    }
    if (names.isEmpty()) {
      throw new InputException("no file matches '" + pattern + "' in " + base
          + ". Globs are resolved against the base" + " directory");
    }
    names.sort(BYTE_WISE);
    return names;
  }

  /** How much of the pattern, up to a {@code /}, stands for itself. */
  private static int literalPrefix(String pattern) {
    int glob = 0;
    while (!isGlob(pattern.substring(glob, glob + 1))) {
      glob++;
    }
    return pattern.lastIndexOf('/', glob) + 1;
  }

  private List<Path> walk(Path root, String glob) {
    int slashes = (int) glob.chars().filter(c -> c == '/').count();
    int depth = glob.contains("**") ? Integer.MAX_VALUE : slashes + 1;
    try {
      Finder finder = new Finder(root, glob);
      Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, finder);
      return finder.found;
    } catch (PatternSyntaxException error) {
      throw new InputException("'" + glob + "' is not a glob: " + error.getDescription(), error);
    } catch (IOException error) {
      throw InputException.unreadable(name(root), root, error);
    }
  }

  /** Collects the files under a directory that match a glob. */
  private final class Finder extends SimpleFileVisitor<Path> {

    private final Path root;
    private final PathMatcher exact;

    /** With {@code **}{@code /} standing for no directory at all. */
    private final PathMatcher shallow;

    private final List<Path> found = new ArrayList<>();

    Finder(Path root, String glob) {
      this.root = root;
      this.exact = root.getFileSystem().getPathMatcher("glob:" + glob);
      this.shallow = root.getFileSystem().getPathMatcher("glob:" + glob.replace("**/", ""));
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      Path relative = root.relativize(file);
      boolean matches = exact.matches(relative) || shallow.matches(relative);
      if (attributes.isRegularFile() && matches) {
        found.add(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException error) {
      if (error instanceof FileSystemLoopException) {
        return FileVisitResult.CONTINUE;
      }
      throw InputException.unreadable(name(file), file, error);
    }
  }
}
