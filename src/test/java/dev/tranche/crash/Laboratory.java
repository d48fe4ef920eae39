package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.crash.Fault.Struck;
import dev.tranche.testing.MariaDb;
import dev.tranche.testing.MariaDbServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
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

  static final Set<String> DATABASES = Set.of("h2", "postgresql", "mariadb");

  /** Longer than any fault that is to be borne, on a busy machine. */
  static final String PATIENCE = "60s";

  private static final String LEASE = "5s";
  private static final int ROWS = 3_000;
  private static final int FAULTS_OF_ONE_LOAD = 4;

  private final String target;
  private final Path directory;
  private final Results results;
  private final List<Fault> faults;
  private @Nullable PostgresServer postgres;
  private @Nullable MariaDbServer mariaDb;

  /**
   * @param target h2, postgresql, mariadb, csv, jsonl, bean or bean with connection; for those that
   *     are no database, PostgreSQL holds the job repository
   * @param directory for what the loads need; each is removed if it is as it should be
   * @param only the beginning of the names of the faults to draw from
   */
  Laboratory(String target, Path directory, Results results, String only) {
    this.target = target;
    this.directory = directory;
    this.results = results;
    this.faults =
        Faults.all().stream().filter(fault -> fault.name().startsWith(only)).toList();
  }

  /** Loads seed after seed until there are results of {@code wanted} faults. */
  void run(int wanted, long seed) throws Exception {
    List<Throwable> deviations = new ArrayList<>();
    for (long next = seed; results.count(target) < wanted; next++) {
      if (!results.has(target, next)) {
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
    Setting setting = Setting.draw(seed, random, target);
    Path home = Files.createDirectories(directory.resolve(target.replace(' ', '-') + "-" + seed));
    List<Results.Line> lines = new ArrayList<>();
    try (Site site = site(home, setting)) {
      Orders orders = Orders.write(home, ROWS, seed);
      Installation installation = site.settle(installation(home, setting, site));
      Target written = target(home, setting, site);
      written.prepare(installation);
      Scene scene = new Scene(installation, site, written, random, ROWS, setting.chunk());
      strike(seed, setting, scene, lines);
      written.assertNothingTwice(FAULTS_OF_ONE_LOAD);
      new Oracle(orders, site, written).assertComplete();
      assertNothingLeft(home, site);
    } catch (Exception | AssertionError deviation) {
      results.add(lines, deviation);
      StringWriter trace = new StringWriter();
      deviation.printStackTrace(new PrintWriter(trace));
      Files.writeString(home.resolve("deviation.txt"), lines + "\n" + trace);
      throw new AssertionError(
          target + ", seed " + seed + ", " + setting + ", " + lines + ": repeat it with"
              + " ./mvnw -Pcrash verify -Dtranche.crash.target='" + target + "'"
              + " -Dtranche.crash.seed=" + seed + " -Dtranche.crash.runs=1"
              + " -Dtranche.crash.results=target/again.csv",
          deviation);
    }
    results.add(lines, null);
    FileSystemUtils.deleteRecursively(home);
  }

  private void strike(long seed, Setting setting, Scene scene, List<Results.Line> lines)
      throws Exception {
    List<Fault> fitting =
        faults.stream().filter(fault -> fault.fits().test(scene)).toList();
    for (int number = 1; number <= FAULTS_OF_ONE_LOAD && !fitting.isEmpty(); number++) {
      Fault fault = fitting.get(scene.random().nextInt(fitting.size()));
      lines.add(new Results.Line(target, seed, setting, fault.name(), "?", -1));
      Struck struck = strike(fault, scene);
      lines.remove(lines.size() - 1);
      int exit = struck.child().exit();
      System.out.println(target + ", seed " + seed + ": " + fault + " " + struck.point() + ", exit "
          + exit + (struck.struck() ? "" : ": not reached"));
      if (struck.struck()) {
        lines.add(new Results.Line(target, seed, setting, fault.name(), struck.point(), exit));
      }
      scene.hear(struck.child());
      if (isDone(struck.child())) {
        scene.recover(); // nobody else has looked since
        return;
      }
      assertThat(
              exit == 0
                  || struck.expected().contains(exit)
                  || couldNotBegin(fault, struck.child())
                  || isToldBetter(struck.child()))
          .as(
              "%s %s: exit code is one of 0 and %s: %s",
              fault, struck.point(), struck.expected(), struck.child())
          .isTrue();
      scene.target().assertNothingTwice(number);
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
  private static boolean couldNotBegin(Fault fault, Child.Result child) {
    return fault.isOfADatabase()
        && child.exit() == 1
        && !child.err().contains("load-orders: execution ");
  }

  /** A run that failed before it could say so was typed again, and the way out was told. */
  private static boolean isToldBetter(Child.Result child) {
    return child.exit() == 3 && child.err().contains("run what is missing with:");
  }

  private static Struck strike(Fault fault, Scene scene) {
    try {
      return fault.strike().at(scene);
    } catch (Exception | AssertionError broken) {
      throw new AssertionError(fault + ": " + broken.getMessage(), broken);
    }
  }

  private Site site(Path home, Setting setting) throws Exception {
    if (target.equals("h2")) {
      return new H2Site(home, setting.two());
    }
    if (target.equals("mariadb")) {
      if (mariaDb == null && MariaDb.isOwn()) {
        mariaDb = MariaDbServer.start();
      }
      return new MariaDbSite(mariaDb, setting.two());
    }
    if (postgres == null) {
      postgres = new PostgresServer();
    }
    return new PostgresSite(postgres, setting.two());
  }

  private Target target(Path home, Setting setting, Site site) {
    return switch (target) {
      case "csv", "jsonl" -> FileTarget.in(home, target);
      case "bean" -> CallsTarget.in(home, setting);
      default -> new TableTarget(site, target.equals("bean with connection"));
    };
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
      List<String> left = files
          .filter(Files::isRegularFile)
          .map(file -> home.relativize(file).toString())
          .filter(file -> !file.matches("(data|jobs|lib)/.*|out/(orders|calls)\\.\\w+"))
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
    if (postgres != null) {
      postgres.close();
    }
    if (mariaDb != null) {
      mariaDb.close();
    }
  }
}
