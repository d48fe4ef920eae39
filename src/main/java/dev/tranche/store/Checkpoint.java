package dev.tranche.store;

import dev.tranche.row.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a partition is safely done.
 *
 * @param watermark everything before it is done; null before the first commit
 * @param digest of the input's bytes from the start of the slice to the watermark
 * @param done what is done beyond the watermark, in input order, adjoining ranges merged
 * @param tally what became of all items that are done
 * @param complete whether the slice was read to its end and nothing is left
 */
public record Checkpoint(
    @Nullable Position watermark,
    Digest digest,
    List<DoneRange> done,
    Tally tally,
    boolean complete) {

  public static final Checkpoint START =
      new Checkpoint(null, Digest.NONE, List.of(), Tally.ZERO, false);

  public Checkpoint {
    done = List.copyOf(done);
  }
}
