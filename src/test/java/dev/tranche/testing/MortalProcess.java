package dev.tranche.testing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;

/**
 * A process in a test that can die, or lose a connection, at any step it takes on a database.
 *
 * <p>Every execution of a statement and every commit is a step, counted over all its connections.
 * At the step that its {@link Fate} names, it dies before or after the real thing is done, or the
 * connection is cut. Once dead, nothing it does reaches a database any more, and what it had open
 * is rolled back, as a server does with the connections of a killed process. Safe for all threads.
 */
public final class MortalProcess {

  /** What happens at a step. */
  public enum Kind {
    /** Killed before the statement or commit reaches the database. */
    DIES_BEFORE,
    /** Killed after the database did it, before the process could know. */
    DIES_AFTER,
    /** The connection is cut before it; a commit's outcome is then unknown, and it did not happen. */
    CUT_BEFORE,
    /** The connection is cut after it; a commit's outcome is then unknown, and it did happen. */
    CUT_AFTER,
    /** The connection is cut in a commit, which lands after all, later, on its own time. */
    LANDS_LATER,
    /** The database ends the transaction with a deadlock. */
    DEADLOCK,
    /** The process freezes before a statement, until {@link #wake()}; then it goes on unaware. */
    FREEZES,
    /** Nothing at all. */
    NONE
  }

  /** What happens, and at which step, counted from 1. */
  public record Fate(Kind kind, int step) {
    public static final Fate NONE = new Fate(Kind.NONE, -1);
  }

  /** The process is dead: thrown from whatever it tried to do, past all that handles exceptions. */
  public static final class Death extends Error {
    private static final long serialVersionUID = 1L;

    Death() {
      super("killed", null, false, false);
    }
  }

  /** What the first statement of a chunk's transaction begins with. */
  private static final String ADVANCE = "update TRANCHE_CHECKPOINT set SEQ";

  /** What the first statement of the transaction that makes a table begins with. */
  private static final String CREATE = "create table";

  // -- given --
  private final Fate fate;
  private final Runnable whenStruck;

  // -- so far --
  private final AtomicInteger steps = new AtomicInteger();
  private final List<Connection> open = Collections.synchronizedList(new ArrayList<>());
  private final List<Thread> late = Collections.synchronizedList(new ArrayList<>());
  private final AtomicReference<@Nullable Kind> struck = new AtomicReference<>();
  private final CountDownLatch frozen = new CountDownLatch(1);
  private final CountDownLatch woken = new CountDownLatch(1);
  private volatile boolean dead;
  private volatile int struckAt;
  private volatile boolean struckCommit;

  /** @param whenStruck called at the moment its fate is met, before anything happens */
  public MortalProcess(Fate fate, Runnable whenStruck) {
    this.fate = fate;
    this.whenStruck = whenStruck;
  }

  /** {@code real} as this process sees it. */
  public DataSource on(DataSource real) {
    return proxy(DataSource.class, (proxy, method, args) -> {
      if (!method.getName().equals("getConnection")) {
        return call(real, method, args);
      }
      alive();
      Connection connection = (Connection) call(real, method, args);
      open.add(connection);
      return new Link(connection).proxy;
    });
  }

  /**
   * Does something that reaches no database, such as the write of a file: a step like any other, but
   * that only death strikes it.
   */
  public <T> T elsewhere(Callable<T> action) throws Exception {
    alive();
    boolean dies = fate.kind() == Kind.DIES_BEFORE || fate.kind() == Kind.DIES_AFTER;
    boolean now = steps.incrementAndGet() >= fate.step() && dies;
    if (!now || !struck.compareAndSet(null, fate.kind())) {
      return action.call();
    }
    struckAt = steps.get();
    whenStruck.run();
    if (fate.kind() == Kind.DIES_AFTER) {
      action.call();
    }
    kill();
    throw new Death();
  }

  /** What struck it, if its fate has been met. */
  public @Nullable Kind struck() {
    return struck.get();
  }

  /** At which step it was struck; 0 if it was not. */
  public int struckAt() {
    return struckAt;
  }

  /** Whether it was a commit that was struck. */
  public boolean struckCommit() {
    return struckCommit;
  }

  public boolean isDead() {
    return dead;
  }

  public int steps() {
    return steps.get();
  }

  /** Kills it between two steps. */
  public void kill() {
    dead = true;
    synchronized (open) {
      open.forEach(MortalProcess::drop);
      open.clear();
    }
    woken.countDown();
  }

  /** Waits until it is frozen, or until {@code done} ends. */
  public boolean awaitFrozen(Thread done) throws InterruptedException {
    while (!frozen.await(1, TimeUnit.MILLISECONDS)) {
      if (!done.isAlive()) {
        return frozen.getCount() == 0;
      }
    }
    return true;
  }

  /** Lets a frozen process go on. */
  public void wake() {
    woken.countDown();
  }

  /** Waits for commits that land later, and closes what is left open. */
  public void bury() throws InterruptedException {
    for (Thread thread : List.copyOf(late)) {
      thread.join();
    }
    kill();
  }

  private void alive() {
    if (dead) {
      throw new Death();
    }
  }

  private static void drop(Connection connection) {
    try {
      if (!connection.isClosed()) {
        connection.rollback();
        connection.close();
      }
    } catch (SQLException alreadyGone) {
      // what a dead process leaves behind is its server's business
    }
  }

  private static Object call(Object target, Method method, Object @Nullable [] args)
      throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(
        MortalProcess.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static SQLException cut() {
    return new SQLException("connection cut", "08006");
  }

  /** One connection of the process. */
  private final class Link {

    private final Connection real;
    private final Connection proxy;
    private volatile boolean broken;
    private @Nullable CopyIn copying;

    private Link(Connection real) {
      this.real = real;
      this.proxy = proxy(Connection.class, this::onConnection);
    }

    private @Nullable Object onConnection(Object self, Method method, Object @Nullable [] args)
        throws Throwable {
      switch (method.getName()) {
        case "close", "abort" -> {
          open.remove(real);
          if (!dead && !broken) {
            call(real, method, args);
          }
          return null;
        }
        case "isClosed" -> {
          return dead || broken || real.isClosed();
        }
        default -> usable();
      }
      if (method.getName().equals("commit")) {
        return step("commit", () -> call(real, method, args));
      }
      Object result = call(real, method, args);
      if (method.getName().equals("unwrap")) {
        return Copies.around(result, this::copy);
      }
      if (result instanceof PreparedStatement statement) {
        String sql = String.valueOf(args == null ? "" : args[0]);
        return proxy(PreparedStatement.class, onStatement(statement, sql));
      }
      return result instanceof Statement statement
          ? proxy(Statement.class, onStatement(statement, ""))
          : result;
    }

    /** What ends a transaction first ends the COPY in it, as a server does by itself. */
    private Object copy(String sql, CopyIn copy) throws Throwable {
      copying = copy;
      try {
        return step(sql, copy::endCopy);
      } finally {
        copying = null;
      }
    }

    private void endCopying() throws SQLException {
      CopyIn copy = copying;
      if (copy != null && copy.isActive()) {
        copy.cancelCopy();
      }
    }

    private InvocationHandler onStatement(Statement statement, String sql) {
      return (self, method, args) -> {
        if (method.getName().equals("close")) {
          return dead || broken ? null : call(statement, method, args);
        }
        usable();
        boolean own = args != null && args[0] instanceof String;
        return method.getName().startsWith("execute")
            ? step(own ? (String) args[0] : sql, () -> call(statement, method, args))
            : call(statement, method, args);
      };
    }

    private void usable() throws SQLException {
      alive();
      if (broken) {
        throw new SQLException("this connection was cut", "08003");
      }
    }

    private @Nullable Object step(String sql, Action action) throws Throwable {
      boolean now = steps.incrementAndGet() >= fate.step() && struck.get() == null;
      if (!now || !fits(sql) || !struck.compareAndSet(null, fate.kind())) {
        return action.run();
      }
      struckAt = steps.get();
      struckCommit = sql.equals("commit");
      whenStruck.run();
      switch (fate.kind()) {
        case DIES_BEFORE -> throw die();
        case DIES_AFTER -> {
          action.run();
          throw die();
        }
        case CUT_BEFORE -> throw sever();
        case CUT_AFTER -> {
          action.run();
          throw sever();
        }
        case LANDS_LATER -> throw landLater();
        case DEADLOCK -> {
          endCopying();
          real.rollback();
          throw new SQLException("deadlock detected", "40P01");
        }
        case FREEZES -> {
          frozen.countDown();
          woken.await();
          alive();
          return action.run();
        }
        default -> {
          return action.run();
        }
      }
    }

    /** A commit alone can land later; a process freezes where it holds no lock. */
    private boolean fits(String sql) {
      return switch (fate.kind()) {
        case NONE -> false;
        case LANDS_LATER -> sql.equals("commit");
        case DEADLOCK -> !sql.equals("commit");
        case FREEZES -> sql.startsWith(ADVANCE) || sql.startsWith(CREATE);
        default -> true;
      };
    }

    private Death die() throws SQLException {
      endCopying();
      kill();
      return new Death();
    }

    private SQLException sever() throws SQLException {
      endCopying();
      broken = true;
      open.remove(real);
      drop(real);
      return cut();
    }

    private SQLException landLater() {
      broken = true;
      open.remove(real);
      Thread thread = new Thread(
          () -> {
            try {
              real.commit();
              real.close();
            } catch (SQLException gone) {
              drop(real);
            }
          },
          "late-commit");
      late.add(thread);
      thread.start();
      return cut();
    }
  }

  private interface Action {
    @Nullable Object run() throws Throwable;
  }
}
