package dev.tranche.chunk;

import dev.tranche.definition.OnError;
import dev.tranche.store.Tally;
import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How many items a step may still reject, over all its partitions and all runs of its instance.
 *
 * <p>Counts what is committed and what the chunks at hand want to reject; a rollback gives it back.
 * Safe for all threads.
 */
public final class SkipBudget {

  // -- given --
  private final OnError.@Nullable Skip skip;

  // -- so far --
  private long read;
  private long rejected;
  private long reserved;

  /** @param committed what earlier runs of the instance committed */
  public SkipBudget(OnError.@Nullable Skip skip, Tally committed) {
    this.skip = skip;
    this.read = committed.read();
    this.rejected = committed.rejected();
  }

  /** Whether any item may be rejected at all. */
  boolean skips() {
    return skip != null;
  }

  /**
   * Asks to reject one more item.
   *
   * @param chunkRead items of the chunk at hand up to and with this one
   * @return null if it may be rejected, else why not, in words
   */
  synchronized @Nullable String reserve(long chunkRead) {
    if (skip == null) {
      return "the step skips nothing (on-error.skip is not set)";
    }
    long wanted = rejected + reserved + 1;
    if (skip.limit() != null && wanted > skip.limit()) {
      return "the step may reject " + skip.limit() + " items (on-error.skip.limit)";
    }
    long base = read + chunkRead;
    if (skip.rate() != null && base > skip.rateAfter() && wanted > skip.rate() * base) {
      return String.format(
          Locale.ROOT,
          "%d of %d items would be rejected, over %s %% (on-error.skip.rate)",
          wanted,
          base,
          BigDecimal.valueOf(skip.rate() * 100).stripTrailingZeros().toPlainString());
    }
    reserved++;
    return null;
  }

  /** A transaction that carries {@code reserved} rejects was committed. */
  synchronized void committed(Tally delta) {
    read += delta.read();
    rejected += delta.rejected();
    reserved -= delta.rejected();
  }

  /** Gives back what will not be committed. */
  synchronized void release(long items) {
    reserved -= items;
  }
}
