package dev.tranche.reader;

import dev.tranche.store.Position;
import java.util.Comparator;

/**
 * A place in a slice of files: the key of a {@link Position}, written {@code piece:offset}.
 *
 * @param piece the index of the piece in the slice
 * @param offset bytes from the start of the piece, so that it stays right if the piece moves
 */
record FilePlace(int piece, long offset) implements Comparable<FilePlace> {

  static final FilePlace START = new FilePlace(0, 0);

  private static final Comparator<FilePlace> ORDER =
      Comparator.comparingInt(FilePlace::piece).thenComparingLong(FilePlace::offset);

  static FilePlace of(Position position) {
    String key = position.key();
    int colon = key.indexOf(':');
    try {
      return new FilePlace(
          Integer.parseInt(key, 0, colon, 10), Long.parseLong(key, colon + 1, key.length(), 10));
    } catch (IndexOutOfBoundsException | NumberFormatException error) {
      throw new IllegalArgumentException("'" + key + "' is not a place in files", error);
    }
  }

  Position position(long ordinal, long line) {
    return new Position(piece + ":" + offset, ordinal, line);
  }

  @Override
  public int compareTo(FilePlace other) {
    return ORDER.compare(this, other);
  }
}
