package dev.tranche.chunk;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Items of a map and what came of each.
 *
 * <p>Workers fill disjoint stretches of the outcomes; whoever reads them has waited for the workers.
 */
final class Items<I, O> {

  private record Fault(Throwable error) {}

  // -- given --
  private final List<? extends I> items;
  private final ItemStep<? super I, ? extends O> step;

  // -- so far --
  private final @Nullable Object[] outcomes;
  private volatile @Nullable Throwable firstFault;

  Items(List<? extends I> items, ItemStep<? super I, ? extends O> step) {
    this.items = items;
    this.step = step;
    this.outcomes = new Object[items.size()];
  }

  int size() {
    return outcomes.length;
  }

  /** Takes items {@code from} to before {@code to}: one that fails does not keep the next from it. */
  void run(int from, int to, Stretch stretch) throws InterruptedException {
    for (int i = from; i < to; i++) {
      if (stretch.isAsked()) {
        throw new InterruptedException();
      }
      stretch.at(i);
      try {
        outcomes[i] = step.apply(items.get(i));
      } catch (Throwable error) {
        outcomes[i] = new Fault(error);
        noteFirst(error);
      }
    }
  }

  private synchronized void noteFirst(Throwable error) {
    if (firstFault == null) {
      firstFault = error;
    }
  }

  /** All values, in input order; throws the error that came first, if there was one. */
  List<O> values() throws Exception {
    Throwable fault = firstFault;
    if (fault instanceof Error error) {
      throw error;
    }
    if (fault != null) {
      throw fault instanceof Exception expected ? expected : new ExecutionException(fault);
    }
    @SuppressWarnings("unchecked") // only what the step returned is in there
    List<O> values = (List<O>) Collections.unmodifiableList(Arrays.asList(outcomes));
    return values;
  }

  /** The outcome of one item, which is forgotten: returned, or thrown as {@link Thrown#by} does. */
  @SuppressWarnings({"unchecked", "NullAway"}) // null if the step returned null, as O says then
  O take(int index) {
    Object outcome = outcomes[index];
    outcomes[index] = null;
    if (outcome instanceof Fault fault) {
      throw Thrown.by(fault.error());
    }
    return (O) outcome;
  }
}
