package dev.tranche.process;

import org.jspecify.annotations.Nullable;

/**
 * Something in {@code process:} that cannot work.
 *
 * @param entry which entry of the list, from 0
 * @param key the key inside the entry, mostly a column; null if it is about the whole entry
 * @param message what is wrong, and what would be right, as sentences
 */
record ProcessProblem(int entry, @Nullable String key, String message) {

  /** For where there is no line to point at: {@code process[2].severity: message}. */
  @Override
  public String toString() {
    return "process[" + entry + "]" + (key == null ? "" : "." + key) + ": " + message;
  }
}
