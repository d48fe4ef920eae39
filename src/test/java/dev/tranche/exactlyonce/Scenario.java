package dev.tranche.exactlyonce;

import dev.tranche.definition.ChunkDefinition;
import dev.tranche.definition.ChunkDefinition.Mode;
import dev.tranche.definition.ChunkDefinition.Order;
import dev.tranche.definition.ChunkDefinition.Threads;
import dev.tranche.testing.MortalProcess.Fate;
import dev.tranche.testing.MortalProcess.Kind;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * One life of a partition: its input, and the processes that run it one after another, each struck
 * by its fate but for the last.
 *
 * @param items how many numbers there are to load, from 1
 * @param unreadable numbers that cannot be decoded
 * @param refused numbers that a check constraint of the table refuses
 * @param filtered numbers that the process step filters
 * @param lives what the processes are like, in order; one more without a fate follows them
 */
record Scenario(
    int items,
    Set<Integer> unreadable,
    Set<Integer> refused,
    Set<Integer> filtered,
    List<Life> lives) {

  /**
   * @param staged whether items pass two stages, each with workers of its own
   * @param held which chunk of a window is processed last of it
   */
  record Life(
      Mode mode,
      Order order,
      int size,
      boolean staged,
      int workers,
      int inFlight,
      int held,
      Fate fate) {

    ChunkDefinition chunk() {
      boolean map = mode == Mode.MAP;
      return new ChunkDefinition(
          size,
          2 * size,
          mode,
          workers,
          Threads.PLATFORM,
          map ? 1 : inFlight,
          map ? 1 : 4 * inFlight,
          map ? Order.INPUT : order,
          null, null);
    }

    Life withoutFate() {
      return new Life(mode, order, size, staged, workers, inFlight, -1, Fate.NONE);
    }
  }

  boolean rejects(int number) {
    return unreadable.contains(number) || refused.contains(number) && !filtered.contains(number);
  }

  boolean loads(int number) {
    return !rejects(number) && !filtered.contains(number);
  }

  static Arbitrary<Scenario> any() {
    Arbitrary<Set<Integer>> some =
        Arbitraries.integers().between(1, 90).set().ofMinSize(0).ofMaxSize(3);
    return Combinators.combine(
            Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.integers().between(0, 12)),
                Tuple.of(9, Arbitraries.integers().between(40, 90))),
            some,
            some,
            some,
            life().list().ofMinSize(1).ofMaxSize(4))
        .as(Scenario::new);
  }

  private static Arbitrary<Life> life() {
    return Combinators.combine(
            Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(Mode.MAP)),
                Tuple.of(6, Arbitraries.just(Mode.FUTURES))),
            Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(Order.INPUT)),
                Tuple.of(8, Arbitraries.just(Order.COMPLETION))),
            Arbitraries.integers().between(1, 4),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(2, 3),
            Arbitraries.integers().between(4, 7),
            Arbitraries.integers().between(0, 2),
            fate())
        .as(Life::new);
  }

  private static Arbitrary<Fate> fate() {
    return Combinators.combine(
            Arbitraries.of(
                Kind.DIES_BEFORE,
                Kind.DIES_AFTER,
                Kind.CUT_BEFORE,
                Kind.CUT_AFTER,
                Kind.LANDS_LATER,
                Kind.DEADLOCK,
                Kind.FREEZES),
            Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.integers().between(1, 9)),
                Tuple.of(7, Arbitraries.integers().between(12, 45))))
        .as(Fate::new);
  }
}
