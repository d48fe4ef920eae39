package dev.tranche.writer;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The target's connection as a bean sees it: for everything but ending the transaction, since rows
 * committed apart from their checkpoint would be written again.
 */
final class JoinedConnection implements InvocationHandler {

  private final Connection target;

  private JoinedConnection(Connection target) {
    this.target = target;
  }

  static Connection of(Connection target) {
    return (Connection) Proxy.newProxyInstance(
        JoinedConnection.class.getClassLoader(),
        new Class<?>[] {Connection.class},
        new JoinedConnection(target));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object[] arguments)
      throws Throwable {
    switch (method.getName()) {
      case "equals" -> {
        return proxy == arguments[0];
      }
      case "close" -> {
        return null;
      }
      case "commit", "setAutoCommit", "abort" -> throw refused(method);
      case "rollback" -> {
        if (arguments == null || arguments.length == 0) {
          throw refused(method);
        }
      }
      default -> {
        // Goes on below.
      }
    }
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static SQLException refused(Method method) {
    return new SQLException(method.getName()
        + "() is not for the writer: this transaction is the chunk's, and ends with its"
        + " checkpoint");
  }
}
