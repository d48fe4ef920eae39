package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the shipped jar while it loads the real earthquakes, at a row count drawn at
 * random; then {@code recover} and {@code restart}, which is killed in turn, until it is complete.
 *
 * <p>{@code -Dtranche.crash.kills=200} makes it longer, {@code -Dtranche.crash.seed=…} repeats one.
 */
abstract class Kills {

  private static final long ROWS = 21_816;
  private static final long SEED = Long.getLong("tranche.crash.seed", System.nanoTime());
  private static final int KILLS_OF_ONE_LOAD = 5;
  private static final Pattern EXECUTION = Pattern.compile("load-earthquakes: execution (\\d+)");

  @TempDir Path directory;

  private final int kills = Integer.getInteger("tranche.crash.kills", killsByDefault());

  // -- so far --
  private int killed;
  private int inTheMiddle;
  private String lastWords = "";

  /** One installation that is loaded to the end, where its rows go, and how that is removed. */
  record Load(Installation installation, Counter counter, DataSource target, Runnable drop)
      implements AutoCloseable {

    Connection connect() throws SQLException {
      return target.getConnection();
    }

    @Override
    public void close() {
      drop.run();
    }
  }

  abstract Load load(Installation fresh);

  /** How often, if nobody says. */
  int killsByDefault() {
    return 20;
  }

  void killAndRestart() throws Exception {
    Random random = new Random(SEED);
    for (int number = 1; killed < kills; number++) {
      Path home = Files.createDirectory(directory.resolve("load-" + number));
      try (Load load = load(slow(Installation.in(home), number))) {
        killAndRestart(load, random);
        assertEachOnce(load.connect());
      }
    }
    assertMostKillsHitTheMiddle();
  }

  /** Small chunks make a load long enough to be hit; modes and lanes alternate. */
  private static Installation slow(Installation installation, int load) {
    return installation.chunks(
        10, load % 2 == 0 ? "map" : "futures", load % 3 == 0 ? 1 : 4);
  }

  private void killAndRestart(Load load, Random random) throws Exception {
    Installation installation = load.installation();
    Counter counter = load.counter();
    String[] command = {"run", "load-earthquakes"};
    for (int kill = 1; kill <= KILLS_OF_ONE_LOAD && killed < kills; kill++) {
      long already = counter.rows();
      long at = already + 1 + random.nextLong(Math.max(1, (ROWS - already) * 2 / 3));
      if (!killAt(installation, command, counter, at)) {
        return;
      }
      assertSafe(load);
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
    assertThat(killed).isGreaterThanOrEqualTo(kills);
    assertThat(inTheMiddle)
        .as("kills that found some rows but not all, of %s; seed %s", killed, SEED)
        .isGreaterThanOrEqualTo(kills * 16 / 20);
  }

  /** What was said to be safe is there. */
  private static void assertSafe(Load load) throws SQLException {
    long said = load.counter().rows();
    if (said > 0) {
      try (Connection connection = load.connect();
          Statement statement = connection.createStatement()) {
        ResultSet rows = statement.executeQuery("select count(*) from earthquake");
        rows.next();
        assertThat(rows.getLong(1)).as("rows, seed %s", SEED).isGreaterThanOrEqualTo(said);
      }
    }
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
              "select sum(items_read), sum(items_written) from TRANCHE_CHECKPOINT");
      tally.next();
      assertThat(tally.getLong(1)).as("read, seed %s", SEED).isEqualTo(ROWS);
      assertThat(tally.getLong(2)).as("written, seed %s", SEED).isEqualTo(ROWS);
    }
  }
}
