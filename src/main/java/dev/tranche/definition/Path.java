package dev.tranche.definition;

/**
 * The way from the job to a value.
 *
 * @param property as Jakarta Validation counts it, such as {@code steps[0].chunk.in-flight}
 * @param words as users read it, within a step, such as {@code chunk.in-flight}
 */
record Path(String property, String words) {

  static final Path ROOT = new Path("", "");

  Path key(String key) {
    return key(key, key);
  }

  /** The component {@code name} of a record, which users know as {@code key}. */
  Path key(String name, String key) {
    return new Path(
        property.isEmpty() ? name : property + "." + name,
        words.isEmpty() || words.equals("steps") ? key : words + "." + key);
  }

  Path item(int index) {
    return new Path(property + "[" + index + "]", words);
  }

  Path entry(String key) {
    return new Path(property + "[" + key + "]", words + "." + key);
  }
}
