package dev.tranche.reader;

import dev.tranche.definition.Nearest;
import dev.tranche.partition.InputException;
import java.util.List;
import java.util.function.Function;

/** Finds what a user's name stands for: the same name, or the only one that differs in case. */
final class Names {

  private Names() {}

  /**
   * @param where what has them, for the message: {@code table orders}
   * @throws InputException if there is none, or more than one
   */
  static <T> T find(String name, List<T> known, Function<T, String> naming, String where) {
    List<T> like = known.stream().filter(each -> naming.apply(each).equals(name)).toList();
    if (like.isEmpty()) {
      like = known.stream().filter(each -> naming.apply(each).equalsIgnoreCase(name)).toList();
    }
    if (like.size() == 1) {
      return like.get(0);
    }
    List<String> names = known.stream().map(naming).toList();
    throw new InputException(
        like.isEmpty()
            ? where + " has no column '" + name + "'. " + Nearest.hint(name, "columns", names)
            : where + " has more than one column '" + name + "'. Write the name exactly");
  }
}
