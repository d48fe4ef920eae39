package dev.tranche.writer;

import dev.tranche.store.PartitionKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStream;
import org.springframework.batch.infrastructure.item.ItemWriter;

/** Hands items to a bean, in or beside the target's transaction. */
final class BeanSink implements ItemSink<Object> {

  // -- given --
  private final PartitionKey partition;
  private final ItemWriter<Object> writer;
  private final @Nullable ChunkTransaction transaction;

  // -- so far --
  private final ExecutionContext context = new ExecutionContext();
  private @Nullable Connection connection;
  private boolean opened;

  /** @param transaction what the bean's writes join; null if they are on their own */
  BeanSink(
      PartitionKey partition, ItemWriter<Object> writer, @Nullable ChunkTransaction transaction) {
    this.partition = partition;
    this.writer = writer;
    this.transaction = transaction;
  }

  @Override
  public void open(Connection claimed) {
    connection = claimed;
    if (writer instanceof ItemStream stream) {
      opened = true;
      stream.open(context);
    }
  }

  @Override
  public void write(List<Object> items, long[] ordinals) throws Exception {
    if (transaction != null) {
      transaction.begin(Objects.requireNonNull(connection));
    }
    Chunk<Object> chunk = new Chunk<>(items);
    if (writer instanceof KeyedItemWriter<Object> keyed) {
      keyed.write(chunk, keys(ordinals));
    } else {
      writer.write(chunk);
    }
  }

  private List<String> keys(long[] ordinals) {
    List<String> keys = new ArrayList<>(ordinals.length);
    for (long ordinal : ordinals) {
      keys.add(partition.layout() + "/" + partition.name() + "/" + ordinal);
    }
    return keys;
  }

  @Override
  public void beforeCommit() throws SQLException {
    if (writer instanceof ItemStream stream) {
      stream.update(context);
    }
    if (transaction != null) {
      transaction.beforeCommit();
    }
  }

  @Override
  public void completed(Completion completion) {
    if (transaction != null) {
      transaction.end(completion);
    }
  }

  @Override
  public boolean mayHideErrors() {
    return transaction != null;
  }

  @Override
  public boolean writesToTargetOnly() {
    return transaction != null;
  }

  @Override
  public void close() {
    if (opened && writer instanceof ItemStream stream) {
      opened = false;
      stream.close();
    }
  }
}
