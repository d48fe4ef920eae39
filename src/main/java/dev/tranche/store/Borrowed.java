package dev.tranche.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A connection of somebody's pool, strict, in READ COMMITTED and without auto-commit until it is
 * closed.
 *
 * <p>Closing rolls back what is open and gives the connection back as it came: not every pool sees
 * to that, and turning auto-commit on again would commit what is open.
 */
final class Borrowed implements InvocationHandler {

  private final Connection pooled;
  private final boolean autoCommit;
  private final int isolation;
  private @Nullable String unstrict;

  private Borrowed(Connection pooled, int isolation) throws SQLException {
    this.pooled = pooled;
    this.autoCommit = pooled.getAutoCommit();
    this.isolation = isolation;
  }

  /** Finds out about a connection, from it or from what is known of its pool. */
  interface Asking {
    Platform platform(Connection connection) throws SQLException;

    int isolation(Connection connection) throws SQLException;
  }

  static Connection of(Connection pooled, Asking asking) throws SQLException {
    try {
      Borrowed borrowed = new Borrowed(pooled, asking.isolation(pooled));
      borrowed.unstrict = asking.platform(pooled).strict(pooled);
      borrowed.set(Connection.TRANSACTION_READ_COMMITTED, false);
      return (Connection) Proxy.newProxyInstance(
          Borrowed.class.getClassLoader(), new Class<?>[] {Connection.class}, borrowed);
    } catch (SQLException | RuntimeException e) {
      closeQuietly(pooled, e);
      throw e;
    }
  }

  private static void closeQuietly(Connection connection, Exception because) {
    try {
      connection.close();
    } catch (SQLException e) {
      because.addSuppressed(e);
    }
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    switch (method.getName()) {
      case "close" -> {
        giveBack();
        return null;
      }
      case "equals" -> {
        return proxy == arguments[0];
      }
      default -> {
        // Goes on below: everything else is the pool's business.
      }
    }
    try {
      return method.invoke(pooled, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /**
   * As it came, as far as that is possible. Nothing is thrown: what was to be committed is committed
   * by now, and a broken connection is for the pool to find out.
   */
  private void giveBack() {
    try (Connection closed = pooled) {
      if (!closed.isClosed()) {
        closed.rollback();
        if (unstrict != null) {
          execute(unstrict);
        }
        set(isolation, autoCommit);
      }
    } catch (SQLException broken) {
      // Its transaction ends with the connection, and a pool tests what it lends.
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = pooled.createStatement()) {
      statement.execute(sql);
    }
  }

  private void set(int newIsolation, boolean newAutoCommit) throws SQLException {
    if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
      pooled.setTransactionIsolation(newIsolation);
    }
    if (autoCommit) {
      pooled.setAutoCommit(newAutoCommit);
    }
  }
}
