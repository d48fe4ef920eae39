package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.crash.Fault.Struck;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * Loads that faults are done to until they are complete, each drawn from a seed, and judged.
 *
 * <p>A load suffers up to a few faults, each in a child of its own; after the last one it is
 * restarted to its end. One thread.
 */
final class Laboratory implements AutoCloseable {

  /** Longer than any fault that is to be borne, on a busy machine. */
  static final String PATIENCE = "60s";

  private static final String LEASE = "5s";
  private static final int ROWS = 3_000;
  private static final int FAULTS_OF_ONE_LOAD = 4;

  private final String database;
  private final Path directory;
  private final Results results;
  private final List<Fault> faults;
  private @Nullable Server server;

  /**
   * @param database h2, postgresql or mariadb
   * @param directory for what the loads need; each is removed if it is as it should be
   * @param only the beginning of the names of the faults to draw from
   */
  Laboratory(String database, Path directory, Results results, String only) {
    this.database = database;
    this.directory = directory;
    this.results = results;
    this.faults = Faults.all().stream().filter(fault -> fault.name().startsWith(only)).toList();
  }

  /** Loads seed after seed until there are results of {@code wanted} faults. */
  void run(int wanted, long seed) throws Exception {
    List<Throwable> deviations = new ArrayList<>();
    for (long next = seed; results.count(database) < wanted; next++) {
      if (!results.has(database, next)) {
        try {
          load(next);
        } catch (AssertionError deviation) {
          deviations.add(deviation);
        }
      }
    }
    assertThat(deviations).isEmpty();
  }

  /** One load and its faults. */
  void load(long seed) throws Exception {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    Setting setting = Setting.draw(seed, random);
    Path home = Files.createDirectories(directory.resolve(database + "-" + seed));
    List<Results.Line> lines = new ArrayList<>();
    try (Site site = site(home, setting)) {
      Orders orders = Orders.write(home, ROWS, seed);
      Installation installation = site.settle(installation(home, setting, site));
      Scene scene = new Scene(installation, site, random, ROWS, setting.chunk());
      Oracle oracle = new Oracle(orders, site);
      strike(seed, setting, scene, oracle, lines);
      oracle.assertComplete();
      assertNothingLeft(home, site);
    } catch (Exception | AssertionError deviation) {
      results.add(lines, deviation);
      StringWriter trace = new StringWriter();
      deviation.printStackTrace(new PrintWriter(trace));
      Files.writeString(home.resolve("deviation.txt"), lines + "\n" + trace);
      throw new AssertionError(
          database + ", seed " + seed + ", " + setting + ", " + lines + ": repeat it with"
              + " ./mvnw -Pcrash verify -Dtranche.crash.database=" + database
              + " -Dtranche.crash.seed=" + seed + " -Dtranche.crash.runs=1"
              + " -Dtranche.crash.results=target/again.csv",
          deviation);
    }
    results.add(lines, null);
    FileSystemUtils.deleteRecursively(home);
  }

  private void strike(
      long seed, Setting setting, Scene scene, Oracle oracle, List<Results.Line> lines)
      throws Exception {
    List<Fault> fitting = faults.stream().filter(fault -> fault.fits().test(scene.site())).toList();
    for (int number = 1; number <= FAULTS_OF_ONE_LOAD && !fitting.isEmpty(); number++) {
      Fault fault = fitting.get(scene.random().nextInt(fitting.size()));
      lines.add(new Results.Line(database, seed, setting, fault.name(), "?", -1));
      Struck struck = strike(fault, scene);
      lines.remove(lines.size() - 1);
      int exit = struck.child().exit();
      System.out.println(
          database + ", seed " + seed + ": " + fault + " " + struck.point() + ", exit " + exit
              + (struck.struck() ? "" : ": not reached"));
      if (struck.struck()) {
        lines.add(new Results.Line(database, seed, setting, fault.name(), struck.point(), exit));
      }
      scene.hear(struck.child());
      if (isDone(struck.child())) {
        return;
      }
      assertThat(exit == 0 || struck.expected().contains(exit) || couldNotBegin(struck.child()))
          .as("%s %s: exit code is one of 0 and %s: %s", fault, struck.point(), struck.expected(),
              struck.child())
          .isTrue();
      oracle.assertNothingTwice();
      assertNoSession(scene.site());
      if (exit == 0) {
        return;
      }
      if (scene.random().nextInt(4) == 0) {
        scene.recover();
      }
    }
    scene.complete();
  }

  /** The signal before came as the last row was safe: it ended in 143, and nothing is missing. */
  private static boolean isDone(Child.Result child) {
    return child.exit() == 3 && child.err().contains("completed this instance");
  }

  /** Cut off before there was a run, whose patience it would be: the command fails. */
  private static boolean couldNotBegin(Child.Result child) {
    return child.exit() == 1 && !child.err().contains("load-orders: execution ");
  }

  private static Struck strike(Fault fault, Scene scene) {
    try {
      return fault.strike().at(scene);
    } catch (Exception | AssertionError broken) {
      throw new AssertionError(fault + ": " + broken.getMessage(), broken);
    }
  }

  private Site site(Path home, Setting setting) throws Exception {
    if (database.equals("h2")) {
      return new H2Site(home, setting.two());
    }
    if (database.equals("mariadb")) {
      return new MariaDbSite(setting.two());
    }
    if (server == null) {
      server = new Server();
    }
    return new PostgresSite(server, setting.two());
  }

  private static Installation installation(Path home, Setting setting, Site site)
      throws IOException {
    Path jobs = Files.createDirectories(home.resolve("jobs"));
    Files.writeString(jobs.resolve("load-orders.yml"), setting.job());
    Path temporary = Files.createDirectories(home.resolve("tmp"));
    return Installation.at(home)
        .set("java.io.tmpdir", temporary.toString())
        .set("user.timezone", "UTC")
        .set("tranche.lease", LEASE)
        .set("tranche.patience", PATIENCE)
        .set("tranche.takeover", "2s")
        .set("logging.level.dev.tranche.chunk", "DEBUG")
        .set("logging.threshold.console", "DEBUG");
  }

  private static void assertNothingLeft(Path home, Site site) throws Exception {
    assertNoSession(site);
    try (Stream<Path> files = Files.walk(home)) {
      List<String> left =
          files
              .filter(Files::isRegularFile)
              .map(file -> home.relativize(file).toString())
              .filter(file -> !file.startsWith("data/") && !file.startsWith("jobs/"))
              .filter(file -> !file.matches("var/(tranche|warehouse)\\.(mv|trace)\\.db"))
              .toList();
      assertThat(left).as("files that are left").isEmpty();
    }
  }

  /** The server may need a moment to see that a client is gone. */
  private static void assertNoSession(Site site) throws Exception {
    long end = System.nanoTime() + 10_000_000_000L;
    List<String> sessions = site.sessions(false);
    while (!sessions.isEmpty() && System.nanoTime() < end) {
      Thread.onSpinWait();
      sessions = site.sessions(false);
    }
    assertThat(sessions).as("sessions that are left").isEmpty();
  }

  @Override
  public void close() throws IOException {
    if (server != null) {
      server.close();
    }
  }
}
