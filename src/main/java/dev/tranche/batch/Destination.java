package dev.tranche.batch;

import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.OutageException;
import dev.tranche.store.PartitionKey;
import dev.tranche.writer.BeanWriting;
import dev.tranche.writer.JdbcWriting;
import dev.tranche.writer.UnfitTableException;
import org.springframework.batch.infrastructure.item.ItemWriter;

/** What a {@link ChunkStep} writes to. Safe for all threads. */
sealed interface Destination {

  /** Makes sure that it can take the items; creates a table that is to be created. */
  void prepare() throws UnfitTableException, OutageException;

  /** For one attempt at a partition. */
  ChunkTarget<Object> target(PartitionKey partition);

  /** A table, by our own statements. */
  record Table(JdbcWriting writing) implements Destination {

    @Override
    public void prepare() throws UnfitTableException, OutageException {
      writing.prepare();
    }

    @Override
    public ChunkTarget<Object> target(PartitionKey partition) {
      return writing.target(partition);
    }
  }

  /** Whatever a writer writes to. */
  record Writer(BeanWriting writing, ItemWriter<Object> writer) implements Destination {

    @Override
    public void prepare() {
      // The writer's own business.
    }

    @Override
    public ChunkTarget<Object> target(PartitionKey partition) {
      return writing.target(partition, writer);
    }
  }
}
