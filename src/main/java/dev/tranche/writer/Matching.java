package dev.tranche.writer;

import dev.tranche.definition.Nearest;
import java.util.List;

/**
 * The one name of a database that a user's name stands for: the same, or the same but for upper
 * and lower case if there is only one such.
 *
 * @param found the name as the database knows it; empty if there is none
 * @param problem what is wrong if there is none, after "there is "
 */
record Matching(String found, String problem) {

  /** @param kind what the names are, in the singular and the plural */
  static Matching of(String name, List<String> known, String kind, String kinds) {
    if (known.contains(name)) {
      return new Matching(name, "");
    }
    List<String> like = known.stream().filter(name::equalsIgnoreCase).toList();
    if (like.size() == 1) {
      return new Matching(like.get(0), "");
    }
    return new Matching(
        "",
        like.isEmpty()
            ? "no " + kind + " '" + name + "'. " + Nearest.hint(name, kinds, known)
            : "more than one " + kind + " '" + name + "': " + String.join(", ", like)
                + ". Write the name exactly.");
  }

  /** Whether there is no such name because there are too many. */
  boolean isAmbiguous() {
    return problem.startsWith("more than one ");
  }

  boolean isFound() {
    return !found.isEmpty();
  }
}
