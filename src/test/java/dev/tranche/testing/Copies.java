package dev.tranche.testing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/** PostgreSQL's own COPY, with a test let in where one ends: there it is executed. */
final class Copies extends CopyManager {

  /** Ends {@code copy}, or does not. */
  @FunctionalInterface
  interface Ending {
    Object end(String sql, CopyIn copy) throws Throwable;
  }

  private final Ending ending;

  private Copies(BaseConnection driver, Ending ending) throws SQLException {
    super(driver);
    this.ending = ending;
  }

  /** What a connection was unwrapped to; a driver of PostgreSQL's with {@code ending}. */
  static Object around(Object unwrapped, Ending ending) throws SQLException {
    if (!(unwrapped instanceof BaseConnection driver)) {
      return unwrapped;
    }
    Copies copies = new Copies(driver, ending);
    return proxy(BaseConnection.class, (proxy, method, arguments) ->
        method.getName().equals("getCopyAPI") ? copies : call(driver, method, arguments));
  }

  @Override
  public CopyIn copyIn(String sql) throws SQLException {
    CopyIn copy = super.copyIn(sql);
    return proxy(CopyIn.class, (proxy, method, arguments) ->
        method.getName().equals("endCopy") ? ending.end(sql, copy) : call(copy, method, arguments));
  }

  private static Object call(Object target, Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException error) {
      throw error.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(Copies.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
