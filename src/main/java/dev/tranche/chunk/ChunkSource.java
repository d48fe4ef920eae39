package dev.tranche.chunk;

import dev.tranche.store.Position;
import org.jspecify.annotations.Nullable;

/**
 * Where a partition's items come from: one slice of an input, read forwards.
 *
 * <p>One partition attempt, one thread. Only {@link ReadChunk}s leave that thread.
 *
 * @param <I> the items
 */
public interface ChunkSource<I> extends AutoCloseable {

  /**
   * Opens the slice at {@code from}, or at its start for null. The work does not grow with how far
   * {@code from} is into the slice, unless {@link #seeks()} is false.
   */
  void open(@Nullable Position from) throws Exception;

  /**
   * Reads on: at most {@code size} items, fewer at the end of the slice or where the next item
   * would begin at {@code stop}.
   *
   * @return null at the end of the slice, or if the next item begins at {@code stop}: tell the two
   *     apart by {@link #position()}
   * @throws ItemError if the input is broken in a way that no single item can be blamed for
   */
  @Nullable ReadChunk<I> read(int size, @Nullable Position stop) throws Exception;

  /** The place of the next item. */
  Position position();

  /**
   * Whether it is known that no item follows. A source that finds out only by reading on may say
   * false; that costs one more transaction at the end.
   */
  default boolean atEnd() {
    return false;
  }

  /** Goes on at {@code to}, a place this source named before, beyond the current one. */
  void seek(Position to) throws Exception;

  /** Whether every item has a place that can be sought; without, chunks commit in input order. */
  boolean seeks();

  /**
   * Whether the source may read ahead of what is committed. If not, the window is one chunk and
   * {@link #committed} is called as soon as it is committed.
   */
  default boolean readsAhead() {
    return true;
  }

  /** Everything read so far is committed. Called only where {@link #readsAhead()} is false. */
  default void committed() throws Exception {}

  @Override
  void close() throws Exception;
}
