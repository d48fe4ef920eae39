package dev.tranche.writer;

import dev.tranche.writer.ItemSink.Completion;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

/**
 * Makes a chunk's transaction the one of the thread, as Spring's transaction managers do, so that
 * whatever works on the data source joins it: {@code JdbcTemplate}, {@code JdbcBatchItemWriter},
 * methods with {@code @Transactional}.
 *
 * <p>The target commits and rolls back; nobody else can, see {@link JoinedConnection}.
 */
final class ChunkTransaction {

  private static final Log LOG = LogFactory.getLog(ChunkTransaction.class);

  // -- given --
  private final DataSource dataSource;
  private final @Nullable Duration timeout;

  // -- so far --
  private @Nullable ConnectionHolder bound;
  private boolean ending;

  ChunkTransaction(DataSource dataSource, @Nullable Duration timeout) {
    this.dataSource = dataSource;
    this.timeout = timeout;
  }

  /** @throws IllegalStateException if the thread is in a transaction of its own */
  void begin(Connection connection) {
    if (TransactionSynchronizationManager.isSynchronizationActive()) {
      throw new IllegalStateException("there is a transaction around the chunk's own");
    }
    Holder holder = new Holder(JoinedConnection.of(connection));
    if (timeout != null) {
      holder.setTimeoutInMillis(timeout.toMillis());
    }
    TransactionSynchronizationManager.bindResource(dataSource, holder);
    bound = holder;
    ending = false;
    TransactionSynchronizationManager.initSynchronization();
    TransactionSynchronizationManager.setActualTransactionActive(true);
  }

  void beforeCommit() throws SQLException {
    if (bound == null) {
      return;
    }
    TransactionSynchronizationUtils.triggerBeforeCommit(false);
    requireAlive(bound.getConnection());
    if (bound.isRollbackOnly()) {
      throw new UnexpectedRollbackException(
          "the writer marked the chunk's transaction as rollback-only");
    }
    beforeCompletion();
  }

  /**
   * After an error in a transaction, PostgreSQL turns its COMMIT into a ROLLBACK, and the driver
   * does not tell. Whoever hid such an error would lose a chunk.
   */
  private static void requireAlive(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("select 1");
    } catch (SQLException error) {
      throw new SQLException(
          "the writer went on after an error of its database, which keeps nothing of a transaction"
              + " that failed: "
              + error.getMessage(),
          error.getSQLState(),
          error);
    }
  }

  private void beforeCompletion() {
    if (!ending) {
      ending = true;
      TransactionSynchronizationUtils.triggerBeforeCompletion();
    }
  }

  /** Tells those who wait for the end of the transaction. What they throw changes nothing. */
  void end(Completion completion) {
    ConnectionHolder holder = bound;
    if (holder == null) {
      return;
    }
    bound = null;
    List<TransactionSynchronization> waiting =
        TransactionSynchronizationManager.getSynchronizations();
    beforeCompletion();
    try {
      if (completion == Completion.COMMITTED) {
        TransactionSynchronizationUtils.invokeAfterCommit(waiting);
      }
    } catch (RuntimeException error) {
      LOG.warn("A callback failed after the commit of a chunk, which stays committed", error);
    } finally {
      TransactionSynchronizationManager.clear();
      TransactionSynchronizationUtils.invokeAfterCompletion(waiting, status(completion));
      TransactionSynchronizationManager.unbindResource(dataSource);
      holder.clear();
    }
  }

  private static int status(Completion completion) {
    return switch (completion) {
      case COMMITTED -> TransactionSynchronization.STATUS_COMMITTED;
      case ROLLED_BACK -> TransactionSynchronization.STATUS_ROLLED_BACK;
      case UNKNOWN -> TransactionSynchronization.STATUS_UNKNOWN;
    };
  }

  /** A holder that says that there is a transaction. */
  private static final class Holder extends ConnectionHolder {

    Holder(Connection connection) {
      super(connection);
      setTransactionActive(true);
      setSynchronizedWithTransaction(true);
    }
  }
}
