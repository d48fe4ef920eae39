package dev.tranche.chunk;

import dev.tranche.store.Tally;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hears of everything that happens to the items of a partition: the place where listeners, metrics
 * and observations are hung.
 *
 * <p>The {@code process} and {@code read} calls come from workers, all others from the partition's
 * own thread; the {@code read} calls too, if the observer {@link #wantsInputs}. Where a step has
 * stages, an item's calls come from several workers, one after another. Tries of an item are told as
 * one, and so are tries of a write. What it throws fails the item or the chunk at hand.
 */
public interface ChunkObserver {

  ChunkObserver NONE =
      new ChunkObserver() {
        @Override
        public boolean watchesItems() {
          return false;
        }
      };

  /**
   * Whether it is to be told of each item as it is read and processed, which costs as much as a
   * cheap item does. If not, none of the calls from workers is made but {@link #retried}.
   */
  default boolean watchesItems() {
    return true;
  }

  /**
   * Whether {@link #beforeChunk} is to be called. Then a chunk is decoded as a whole before any of it
   * is processed, by the partition's thread and not by the workers.
   */
  default boolean wantsInputs() {
    return false;
  }

  /** An item is about to be decoded; or the end of the input was found, once. */
  default void beforeRead() {}

  /** An item was decoded. */
  default void afterRead(Object item) {}

  /** An item could not be read. */
  default void onReadError(Throwable error) {}

  default void beforeProcess(Object item) {}

  /**
   * An item goes on in a further stage, on one of that stage's workers; {@code afterProcess} or
   * {@code onProcessError} follows there, or another stage.
   *
   * @param nanos how long the stages before took, without the waiting in between
   */
  default void resumeProcess(Object item, long nanos) {}

  default void afterProcess(Object item, @Nullable Object result) {}

  default void onProcessError(Object item, Throwable error) {}

  /**
   * A chunk was read, and none of it is processed yet; also a part of one that could not be written,
   * before it is written by itself. Not called for a chunk of which nothing could be read.
   *
   * @param items as they were read
   */
  default void beforeChunk(List<?> items) {}

  /** A chunk, or a part, is committed. @param items as they were written */
  default void afterChunk(List<?> items) {}

  /**
   * A chunk could not be written. Of its parts, only if it is a single item, which is set aside by
   * then.
   */
  default void onChunkError(Throwable error, List<?> items) {}

  /**
   * Just before the target is asked to commit a chunk or a part of one; {@code afterWrite} or {@code
   * notWritten} follows, whatever happens.
   */
  default void beforeWrite(List<?> items) {}

  default void afterWrite(List<?> items) {}

  /**
   * What was to be written is not, or nobody knows: a chunk, a part of one, or what an attempt was
   * at that is cut off.
   */
  default void notWritten(Throwable error) {}

  /** A chunk could not be written; not called for its parts. */
  default void onWriteError(Throwable error, List<?> items) {}

  /**
   * A transaction begins; {@code committed}, {@code rolledBack} or {@code outcomeUnknown} follows,
   * whatever happens.
   */
  default void committing() {}

  /** An item is set aside for good; called after the commit that carried the reject. */
  default void onSkip(Phase phase, @Nullable Object item, Throwable error) {}

  /** A transaction was committed. @param delta what it added to the tally */
  default void committed(Tally delta, long nanos) {}

  /** An item, or a chunk's transaction, is tried again; called by whoever tries it. */
  default void retried(Phase phase, Throwable error) {}

  /**
   * The partition's thread waited for workers.
   *
   * @param chunks how many were in the window
   */
  default void waited(int chunks, long nanos) {}

  /** A transaction was rolled back, or ended with its connection before COMMIT. */
  default void rolledBack(Throwable error) {}

  /** A transaction's connection died in COMMIT: the attempt ends, and the next one finds out. */
  default void outcomeUnknown(Throwable error) {}

  /** Where an item was refused. */
  enum Phase {
    READ,
    PROCESS,
    WRITE
  }
}
