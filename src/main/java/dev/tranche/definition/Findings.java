package dev.tranche.definition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was found while one file was read: its problems, notes, and where everything stands.
 *
 * <p>Paths are those of {@link KeyPath#property}. For one thread.
 */
final class Findings {

  private final String file;
  private final Set<Problem> found = new HashSet<>();
  private final Map<String, Place> keys = new HashMap<>();
  private final Map<String, Place> values = new HashMap<>();
  private final Map<String, KeyPath> paths = new HashMap<>();
  private final Set<String> broken = new HashSet<>();

  Findings(String file) {
    this(file, List.of());
  }

  Findings(String file, List<Problem> known) {
    this.file = file;
    found.addAll(known);
  }

  void add(Place place, String message) {
    found.add(new Problem(file, place.line(), place.column(), message));
  }

  void note(Place place, String message) {
    found.add(new Problem(file, place.line(), place.column(), Problem.Severity.NOTE, message));
  }

  /** Remembers that {@code path} was written, and where. */
  void written(KeyPath path, Place key, Place value) {
    keys.put(path.property(), key);
    values.put(path.property(), value);
    paths.put(path.property(), path);
  }

  /** Remembers that {@code path} has no usable value, so that nothing more is said of it. */
  void breaks(KeyPath path) {
    broken.add(path.property());
  }

  /** Whether the user wrote the key, rather than leaving it to its default. */
  boolean given(String path) {
    return keys.containsKey(path);
  }

  /** Whether {@code path} has a usable value. */
  boolean sound(String path) {
    return !broken.contains(path);
  }

  /** Where the key stands; of the part around it, if it was not written. */
  Place key(String path) {
    return nearest(keys, path);
  }

  /** Where the value stands; of the part around it, if it was not written. */
  Place value(String path) {
    return nearest(values, path);
  }

  /** What users call {@code path}, at the start of a sentence. */
  String what(KeyPath path) {
    return paths.getOrDefault(path.property(), path).what();
  }

  /** What is wrong, in the order of the file. */
  List<Problem> problems() {
    return all().stream().filter(problem -> !problem.isNote()).toList();
  }

  /** Problems and notes, in the order of the file. */
  List<Problem> all() {
    List<Problem> sorted = new ArrayList<>(found);
    sorted.sort(Comparator.comparingInt(Problem::line)
        .thenComparingInt(Problem::column)
        .thenComparing(Problem::message));
    return List.copyOf(sorted);
  }

  private static Place nearest(Map<String, Place> places, String path) {
    String part = path;
    while (!part.isEmpty() && !places.containsKey(part)) {
      part = part.substring(0, Math.max(0, Math.max(part.lastIndexOf('.'), part.lastIndexOf('['))));
    }
    return places.getOrDefault(part, Place.NOWHERE);
  }
}
