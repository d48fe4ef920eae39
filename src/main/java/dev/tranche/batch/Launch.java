package dev.tranche.batch;

import dev.tranche.RunObserver;
import dev.tranche.definition.With;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a front end asks of one execution beyond its parameters, and what it is told at its end.
 *
 * @param only names such as {@code load/p3}; empty: all that is missing
 * @param with by which definition, if it was edited; null: nobody chose
 * @param ended completed when the execution has ended and its run is released
 */
record Launch(
    Set<String> only,
    @Nullable With with,
    RunObserver observer,
    CompletableFuture<Ended> ended) {

  Launch(Set<String> only, @Nullable With with, RunObserver observer) {
    this(only, with, observer, new CompletableFuture<>());
  }

  /** An execution that somebody else launched: the stock operator, a scheduler. */
  static Launch plain() {
    return new Launch(Set.of(), null, RunObserver.NONE);
  }

  /**
   * @param refusal why it did not run, or could not go on; null if it was not refused
   * @param untold what to say of one that could not store how it ended; null if it did
   */
  record Ended(long execution, @Nullable String refusal, @Nullable String untold) {

    static Ended of(long execution, @Nullable String refusal) {
      return new Ended(execution, refusal, null);
    }
  }
}
