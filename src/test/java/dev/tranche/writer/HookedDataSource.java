package dev.tranche.writer;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A data source whose connections let a test in before or after they commit or roll back. */
final class HookedDataSource extends DelegatingDataSource {

  /** What a test does at that moment; what it throws is what the connection throws. */
  @FunctionalInterface
  interface Hook {
    void run() throws SQLException;
  }

  private final Map<String, Hook> before = new HashMap<>();
  private final Map<String, Hook> after = new HashMap<>();

  HookedDataSource(DataSource hooked) {
    super(hooked);
  }

  /** Once, before {@code method} of a connection is called. */
  void before(String method, Hook hook) {
    before.put(method, hook);
  }

  /** Once, after {@code method} of a connection has returned. */
  void after(String method, Hook hook) {
    after.put(method, hook);
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = super.getConnection();
    return (Connection) Proxy.newProxyInstance(
        getClass().getClassLoader(),
        new Class<?>[] {Connection.class},
        (proxy, method, arguments) -> call(connection, method, arguments));
  }

  private @Nullable Object call(Connection connection, Method method, @Nullable Object[] arguments)
      throws Throwable {
    run(before.remove(method.getName()));
    try {
      Object result = method.invoke(connection, arguments);
      run(after.remove(method.getName()));
      return result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static void run(@Nullable Hook hook) throws SQLException {
    if (hook != null) {
      hook.run();
    }
  }
}
