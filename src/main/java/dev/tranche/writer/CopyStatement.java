package dev.tranche.writer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.TimerTask;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;
import org.postgresql.core.BaseConnection;

/**
 * PostgreSQL's COPY. A chunk is sent while it is encoded, so that client and server work at the same
 * time and no more than a part of it is held in bytes.
 */
final class CopyStatement implements RowStatement {

  private static final int PART = 1 << 16;

  /** Where the server was in what it was sent. Nobody knows that text, or its lines. */
  private static final String CONTEXT = "(\\n  Where: |\\n)COPY .*, line \\d+.*$";

  // -- given --
  private final Connection connection;
  private final String sql;
  private final CopyEncoder encoder;

  // -- so far --
  private final Bytes part = new Bytes();
  private long limitMillis;
  private volatile @Nullable BaseConnection running;

  CopyStatement(Connection connection, String sql, RowBinding binding) {
    this.connection = connection;
    this.sql = sql;
    this.encoder = CopyEncoder.of(binding);
  }

  @Override
  public void write(BoundRows rows) throws SQLException {
    BaseConnection driver = connection.unwrap(BaseConnection.class);
    Limit limit = limitMillis > 0 ? new Limit(driver) : null;
    running = driver;
    try {
      copy(driver, rows);
    } catch (SQLException error) {
      String message = String.valueOf(error.getMessage()).replaceFirst(CONTEXT, "");
      throw new SQLException(message, error.getSQLState(), error.getErrorCode(), error);
    } finally {
      running = null;
      part.clear();
      if (limit != null) {
        limit.end();
      }
    }
  }

  private void copy(BaseConnection driver, BoundRows rows) throws SQLException {
    CopyIn copy = driver.getCopyAPI().copyIn(sql);
    try {
      encoder.begin(part);
      for (int r = 0; r < rows.size(); r++) {
        encoder.encode(rows.row(r), part);
        if (part.length() >= PART) {
          send(copy);
        }
      }
      encoder.end(part);
      send(copy);
      copy.endCopy();
    } catch (SQLException | RuntimeException error) {
      cancel(copy, error);
      throw error;
    }
  }

  private void send(CopyIn copy) throws SQLException {
    copy.writeToCopy(part.array(), 0, part.length());
    part.clear();
  }

  /** Until it has ended, the connection takes nothing else, not even a rollback. */
  private static void cancel(CopyIn copy, Exception because) {
    try {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    } catch (SQLException error) {
      because.addSuppressed(error);
    }
  }

  @Override
  public void limit(int seconds) {
    limitMillis = seconds * 1000L;
  }

  @Override
  public void cancel() throws SQLException {
    BaseConnection driver = running;
    if (driver != null) {
      driver.cancelQuery();
    }
  }

  @Override
  public void close() {
    // Nothing is prepared.
  }

  /** The driver limits statements in this way; its COPY it leaves alone. */
  private final class Limit extends TimerTask {

    private final BaseConnection driver;
    private boolean over;

    private Limit(BaseConnection driver) {
      this.driver = driver;
      driver.addTimerTask(this, limitMillis);
    }

    @Override
    public synchronized void run() {
      try {
        if (!over) {
          driver.cancelQuery();
        }
      } catch (SQLException error) {
        // The socket's own timeout comes next.
      }
    }

    /** Waits for a cancel that is being sent: it is not to strike what comes next. */
    private void end() {
      cancel();
      driver.purgeTimerTasks();
      synchronized (this) {
        over = true;
      }
    }
  }
}
