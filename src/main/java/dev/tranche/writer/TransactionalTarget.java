package dev.tranche.writer;

import dev.tranche.chunk.ChunkTarget;
import dev.tranche.chunk.ItemError;
import dev.tranche.chunk.OutageException;
import dev.tranche.chunk.UnknownOutcomeException;
import dev.tranche.chunk.WriteException;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Checkpoints;
import dev.tranche.store.Claim;
import dev.tranche.store.Database;
import dev.tranche.store.Fence;
import dev.tranche.store.MissingCheckpointException;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.Reject;
import dev.tranche.store.Rejects;
import dev.tranche.store.SqlErrors;
import dev.tranche.store.StoreException;
import dev.tranche.store.SupersededException;
import dev.tranche.writer.ItemSink.Completion;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The target side of the protocol: a chunk's checkpoint, its rejects and what its items become, in
 * one transaction on one connection.
 *
 * <p>The checkpoint goes first: it locks the partition's row and checks the fence, so that nobody
 * else can take the partition before COMMIT or ROLLBACK. What fails before COMMIT is not there.
 * What fails in COMMIT is not there either if the database says so; else nobody knows, and only a
 * new claim, which waits for this transaction to end, can tell.
 *
 * <p>After an outage or an unknown outcome nothing but {@link #close} is of use. One partition
 * attempt, one thread; only {@link #abort} is for others.
 */
final class TransactionalTarget<O> implements ChunkTarget<O> {

  /** After the query timeout, for the cancelling to come through before the socket is given up. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  // -- given --
  private final Database database;
  private final PartitionKey partition;
  private final ItemSink<O> sink;
  private final @Nullable Duration timeout;

  // -- so far --
  private volatile @Nullable Connection connection;
  private volatile boolean aborted;
  private boolean lent;
  private @Nullable Checkpoints checkpoints;
  private @Nullable Rejects rejects;
  private int networkTimeout;

  /** @param timeout how long the write of a chunk may take; null: as long as it takes */
  TransactionalTarget(
      Database database, PartitionKey partition, ItemSink<O> sink, @Nullable Duration timeout) {
    this.database = database;
    this.partition = partition;
    this.sink = sink;
    this.timeout = timeout;
  }

  // -- claiming --

  @Override
  public Claim claim(long owner, boolean mustExist)
      throws MissingCheckpointException, OutageException {
    Claim claim;
    try {
      Connection opened = database.connect();
      use(opened);
      claim = database.takingOver(
          opened,
          (session, platform) ->
              new Checkpoints(platform).claim(session, partition, owner, mustExist));
    } catch (SQLException error) {
      throw away("cannot be claimed", error);
    }
    commitClaim();
    openSink(claim);
    return claim;
  }

  @Override
  public void takeUp(Claim claim, Connection session) throws OutageException {
    lent = true;
    try {
      use(session);
      limit(session);
    } catch (SQLException error) {
      throw away("cannot be taken up", error);
    }
    openSink(claim);
  }

  private void use(Connection session) throws SQLException {
    connection = session;
    checkpoints = new Checkpoints(database.platform());
    rejects = new Rejects(database.platform());
  }

  private void limit(Connection session) throws SQLException {
    if (timeout != null) {
      int millis = (int) Math.min(Integer.MAX_VALUE, timeout.plus(GRACE).toMillis());
      networkTimeout = session.getNetworkTimeout();
      session.setNetworkTimeout(Runnable::run, millis);
    }
  }

  private void commitClaim() throws OutageException {
    try {
      current().commit();
      limit(current());
    } catch (SQLException error) {
      // Claimed or not: claiming again gives a higher number in both cases.
      throw new OutageException(subject() + " cannot be claimed: " + error.getMessage(), error);
    }
  }

  private void openSink(Claim claim) {
    try {
      sink.claimed(claim);
      sink.open(current());
    } catch (RuntimeException error) {
      throw error;
    } catch (Exception error) {
      throw new IllegalStateException(subject() + " cannot be opened: " + error, error);
    }
  }

  // -- committing --

  @Override
  public void commit(Commit<O> commit)
      throws SupersededException, UnknownOutcomeException, OutageException, WriteException {
    Completion completion = Completion.ROLLED_BACK;
    try {
      advance(commit, checkpoint(commit));
      write(commit);
      completion = Completion.UNKNOWN;
      finish(commit.fence());
      completion = Completion.COMMITTED;
    } catch (WriteException | SupersededException | OutageException error) {
      completion = Completion.ROLLED_BACK;
      throw error;
    } finally {
      if (completion == Completion.ROLLED_BACK) {
        rollBackQuietly();
      }
      sink.completed(completion);
    }
  }

  private Checkpoint checkpoint(Commit<O> commit)
      throws SupersededException, OutageException, WriteException {
    try {
      return sink.checkpoint(commit.items(), commit.next());
    } catch (Exception error) {
      throw refused(commit.fence(), error);
    }
  }

  private void advance(Commit<O> commit, Checkpoint next)
      throws SupersededException, OutageException, WriteException {
    try {
      required(checkpoints).advance(current(), commit.fence(), next);
      if (!commit.rejects().isEmpty()) {
        required(rejects).insert(current(), partition, commit.rejects());
      }
      take(commit.taken());
    } catch (SQLException error) {
      throw away("cannot move its checkpoint on", error);
    }
  }

  /** Two executions that run the same rejects again: each has what it was the first to commit. */
  private void take(Reject.Taken taken) throws SQLException, WriteException {
    int wanted = taken.ids().size();
    int had = wanted == 0 ? 0 : required(rejects).take(current(), taken);
    if (had < wanted) {
      String message =
          (wanted - had) + " of " + wanted + " rejects were run again by somebody else meanwhile";
      throw new WriteException(new ItemError(message, null), false);
    }
  }

  private void write(Commit<O> commit) throws SupersededException, OutageException, WriteException {
    try {
      if (!commit.items().isEmpty()) {
        sink.write(commit.items(), commit.keys());
      }
      sink.beforeCommit();
      if (sink.mayHideErrors()) {
        requireUnbroken(commit.fence().next());
      }
    } catch (Exception error) {
      if (error instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw refused(commit.fence(), error);
    }
  }

  /**
   * After a deadlock, MariaDB and H2 roll back and let the session go on in a new transaction.
   * Whoever hid it would have rows committed without their checkpoint.
   */
  private void requireUnbroken(Fence advanced) throws SQLException {
    if (!required(checkpoints).holds(current(), advanced)) {
      throw new SQLException(
          "the writer went on after the database had rolled the chunk's transaction back", "40001");
    }
  }

  private void finish(Fence fence)
      throws SupersededException, UnknownOutcomeException, OutageException, WriteException {
    if (aborted) {
      throw outage("cannot write", new SQLException("aborted before COMMIT"));
    }
    try {
      current().commit();
    } catch (SQLException error) {
      if (SqlErrors.isRolledBack(error)) {
        throw refused(fence, error);
      }
      throw new UnknownOutcomeException(error);
    } catch (RuntimeException error) {
      throw new UnknownOutcomeException(error);
    }
  }

  /**
   * What a failure before the end of COMMIT means: rolls back, and reads the ownership again, since
   * an attempt that was superseded must not judge rows.
   */
  private WriteException refused(Fence fence, Exception error)
      throws SupersededException, OutageException {
    boolean held;
    try {
      current().rollback();
      held = required(checkpoints).holds(current(), fence);
      current().rollback();
    } catch (SQLException dead) {
      error.addSuppressed(dead);
      throw outage("cannot write", error);
    }
    if (!held) {
      throw new SupersededException(partition, "seen after a write failed: " + error.getMessage());
    }
    if (aborted || sink.writesToTargetOnly() && SqlErrors.isOutage(error)) {
      throw outage("cannot write", error);
    }
    return new WriteException(error, sink.blamesItems(error));
  }

  // -- failing --

  /** The way out of a failure of our own tables: later, if that may help, else not at all. */
  private OutageException away(String what, SQLException error) {
    if (aborted || SqlErrors.isOutage(error) || SqlErrors.isTransient(error)) {
      return outage(what, error);
    }
    throw new StoreException(subject() + " " + what + ": " + error.getMessage(), error);
  }

  private OutageException outage(String what, Exception error) {
    String how = aborted ? "its connection was aborted" : String.valueOf(error.getMessage());
    return new OutageException(subject() + " " + what + ": " + how, error);
  }

  private String subject() {
    return "partition " + partition.name() + " in database '" + database.name() + "'";
  }

  private void rollBackQuietly() {
    Connection open = connection;
    if (open != null) {
      try {
        open.rollback();
      } catch (SQLException dead) {
        // The transaction ends with the connection.
      }
    }
  }

  private Connection current() {
    return required(connection);
  }

  private <T> T required(@Nullable T given) {
    if (given == null) {
      throw new IllegalStateException(subject() + " is not claimed. This is a bug in tranche.");
    }
    return given;
  }

  // -- ending --

  @Override
  public void abort() {
    aborted = true;
    Connection open = connection;
    try {
      sink.cancel();
      if (open != null) {
        open.abort(Runnable::run);
      }
    } catch (SQLException dead) {
      // Aborting was the aim.
    }
  }

  @Override
  public void close() {
    if (lent) {
      rollBackQuietly(); // its owner begins with something else next
    }
    Connection open = connection;
    connection = null;
    try (Connection closed = lent ? null : open) {
      sink.close();
      if (open != null && timeout != null && !aborted) {
        open.setNetworkTimeout(Runnable::run, networkTimeout);
      }
    } catch (SQLException dead) {
      // Its transaction ends with it.
    }
  }
}
