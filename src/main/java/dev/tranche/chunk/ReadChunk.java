package dev.tranche.chunk;

import dev.tranche.row.Digest;
import dev.tranche.store.Position;
import dev.tranche.store.Reject;

/**
 * Consecutive items as a source read them, each with its place.
 *
 * <p>Holds what is needed to take the items one by one on any thread, to commit any stretch of
 * them, and to show the text of a rejected one. Immutable once read; {@link #item} is safe for all
 * threads and may be called again for the same index.
 *
 * @param <I> the items handed to the first process step
 */
public interface ReadChunk<I> {

  /** How many items there are; at least 1. */
  int size();

  /**
   * Item {@code index}, decoded. Decoding is part of processing: it runs on a worker.
   *
   * @throws ItemError if it cannot be decoded
   */
  I item(int index);

  /** The place before item {@code index}; with {@code index == size()} the place after the last. */
  Position position(int index);

  /** How many items of the partition come before item {@code index}: its stable key. */
  default long ordinal(int index) {
    return position(index).ordinal();
  }

  /** The line that item {@code index} begins at, from 1; 0 where a source has no lines. */
  default long line(int index) {
    return position(index).line();
  }

  /** The digest of the input from before item {@code from} to before item {@code to}. */
  Digest digest(int from, int to);

  /** The file or bean that item {@code index} came from, as users know it. */
  String source(int index);

  /** The byte that item {@code index} begins at in its file, or -1. */
  long offset(int index);

  /** The text of item {@code index} as it stood in the input. */
  String original(int index);

  /** The rejects that items {@code from} to before {@code to} were, where those are run again. */
  default Reject.Taken taken(int from, int to) {
    return Reject.Taken.NONE;
  }
}
