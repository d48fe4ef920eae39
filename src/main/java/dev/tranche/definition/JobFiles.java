package dev.tranche.definition;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The job files of a folder, and all that is to be said of them.
 *
 * <p>Of two files with the same job name, none can be used. Immutable; safe for all threads.
 */
public final class JobFiles {

  private final Map<String, JobFile> byName = new TreeMap<>();
  private final List<Problem> findings = new ArrayList<>();

  private JobFiles() {}

  /**
   * The files {@code *.yml} and {@code *.yaml} of {@code folder}, not those of folders in it; none
   * if there is no such folder.
   *
   * @param environment Spring properties and environment variables
   */
  public static JobFiles of(Path folder, Placeholders environment) {
    try {
      return of(in(folder), environment);
    } catch (IOException e) {
      JobFiles none = new JobFiles();
      none.findings.add(new Problem(name(folder), 0, 0, "cannot be listed: " + e + "."));
      return none;
    }
  }

  /** These files. */
  public static JobFiles of(List<Path> files, Placeholders environment) {
    return of(files, environment, Map.of());
  }

  /**
   * These files; in the place of one that has problems, what it was when it had none.
   *
   * @param lastGood by the name of the file, as problems show it
   */
  public static JobFiles of(
      List<Path> files, Placeholders environment, Map<String, JobFile> lastGood) {
    JobFiles jobs = new JobFiles();
    for (Path file : files) {
      JobFile job = jobs.read(file);
      List<Problem> found = job == null ? List.of() : job.lint(environment);
      jobs.findings.addAll(found);
      boolean good = job != null && found.stream().allMatch(Problem::isNote);
      JobFile used = good ? job : lastGood.getOrDefault(name(file), job);
      if (used != null && (good || Files.exists(file))) {
        jobs.add(used);
      }
    }
    return jobs;
  }

  /** The job files of {@code folder}, by name; none if there is no such folder. */
  public static List<Path> in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(JobFiles::isYaml).sorted().toList();
    }
  }

  /** All files that could be read, also those with problems, by the name of their job. */
  public Map<String, JobFile> byName() {
    return Collections.unmodifiableMap(byName);
  }

  /** The file of the job called {@code name}; null if there is none. */
  public @Nullable JobFile get(String name) {
    return byName.get(name);
  }

  /** Everything wrong in all files, file by file. */
  public List<Problem> problems() {
    return findings.stream().filter(problem -> !problem.isNote()).toList();
  }

  /** The same, and notes on what is right and yet worth knowing. */
  public List<Problem> lint() {
    return Collections.unmodifiableList(findings);
  }

  private void add(JobFile job) {
    JobFile first = byName.putIfAbsent(job.name(), job);
    if (first != null) {
      Problem problem = sameName(first, job);
      findings.add(problem);
      byName.put(job.name(), first.spoiledBy(problem));
    }
  }

  private static Problem sameName(JobFile first, JobFile second) {
    Place place = second.namePlace();
    return new Problem(
        second.file(),
        place.line(),
        place.column(),
        "the job of %s is called '%s', too. Give one of them another name."
            .formatted(first.file(), second.name()));
  }

  private @Nullable JobFile read(Path file) {
    if (!Files.exists(file)) {
      findings.add(new Problem(name(file), 0, 0, "there is no such file."));
      return null;
    }
    if (Files.isDirectory(file)) {
      findings.add(new Problem(name(file), 0, 0, "this is a folder. Name the files in it."));
      return null;
    }
    try {
      byte[] bytes = Files.readAllBytes(file);
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return JobFile.parse(name(file), text);
    } catch (CharacterCodingException e) {
      findings.add(new Problem(name(file), 0, 0, "the file is not UTF-8. Save it as UTF-8."));
    } catch (IOException e) {
      findings.add(new Problem(name(file), 0, 0, "the file cannot be read: " + e + "."));
    }
    return null;
  }

  private static boolean isYaml(Path file) {
    String name = file.getFileName().toString();
    return (name.endsWith(".yml") || name.endsWith(".yaml")) && Files.isRegularFile(file);
  }

  private static String name(Path file) {
    return file.toString().replace('\\', '/');
  }
}
