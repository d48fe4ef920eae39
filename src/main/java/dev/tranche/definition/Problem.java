package dev.tranche.definition;

/**
 * Something wrong in a definition, and where.
 *
 * @param line from 1; 0 if it is about the whole file
 * @param column from 1
 * @param message what is wrong, and what would be right, as sentences
 */
public record Problem(String file, int line, int column, String message) {

  /** As users see it: {@code file:line:column: message}. */
  @Override
  public String toString() {
    return line == 0 ? file + ": " + message : file + ":" + line + ":" + column + ": " + message;
  }
}
