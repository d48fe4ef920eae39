package dev.tranche.plan;

/** The beans that a definition names, as one attempt sees them: in its own step scope. */
@FunctionalInterface
public interface Beans {

  /**
   * The bean of that name, the same each time for one attempt.
   *
   * @throws dev.tranche.partition.InputException if there is none, or it is of another type
   */
  <T> T get(String name, Class<T> type);
}
