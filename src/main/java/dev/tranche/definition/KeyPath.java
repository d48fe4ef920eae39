package dev.tranche.definition;

/**
 * The way from the job to a value.
 *
 * @param property as Jakarta Validation counts it, such as {@code steps[0].chunk.in-flight}
 * @param words as users read it, within a step, such as {@code chunk.in-flight}
 * @param item whether it is one of the entries of what {@code words} names
 */
record KeyPath(String property, String words, boolean item) {

  static final KeyPath ROOT = new KeyPath("", "", false);

  KeyPath key(String key) {
    return key(key, key);
  }

  /** The component {@code name} of a record, which users know as {@code key}. */
  KeyPath key(String name, String key) {
    return new KeyPath(
        property.isEmpty() ? name : property + "." + name,
        words.isEmpty() || words.equals("steps") ? key : words + "." + key,
        false);
  }

  KeyPath item(int index) {
    return new KeyPath(property + "[" + index + "]", words, true);
  }

  /** The only item of a list that is not written as one. */
  KeyPath only() {
    return new KeyPath(property + "[0]", words, false);
  }

  KeyPath entry(String key) {
    return new KeyPath(property + "[" + key + "]", words + "." + key, false);
  }

  /** What it is, at the start of a sentence. */
  String what() {
    if (words.isEmpty()) {
      return "the job";
    }
    return item ? "an entry of '" + words + "'" : "'" + words + "'";
  }
}
