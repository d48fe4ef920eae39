package dev.tranche.definition;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the name that somebody meant. */
public final class Nearest {

  private static final int LISTED = 20;

  private Nearest() {}

  /**
   * "Did you mean 'x'?", or else what names there are.
   *
   * @param kind what the names are, in the plural: {@code columns}
   */
  public static String hint(String name, String kind, Collection<String> names) {
    String hint = hint(name, names);
    if (!hint.isEmpty()) {
      return hint.strip();
    }
    if (names.isEmpty()) {
      return "There are no " + kind + ".";
    }
    return "The " + kind + " are " + listed(names) + ".";
  }

  /** The first names, in a row. */
  static String listed(Collection<String> names) {
    String listed = String.join(", ", names.stream().limit(LISTED).toList());
    return listed + (names.size() > LISTED ? ", …" : "");
  }

  /** " Did you mean 'x'?", to follow a sentence; empty if nothing is near. */
  static String hint(String name, Collection<String> names) {
    String nearest = of(name, names);
    return nearest == null ? "" : " Did you mean '" + nearest + "'?";
  }

  /** The name most like {@code name}; null if none is like it. */
  static @Nullable String of(String name, Collection<String> names) {
    String nearest = null;
    int least = Integer.MAX_VALUE;
    for (String candidate : names) {
      int distance = distance(plain(name), plain(candidate));
      if (distance < least && isNear(name, candidate, distance)) {
        nearest = candidate;
        least = distance;
      }
    }
    return nearest;
  }

  private static boolean isNear(String name, String candidate, int distance) {
    String one = plain(name);
    String other = plain(candidate);
    boolean begins = one.length() > 1 && (other.startsWith(one) || one.startsWith(other));
    boolean ends = other.length() > 3 && one.endsWith(other);
    return begins || ends || distance <= Math.max(1, Math.max(one.length(), other.length()) / 3);
  }

  /** Writes {@code inFlight}, {@code in_flight} and {@code In-Flight} alike. */
  private static String plain(String name) {
    return name.replaceAll("[-_ ]", "").toLowerCase(Locale.ROOT);
  }

  /** How many letters must be inserted, removed, replaced or swapped with their neighbour. */
  private static int distance(String one, String other) {
    int[][] steps = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        steps[i][j] = i == 0 || j == 0 ? i + j : step(steps, one, other, i, j);
      }
    }
    return steps[one.length()][other.length()];
  }

  private static int step(int[][] steps, String one, String other, int i, int j) {
    char a = one.charAt(i - 1);
    char b = other.charAt(j - 1);
    int least = Math.min(steps[i - 1][j], steps[i][j - 1]) + 1;
    least = Math.min(least, steps[i - 1][j - 1] + (a == b ? 0 : 1));
    if (i > 1 && j > 1 && a == other.charAt(j - 2) && b == one.charAt(i - 2)) {
      least = Math.min(least, steps[i - 2][j - 2] + 1);
    }
    return least;
  }
}
