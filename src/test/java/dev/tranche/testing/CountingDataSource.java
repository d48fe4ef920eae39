package dev.tranche.testing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A data source that notes every statement that is executed, whoever's connection it is on. A batch
 * is one statement, however many rows it has; what asks for a session's settings or changes them is
 * none. Safe for all threads.
 */
public final class CountingDataSource extends DelegatingDataSource {

  private final Queue<String> statements = new ConcurrentLinkedQueue<>();
  private final AtomicInteger commits = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();

  public CountingDataSource(DataSource counted) {
    super(counted);
  }

  /** The text of every statement since the last {@link #reset}, in the order they were executed. */
  public List<String> statements() {
    return List.copyOf(statements);
  }

  public int count() {
    return statements.size();
  }

  /** How many statements contain {@code part}, whatever its case. */
  public long count(String part) {
    Predicate<String> wanted = sql -> sql.toLowerCase().contains(part.toLowerCase());
    return statements.stream().filter(wanted).count();
  }

  /** How many times {@link Connection#commit} was called. */
  public int commits() {
    return commits.get();
  }

  /** How many connections were handed out. */
  public int connections() {
    return connections.get();
  }

  public void reset() {
    statements.clear();
    commits.set(0);
    connections.set(0);
  }

  @Override
  public Connection getConnection() throws SQLException {
    return counted(super.getConnection());
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    return counted(super.getConnection(username, password));
  }

  /** A connection of somebody else's, whose statements count here. */
  public Connection counted(Connection connection) {
    connections.incrementAndGet();
    return proxy(Connection.class, connection, (method, arguments, result) -> {
      if (method.equals("commit")) {
        commits.incrementAndGet();
      }
      if (method.equals("unwrap")) {
        return Copies.around(result, this::copied);
      }
      return result instanceof Statement statement
          ? counted(statement, method.startsWith("prepare") ? (String) arguments[0] : null)
          : result;
    });
  }

  private long copied(String sql, CopyIn copy) throws SQLException {
    long rows = copy.endCopy();
    statements.add(sql);
    return rows;
  }

  private Statement counted(Statement statement, @Nullable String prepared) {
    return proxy(typeOf(statement), statement, (method, arguments, result) -> {
      if (method.startsWith("execute")) {
        String sql = arguments.length > 0 ? (String) arguments[0] : String.valueOf(prepared);
        if (!sql.startsWith("select @@") && !sql.startsWith("set session ")) {
          statements.add(sql);
        }
      }
      return result;
    });
  }

  private static Class<? extends Statement> typeOf(Statement statement) {
    if (statement instanceof CallableStatement) {
      return CallableStatement.class;
    }
    return statement instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
  }

  @FunctionalInterface
  private interface Seen {
    @Nullable Object by(String method, Object[] arguments, @Nullable Object result)
        throws SQLException;
  }

  /** Statements that fail are not counted: they are seen as they return. */
  private static <T> T proxy(Class<? extends T> type, T target, Seen seen) {
    InvocationHandler handler = (proxy, method, arguments) -> {
      if (method.getName().equals("equals")) {
        return proxy == arguments[0];
      }
      try {
        Object result = method.invoke(target, arguments);
        return seen.by(method.getName(), arguments == null ? new Object[0] : arguments, result);
      } catch (InvocationTargetException error) {
        throw error.getCause();
      }
    };
    return type.cast(Proxy.newProxyInstance(
        CountingDataSource.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
