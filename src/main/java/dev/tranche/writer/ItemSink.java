package dev.tranche.writer;

import dev.tranche.store.Checkpoint;
import dev.tranche.store.Claim;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What a {@link TransactionalTarget} writes items with, inside its transaction.
 *
 * <p>One partition attempt, one thread, one connection; only {@link #cancel} is for others.
 */
interface ItemSink<O> extends AutoCloseable {

  /** The partition is claimed. */
  default void claimed(Claim claim) {}

  /** The connection is there and the partition is claimed. */
  default void open(Connection connection) throws Exception {}

  /**
   * Before the transaction begins: {@code next} with what the sink itself has to remember once these
   * items, which may be none, are written.
   */
  default Checkpoint checkpoint(List<O> items, Checkpoint next) throws Exception {
    return next;
  }

  /**
   * Writes in the open transaction.
   *
   * @param items at least one
   * @param ordinals for each item how many of the partition came before it
   */
  void write(List<O> items, long[] ordinals) throws Exception;

  /** All is written, with or without items; COMMIT is next. */
  default void beforeCommit() throws Exception {}

  /** The transaction is over. */
  default void completed(Completion completion) {}

  /** Whether an error that says "database away" can only mean the target's own. */
  boolean writesToTargetOnly();

  /** Whether a row may be at fault; else a failed write fails its partition at once. */
  default boolean blamesItems(Exception error) {
    return true;
  }

  /** Whether others write in the transaction, who may hide an error that ended it. */
  default boolean mayHideErrors() {
    return false;
  }

  /** Ends a statement that runs, from another thread. */
  default void cancel() throws SQLException {}

  @Override
  default void close() {}

  /** How a transaction ended. */
  enum Completion {
    COMMITTED,
    ROLLED_BACK,
    UNKNOWN
  }
}
