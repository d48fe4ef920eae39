package dev.tranche.reader;

/**
 * Makes a value of a column's type from the bytes of a field.
 *
 * <p>Safe for all threads.
 */
@FunctionalInterface
interface Conversion {

  /**
   * The value of the bytes {@code from} to before {@code to}, of which there is at least one.
   *
   * @throws RuntimeException if they are not text of the type
   */
  Object convert(byte[] bytes, int from, int to);
}
