package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.Postgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the shipped jar while it loads the real earthquakes, at a row count drawn at
 * random; then {@code recover} and {@code restart}, which is killed in turn, until it is complete.
 *
 * <p>{@code -Dtranche.crash.kills=200} makes it longer, {@code -Dtranche.crash.seed=…} repeats one.
 */
class KillIT {

  private static final long ROWS = 21_816;
  private static final int KILLS = Integer.getInteger("tranche.crash.kills", 20);
  private static final long SEED = Long.getLong("tranche.crash.seed", System.nanoTime());
  private static final int KILLS_OF_ONE_LOAD = 5;
  private static final Pattern SAFE = Pattern.compile("(\\S+/p\\d+): \\+(\\d+) items");

  private static final Pattern EXECUTION = Pattern.compile("load-earthquakes: execution (\\d+)");

  @TempDir Path directory;

  // -- so far --
  private int killed;
  private int inTheMiddle;
  private String lastWords = "";

  @Test
  void postgresHoldsEveryEarthquakeOnceHoweverOftenItsLoadWasKilled() throws Exception {
    Random random = new Random(SEED);
    for (int load = 1; killed < KILLS; load++) {
      try (Postgres postgres = Postgres.database()) {
        Path home = Files.createDirectory(directory.resolve("load-" + load));
        Installation installation =
            slow(Installation.in(home), load).on(postgres);
        killAndRestart(installation, random, new Counter.Target(postgres.dataSource()));
        assertEachOnce(postgres.dataSource().getConnection());
      }
    }
    assertMostKillsHitTheMiddle();
  }

  @Test
  void h2HoldsEveryEarthquakeOnceHoweverOftenItsLoadWasKilled() throws Exception {
    Random random = new Random(SEED);
    for (int load = 1; killed < KILLS; load++) {
      Path home = Files.createDirectory(directory.resolve("load-" + load));
      Installation installation =
          slow(Installation.in(home), load)
              .set("logging.level.dev.tranche.chunk", "DEBUG")
              .set("logging.threshold.console", "DEBUG");
      killAndRestart(installation, random, new Counter.Log());
      String url = "jdbc:h2:file:" + home.resolve("var/tranche") + ";WRITE_DELAY=0";
      assertEachOnce(DriverManager.getConnection(url, "sa", ""));
    }
    assertMostKillsHitTheMiddle();
  }

  /** Small chunks make a load long enough to be hit; modes and lanes alternate. */
  private static Installation slow(Installation installation, int load) {
    return installation.chunks(
        10, load % 2 == 0 ? "map" : "futures", load % 3 == 0 ? 1 : 4);
  }

  private void killAndRestart(Installation installation, Random random, Counter counter)
      throws Exception {
    String[] command = {"run", "load-earthquakes"};
    for (int kill = 1; kill <= KILLS_OF_ONE_LOAD && killed < KILLS; kill++) {
      long already = counter.rows();
      long at = already + 1 + random.nextLong(Math.max(1, (ROWS - already) * 2 / 3));
      if (!killAt(installation, command, counter, at)) {
        return;
      }
      assertThat(installation.run("recover").exit()).as("recover").isZero();
      command = new String[] {"restart", execution(installation)};
    }
    Child.Result last = installation.run(command);
    assertThat(last.exit()).as("seed %s: %s", SEED, last).isZero();
  }

  /** The execution that was killed, as it said itself; asked for if it died before that. */
  private String execution(Installation installation) throws InterruptedException {
    Matcher said = EXECUTION.matcher(lastWords);
    return said.find()
        ? said.group(1)
        : installation.json("executions").get(0).get("execution").asString();
  }

  /** @return whether there is anything left to restart */
  private boolean killAt(Installation installation, String[] command, Counter counter, long at)
      throws Exception {
    long before = counter.rows();
    try (Child child = counter.start(installation, command)) {
      counter.await(child, at);
      boolean alive = child.isAlive();
      child.kill();
      Child.Result result = child.await();
      lastWords = result.err();
      if (!alive) {
        assertThat(result.exit()).as("seed %s: %s", SEED, result).isZero();
        return false;
      }
    }
    killed++;
    long after = counter.rows();
    if (after > 0 && after < ROWS && after >= before) {
      inTheMiddle++;
    }
    return true;
  }

  private void assertMostKillsHitTheMiddle() {
    assertThat(killed).isGreaterThanOrEqualTo(KILLS);
    assertThat(inTheMiddle)
        .as("kills that found some rows but not all, of %s; seed %s", killed, SEED)
        .isGreaterThanOrEqualTo(KILLS * 16 / 20);
  }

  private static void assertEachOnce(Connection opened) throws SQLException {
    try (Connection connection = opened;
        Statement statement = connection.createStatement()) {
      ResultSet rows =
          statement.executeQuery("select count(*), count(distinct id) from earthquake");
      rows.next();
      assertThat(rows.getLong(1)).as("rows, seed %s", SEED).isEqualTo(ROWS);
      assertThat(rows.getLong(2)).as("distinct rows, seed %s", SEED).isEqualTo(ROWS);
      ResultSet tally =
          statement.executeQuery(
              "select sum(items_read), sum(items_written) from tranche_checkpoint");
      tally.next();
      assertThat(tally.getLong(1)).as("read, seed %s", SEED).isEqualTo(ROWS);
      assertThat(tally.getLong(2)).as("written, seed %s", SEED).isEqualTo(ROWS);
    }
  }

  /** Knows how many rows are in the target while a child loads them. */
  private interface Counter {

    Child start(Installation installation, String... command);

    long rows() throws SQLException;

    /** Waits until there are {@code at} rows, or the child has ended. */
    void await(Child child, long at) throws Exception;

    /** Asks the target itself. */
    record Target(DataSource target) implements Counter {

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

      private static long rows(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
          ResultSet there = statement.executeQuery("select to_regclass('earthquake') is not null");
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
            Statement pause = connection.createStatement()) {
          while (child.isAlive() && rows(connection) < at) {
            pause.execute("select pg_sleep(0.005)"); // the server waits, so that the child can work
          }
        }
      }
    }

    /** Reads the child's own log, since nobody else may open its H2 file without slowing it. */
    final class Log implements Counter {

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
}
