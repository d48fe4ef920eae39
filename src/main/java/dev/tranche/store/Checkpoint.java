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
 * @param segments where a step that writes a file has the rows of what is done, in their order; one
 *     for each attempt that committed any
 * @param context what the streams of its processing keep, as text of their own; empty for nothing
 */
public record Checkpoint(
    @Nullable Position watermark,
    Digest digest,
    List<DoneRange> done,
    Tally tally,
    boolean complete,
    List<Segment> segments,
    String context) {

  public static final Checkpoint START =
      new Checkpoint(null, Digest.NONE, List.of(), Tally.ZERO, false);

  public Checkpoint {
    done = List.copyOf(done);
    segments = List.copyOf(segments);
  }

  /** Without segments and context. */
  public Checkpoint(
      @Nullable Position watermark,
      Digest digest,
      List<DoneRange> done,
      Tally tally,
      boolean complete) {
    this(watermark, digest, done, tally, complete, List.of(), "");
  }

  /** The same, with other segments. */
  public Checkpoint with(List<Segment> others) {
    return new Checkpoint(watermark, digest, done, tally, complete, others, context);
  }

  /** The same, with another context. */
  public Checkpoint with(String other) {
    return new Checkpoint(watermark, digest, done, tally, complete, segments, other);
  }
}
