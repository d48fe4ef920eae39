package dev.tranche.reader;

import dev.tranche.store.Position;

/**
 * A place in a bean's items: the key of a {@link Position}.
 *
 * @param context JSON of the execution context that the reader is opened with
 * @param skip items to read and drop after that
 */
record BeanState(String context, long skip) {

  private static final String SEPARATOR = " ";

  static BeanState of(Position position) {
    String[] parts = position.key().split(SEPARATOR, 2);
    return new BeanState(parts[1], Long.parseLong(parts[0]));
  }

  Position position(long ordinal) {
    return new Position(skip + SEPARATOR + context, ordinal, 0);
  }

  BeanState plus(long items) {
    return new BeanState(context, skip + items);
  }
}
