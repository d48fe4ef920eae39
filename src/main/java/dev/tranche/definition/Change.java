package dev.tranche.definition;

/**
 * A key that differs between the definition that a step began with and the one there is now.
 *
 * @param key as users read it within the step, such as {@code chunk.size}; empty: the whole step
 * @param before as it would be written in one line; {@code none} if it was not set
 * @param place where it is now
 */
public record Change(
    String step, String key, Effect effect, String before, String after, Problem place) {

  /** What an edit of a key means for a run that has begun. */
  public enum Effect {
    /** Rows are made as before: it takes effect at a restart. */
    HARMLESS,
    /** Rows that are loaded were made differently: somebody must choose. */
    DECISION,
    /** What is done and what is missing would not fit together. */
    IMPOSSIBLE
  }

  /** What changed, in words: {@code 'chunk.size' of step 'load' was 10 and is 500 now}. */
  public String words() {
    return key.isEmpty()
        ? "step '" + step + "' was " + before + " and is " + after + " now"
        : "'" + key + "' of step '" + step + "' was " + before + " and is " + after + " now";
  }

  /** With the place of what is there now. */
  @Override
  public String toString() {
    return new Problem(place.file(), place.line(), place.column(), words()).toString();
  }
}
