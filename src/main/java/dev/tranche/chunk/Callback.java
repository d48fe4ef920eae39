package dev.tranche.chunk;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A callback of a future and the one that was added before it: a list that costs nothing as long as
 * it is empty.
 */
record Callback<T>(
    Consumer<? super ChunkFuture<T>> call, @Nullable Callback<T> before) {

  /** The list turned round: in the order in which they were added, if {@code last} was the last. */
  static <T> @Nullable Callback<T> reversed(@Nullable Callback<T> last) {
    Callback<T> first = null;
    for (Callback<T> each = last; each != null; each = each.before) {
      first = new Callback<>(each.call, first);
    }
    return first;
  }

  /** The list without {@code call}. */
  static <T> @Nullable Callback<T> without(@Nullable Callback<T> last, Consumer<?> call) {
    Callback<T> kept = null;
    for (Callback<T> each = last; each != null; each = each.before) {
      if (each.call != call) {
        kept = new Callback<>(each.call, kept);
      }
    }
    return reversed(kept);
  }
}
