package dev.tranche.definition;

/**
 * A part of a job under judgement: where it is, and what to say about it.
 *
 * <p>Nothing is said about what is known to be broken.
 *
 * @param path as {@link KeyPath#property}
 */
record Part(Findings findings, String path) {

  Part key(String key) {
    return new Part(findings, path.isEmpty() ? key : path + "." + key);
  }

  Part item(int index) {
    return new Part(findings, path + "[" + index + "]");
  }

  Part entry(String key) {
    return new Part(findings, path + "[" + key + "]");
  }

  /** Whether the user wrote it. */
  boolean given() {
    return findings.given(path);
  }

  /** Whether it has a usable value. */
  boolean sound() {
    return findings.sound(path);
  }

  /** What users call it, at the start of a sentence. */
  String what() {
    return findings.what(new KeyPath(path, path, false));
  }

  /** Its value, or the whole, is wrong. */
  void wrong(String message, Object... arguments) {
    if (sound()) {
      findings.add(findings.value(path), message.formatted(arguments));
    }
  }

  /** Its value is right, and this worth knowing of it. */
  void note(String message, Object... arguments) {
    if (sound()) {
      findings.note(findings.value(path), message.formatted(arguments));
    }
  }

  /** Its key should not be there. */
  void unwanted(String message, Object... arguments) {
    findings.add(findings.key(path), message.formatted(arguments));
  }

  /** If the user wrote it: that this changes nothing. */
  void noEffect(String why, String remedy) {
    if (given()) {
      unwanted("%s has no effect %s. Remove it, or %s.", what(), why, remedy);
    }
  }
}
