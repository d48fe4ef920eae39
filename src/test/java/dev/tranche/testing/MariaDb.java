package dev.tranche.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/**
 * A fresh, empty MariaDB database.
 *
 * <p>All databases of a test JVM live in one server, the machine's own {@code mariadbd} on files of
 * its own, started at the first use and stopped with the JVM. The environment variable {@code
 * TRANCHE_TEST_MARIADB} names another server instead: a JDBC URL with {@code ?user=} and
 * {@code &password=} of an administrator. Where there is neither, the test is skipped and says so. Safe for all threads.
 */
public final class MariaDb implements AutoCloseable {

  private static final String SERVER = "TRANCHE_TEST_MARIADB";
  private static final List<String> PLACES =
      List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin");
  private static final String MISSING = "skipped, as there is no MariaDB here: install it (on Debian:"
      + " apt-get install mariadb-server-core mariadb-client-core), or let "
      + SERVER
      + " be the JDBC URL of a server, with user and password of an administrator";
  private static final String ADMIN = "?user=tranche&password=tranche";
  private static final String CREATE_ADMIN = "create user tranche@'%' identified by 'tranche';\n"
      + "grant all privileges on *.* to tranche@'%' with grant option;\n";

  private static @Nullable String server;

  private final String name;

  private MariaDb(String name) {
    this.name = name;
  }

  /** Whether tests on MariaDB are run, or skipped. */
  public static boolean isThere() {
    return System.getenv(SERVER) != null
        || program("mariadb-install-db").isPresent() && program("mariadbd").isPresent();
  }

  /** Creates a database with a random name. */
  public static MariaDb database() {
    String name = "t_" + UUID.randomUUID().toString().replace("-", "");
    execute("create database " + name + " character set utf8mb4");
    return new MariaDb(name);
  }

  /** The JDBC URL, without user and password. */
  public String url() {
    return server().replaceFirst("(//[^/?]+/).*", "$1" + name);
  }

  /** Connections without a pool; every one is a session of its own. */
  public DataSource dataSource() {
    return new DriverManagerDataSource(url(), username(), password());
  }

  public String username() {
    return given("user");
  }

  public String password() {
    return given("password");
  }

  private static String given(String name) {
    Matcher option = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(server());
    return option.find() ? option.group(1) : "";
  }

  public String name() {
    return name;
  }

  /** Ends all sessions of this database, as an administrator would; returns how many. */
  public int terminateSessions() {
    String find = "select ID from information_schema.PROCESSLIST where DB = '" + name + "'";
    int ended = 0;
    try (Connection admin = DriverManager.getConnection(server());
        Statement statement = admin.createStatement();
        Statement kill = admin.createStatement();
        var sessions = statement.executeQuery(find)) {
      while (sessions.next()) {
        kill.execute("kill connection " + sessions.getLong(1));
        ended++;
      }
      return ended;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Drops the database, whoever is connected. */
  @Override
  public void close() {
    terminateSessions();
    execute("drop database if exists " + name);
  }

  private static void execute(String sql) {
    try (Connection admin = DriverManager.getConnection(server());
        Statement statement = admin.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static synchronized String server() {
    String known = server;
    if (known == null) {
      String given = System.getenv(SERVER);
      known = given == null ? started() : given;
      server = known;
    }
    return known;
  }

  // -- a server of our own --

  private static String started() {
    Assumptions.assumeTrue(isThere(), MISSING);
    Path install = program("mariadb-install-db").orElseThrow();
    Path daemon = program("mariadbd").orElseThrow();
    try {
      Path directory = Files.createTempDirectory("tranche-mariadb-");
      int port = freePort();
      Process process = start(install, daemon, directory, port);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process, directory)));
      return "jdbc:mariadb://localhost:" + port + "/" + ADMIN;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> program(String name) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Stream.of(path.split(":")), PLACES.stream())
        .map(place -> Path.of(place, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Process start(Path install, Path daemon, Path directory, int port)
      throws IOException {
    Path data = directory.resolve("data");
    Path init = Files.writeString(directory.resolve("init.sql"), CREATE_ADMIN);
    ProcessBuilder filling = command(
        install, "--no-defaults", "--skip-test-db", "--datadir=" + data, "--skip-name-resolve");
    await(filling.start(), "");
    ProcessBuilder serving = command(
        daemon,
        "--no-defaults",
        "--datadir=" + data,
        "--init-file=" + init,
        "--bind-address=127.0.0.1",
        "--port=" + port,
        "--socket=" + directory.resolve("s"),
        "--pid-file=" + directory.resolve("pid"),
        "--skip-name-resolve",
        "--max-connections=400",
        "--innodb-buffer-pool-size=64M",
        "--innodb-flush-log-at-trx-commit=1");
    Process process = serving.start();
    await(process, "ready for connections");
    return process;
  }

  /** It does not run as root unless it is told to. */
  private static ProcessBuilder command(Path program, String... options) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of(options));
    if (System.getProperty("user.name").equals("root")) {
      command.add("--user=root");
    }
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  /** Reads what a process prints, as long as it lives; returns as {@code line} or its end comes. */
  private static void await(Process process, String line) {
    CompletableFuture<Boolean> seen = new CompletableFuture<>();
    StringBuffer said = new StringBuffer();
    Thread reading = new Thread(() -> {
      try (BufferedReader output = process.inputReader()) {
        for (String each = output.readLine(); each != null; each = output.readLine()) {
          said.append(each).append('\n');
          if (!line.isEmpty() && each.contains(line)) {
            seen.complete(true);
          }
        }
      } catch (IOException gone) {
        // It has ended.
      }
      seen.complete(line.isEmpty());
    });
    reading.setDaemon(true);
    reading.start();
    boolean came = seen.orTimeout(2, TimeUnit.MINUTES).join();
    if (!came) {
      throw new IllegalStateException("MariaDB did not start: " + said);
    }
  }

  private static void stop(Process process, Path directory) {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException | InterruptedException e) {
      // The directory of temporary files is emptied by others.
    }
  }
}
