package dev.tranche.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A file with a line for each fault: what was done, and whether all was as it should be.
 *
 * @param build what is tried: a commit of this repository
 */
record Results(Path file, String build) {

  private static final String HEADER =
      "target,seed,mode,lanes,chunk,databases,write,fault,point,exit,deviation,build\n";

  /** One fault that struck. */
  record Line(String target, long seed, Setting setting, String fault, String point, int exit) {

    @Override
    public String toString() {
      return joined(
          target,
          seed,
          setting.mode(),
          setting.lanes(),
          setting.chunk(),
          setting.two() ? "two" : "one",
          setting.write(),
          quoted(fault),
          quoted(point),
          exit);
    }

    private static String joined(Object... values) {
      return Arrays.stream(values).map(String::valueOf).collect(Collectors.joining(","));
    }
  }

  private static String quoted(String text) {
    return '"' + text.replace('"', '\'') + '"';
  }

  /** Faults that were done to a target so far. */
  long count(String target) throws IOException {
    return lines().stream().filter(line -> line.startsWith(target + ",")).count();
  }

  boolean has(String target, long seed) throws IOException {
    return lines().stream().anyMatch(line -> line.startsWith(target + "," + seed + ","));
  }

  private List<String> lines() throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** @param deviation null: there was none */
  void add(List<Line> lines, @Nullable Throwable deviation) throws IOException {
    StringBuilder text = new StringBuilder(Files.exists(file) ? "" : HEADER);
    String words = deviation == null ? "" : quoted(beginning(deviation));
    lines.forEach(line ->
        text.append(line).append(',').append(words).append(',').append(build).append('\n'));
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static String beginning(Throwable deviation) {
    String text = String.valueOf(deviation.getMessage()).replaceAll("\\s+", " ").strip();
    return text.substring(0, Math.min(200, text.length()));
  }
}
