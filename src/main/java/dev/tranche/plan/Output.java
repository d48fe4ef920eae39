package dev.tranche.plan;

import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.OutageException;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.row.Row;
import dev.tranche.store.PartitionKey;
import dev.tranche.writer.BeanWriting;
import dev.tranche.writer.Publication;
import dev.tranche.writer.FileWriting;
import dev.tranche.writer.JdbcWriting;
import dev.tranche.writer.UnfitTableException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemWriter;

/** What a step writes. Safe for all threads. */
sealed interface Output {

  /** Makes sure that the target can take the items; creates a table that is to be created. */
  void prepare() throws UnfitTableException, OutageException;

  /** For one attempt at a partition. */
  ChunkTarget<Object> target(PartitionKey partition, Beans beans) throws OutageException;

  /**
   * What a worker is to do with a row before the partition's thread writes it: values that the
   * writer needs are made there, where there are many threads for it.
   */
  default Row ready(Row row) {
    return row.detached();
  }

  String guarantee();

  List<String> sql() throws UnfitTableException, OutageException;

  /** Why a step that was never begun cannot write there; null if nothing is in the way. */
  default @Nullable String obstacle() {
    return null;
  }

  /** What is made of what the partitions of {@code layout} wrote aside; null if they do not. */
  default @Nullable Publication publication(String layout) {
    return null;
  }

  /** {@code write: jdbc}. */
  record Table(JdbcWriting writing) implements Output {

    @Override
    public void prepare() throws UnfitTableException, OutageException {
      writing.prepare();
    }

    @Override
    public ChunkTarget<Object> target(PartitionKey partition, Beans beans) throws OutageException {
      return writing.target(partition);
    }

    @Override
    public Row ready(Row row) {
      return writing.takesText() ? row : row.detached();
    }

    @Override
    public String guarantee() {
      return writing.guarantee();
    }

    @Override
    public List<String> sql() throws UnfitTableException, OutageException {
      return writing.sql();
    }

    @Override
    public @Nullable String obstacle() {
      return writing.obstacle();
    }

    @Override
    public @Nullable Publication publication(String layout) {
      return writing.publication(layout);
    }
  }

  /** {@code write: csv} and {@code write: jsonl}. */
  record File(FileWriting writing) implements Output {

    @Override
    public Row ready(Row row) {
      return writing.takesText() ? row : row.detached();
    }

    @Override
    public void prepare() {
      // Nothing is made before the file is known to be this run's: see its publication.
    }

    @Override
    public ChunkTarget<Object> target(PartitionKey partition, Beans beans) {
      return writing.target(partition);
    }

    @Override
    public String guarantee() {
      return writing.guarantee();
    }

    @Override
    public List<String> sql() {
      return List.of();
    }

    @Override
    public @Nullable String obstacle() {
      return writing.obstacle();
    }

    @Override
    public Publication publication(String layout) {
      return writing.publication(layout);
    }
  }

  /** {@code write: bean}. */
  record Bean(WriteDefinition.Bean definition, BeanWriting writing) implements Output {

    @Override
    public void prepare() {
      // The bean's own business.
    }

    @Override
    @SuppressWarnings("unchecked") // whether the bean can take the items, it says itself
    public ChunkTarget<Object> target(PartitionKey partition, Beans beans) {
      return writing.target(partition, beans.get(definition.bean(), ItemWriter.class));
    }

    @Override
    public String guarantee() {
      return writing.guarantee();
    }

    @Override
    public List<String> sql() {
      return List.of();
    }
  }
}
