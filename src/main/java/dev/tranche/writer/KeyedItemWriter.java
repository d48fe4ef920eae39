package dev.tranche.writer;

import java.util.List;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;

/**
 * A writer that is told a stable key of every item, so that it can tell an item that it is given
 * again after a failure: the same item of an input has the same key in every attempt.
 *
 * @param <T> the items
 */
public interface KeyedItemWriter<T> extends ItemWriter<T> {

  /** @param keys for each item of {@code chunk}: layout, partition and ordinal, with slashes */
  void write(Chunk<? extends T> chunk, List<String> keys) throws Exception;

  /** Not called: a {@link KeyedItemWriter} is always given keys. */
  @Override
  default void write(Chunk<? extends T> chunk) {
    throw new UnsupportedOperationException("items come with their keys");
  }
}
