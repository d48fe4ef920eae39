package dev.tranche.definition;

/**
 * Something wrong in a definition, or worth knowing of it, and where.
 *
 * @param line from 1; 0 if it is about the whole file
 * @param column from 1
 * @param message what is wrong, and what would be right, as sentences
 */
public record Problem(String file, int line, int column, Severity severity, String message) {

  /** What follows from it. */
  public enum Severity {
    /** The definition cannot be used. */
    PROBLEM,
    /** Nothing: it can be used, and does what the note says. */
    NOTE
  }

  /** Something wrong. */
  public Problem(String file, int line, int column, String message) {
    this(file, line, column, Severity.PROBLEM, message);
  }

  public boolean isNote() {
    return severity == Severity.NOTE;
  }

  /** As users see it: {@code file:line:column: message}. */
  @Override
  public String toString() {
    String text = isNote() ? "note: " + message : message;
    return line == 0 ? file + ": " + text : file + ":" + line + ":" + column + ": " + text;
  }
}
