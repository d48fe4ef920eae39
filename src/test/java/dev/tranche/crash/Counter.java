package dev.tranche.crash;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** Knows how many rows are in the target while a child loads them. */
interface Counter {

  Child start(Installation installation, String... command);

  long rows() throws SQLException;

  /** Waits until there are {@code at} rows, or the child has ended. */
  void await(Child child, long at) throws Exception;

  /** Asks the target itself. */
  record Target(DataSource target, String exists, String pause) implements Counter {

    static Target inPostgres(DataSource target) {
      return new Target(
          target, "select to_regclass('earthquake') is not null", "select pg_sleep(0.005)");
    }

    static Target inMariaDb(DataSource target) {
      return new Target(
          target,
          "select count(*) > 0 from information_schema.TABLES"
              + " where TABLE_SCHEMA = database() and TABLE_NAME = 'earthquake'",
          "do sleep(0.005)");
    }

    @Override
    public Child start(Installation installation, String... command) {
      return installation.start(command);
    }

    @Override
    public long rows() throws SQLException {
      try (Connection connection = target.getConnection()) {
        return rows(connection);
      }
    }

    private long rows(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        ResultSet there = statement.executeQuery(exists);
        there.next();
        if (!there.getBoolean(1)) {
          return 0;
        }
        ResultSet rows = statement.executeQuery("select count(*) from earthquake");
        rows.next();
        return rows.getLong(1);
      }
    }

    @Override
    public void await(Child child, long at) throws SQLException {
      try (Connection connection = target.getConnection();
          Statement statement = connection.createStatement()) {
        while (child.isAlive() && rows(connection) < at) {
          statement.execute(pause); // the server waits, so that the child can work
        }
      }
    }
  }

  /** Reads the child's own log, since nobody else may open its H2 file without slowing it. */
  final class Log implements Counter {

    private static final Pattern SAFE = Pattern.compile("(\\S+/p\\d+): \\+(\\d+) items");

    private final AtomicLong rows = new AtomicLong();
    private volatile long wanted = Long.MAX_VALUE;
    private volatile CountDownLatch reached = new CountDownLatch(1);

    @Override
    public Child start(Installation installation, String... command) {
      reached = new CountDownLatch(1);
      return installation.start(this::heard, command);
    }

    private void heard(String line) {
      Matcher safe = SAFE.matcher(line);
      if (safe.find() && rows.addAndGet(Long.parseLong(safe.group(2))) >= wanted) {
        reached.countDown();
      }
    }

    @Override
    public long rows() {
      return rows.get();
    }

    @Override
    public void await(Child child, long at) throws InterruptedException {
      wanted = at;
      if (rows.get() >= at) {
        return;
      }
      while (child.isAlive()
          && !reached.await(20, TimeUnit.MILLISECONDS)) {
        Thread.onSpinWait();
      }
    }
  }
}
