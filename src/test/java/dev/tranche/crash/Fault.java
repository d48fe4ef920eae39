package dev.tranche.crash;

import java.util.Set;
import java.util.function.Predicate;

/**
 * Something that goes wrong once, while a child works.
 *
 * @param name as in the document and on the command line
 * @param fits where it can happen
 * @param strike starts the child, does it to it, and waits for its end
 */
record Fault(String name, Predicate<Scene> fits, Strike strike) {

  interface Strike {
    Struck at(Scene scene) throws Exception;
  }

  /**
   * What became of it.
   *
   * @param struck whether it came before the child was done
   * @param point where, in words
   * @param child how the child that it was done to ended
   * @param expected the exit codes that are right; 0 always is
   */
  record Struck(boolean struck, String point, Child.Result child, Set<Integer> expected) {

    Struck plus(String more) {
      return new Struck(struck, point + more, child, expected);
    }
  }

  /** Whether it is a database's, so that a command may be cut off before its run has begun. */
  boolean isOfADatabase() {
    return name.endsWith("target") || name.endsWith("repository") || name.startsWith("database");
  }

  @Override
  public String toString() {
    return name;
  }
}
