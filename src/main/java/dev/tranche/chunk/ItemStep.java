package dev.tranche.chunk;

import org.jspecify.annotations.Nullable;

/**
 * What a worker does with one item.
 *
 * <p>Called on all workers of a partition at the same time.
 */
@FunctionalInterface
public interface ItemStep<I, O> {

  /** The item to write, or null if this one is filtered. */
  @Nullable O apply(I item) throws Exception;
}
