package dev.tranche.writer;

import dev.tranche.chunk.ChunkTarget;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.store.Database;
import dev.tranche.store.PartitionKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemWriter;

/** A step's {@code write: bean}. Immutable; safe for all threads. */
public final class BeanWriting {

  private static final String JOINED =
      "exactly once for what the bean writes through the data source of connection '%s'; at least"
          + " once for everything else it does";
  private static final String ALONE =
      "at least once: after a failure the bean may be given the items of one chunk again. To tell"
          + " them, implement KeyedItemWriter; to write in the checkpoint's transaction, name its"
          + " connection:";

  private final WriteDefinition.Bean definition;
  private final Database database;
  private final @Nullable Duration timeout;

  /**
   * @param database of the checkpoints: the definition's connection, else the job repository's
   * @param timeout how long the write of a chunk may take; null: as long as it takes
   */
  public BeanWriting(
      WriteDefinition.Bean definition, Database database, @Nullable Duration timeout) {
    this.definition = definition;
    this.database = database;
    this.timeout = timeout;
  }

  /** What this step promises, in words. */
  public String guarantee() {
    return definition.connection() == null ? ALONE : JOINED.formatted(definition.connection());
  }

  /**
   * A target for one attempt at {@code partition}.
   *
   * @param writer the bean; if it is an {@code ItemStream}, it is opened and closed with the
   *     attempt, and what it stores in its context is not kept
   */
  public ChunkTarget<Object> target(PartitionKey partition, ItemWriter<Object> writer) {
    ChunkTransaction transaction = definition.connection() == null
        ? null
        : new ChunkTransaction(database.dataSource(), timeout);
    return new TransactionalTarget<>(
        database, partition, new BeanSink(partition, writer, transaction), timeout);
  }
}
