package dev.tranche.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * A MariaDB server on files of its own, which can be killed and come back with what it had
 * committed. One thread.
 */
public final class MariaDbServer implements AutoCloseable {

  private static final List<String> PLACES =
      List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin");

  private static final String ADMIN = "?user=tranche&password=tranche";

  private static final String CREATE_ADMIN =
      "create user if not exists tranche@'%' identified by 'tranche';\n"
          + "grant all privileges on *.* to tranche@'%' with grant option;\n";

  private final Path directory;
  private final int port;
  private Process process;

  private MariaDbServer(Path directory, int port) throws IOException {
    this.directory = directory;
    this.port = port;
    fill();
    process = serve();
  }

  /** Whether the programs are on this machine. */
  public static boolean isInstalled() {
    return program("mariadb-install-db").isPresent() && program("mariadbd").isPresent();
  }

  /** Starts a new one. */
  public static MariaDbServer start() {
    try {
      return new MariaDbServer(Files.createTempDirectory("tranche-mariadb-"), freePort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The JDBC URL, with user and password of an administrator. */
  public String url() {
    return "jdbc:mariadb://localhost:" + port + "/" + ADMIN;
  }

  public int port() {
    return port;
  }

  /** {@code kill -9}, or a SIGTERM, which ends all sessions; returns when it is gone. */
  public void kill(boolean nine) {
    if (nine) {
      process.destroyForcibly();
    } else {
      process.destroy();
    }
    process.onExit().join();
  }

  /** Starts it again, on the same port; it recovers by itself. */
  public void restart() throws IOException {
    process = serve();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException | InterruptedException e) {
      // The directory of temporary files is emptied by others.
    }
  }

  private void fill() throws IOException {
    Files.writeString(directory.resolve("init.sql"), CREATE_ADMIN);
    ProcessBuilder filling = command(
        program("mariadb-install-db").orElseThrow(),
        "--no-defaults",
        "--skip-test-db",
        "--datadir=" + directory.resolve("data"),
        "--skip-name-resolve");
    await(filling.start(), "");
  }

  private Process serve() throws IOException {
    ProcessBuilder serving = command(
        program("mariadbd").orElseThrow(),
        "--no-defaults",
        "--datadir=" + directory.resolve("data"),
        "--init-file=" + directory.resolve("init.sql"),
        "--bind-address=127.0.0.1",
        "--port=" + port,
        "--socket=" + directory.resolve("s"),
        "--pid-file=" + directory.resolve("pid"),
        "--skip-name-resolve",
        "--max-connections=400",
        "--innodb-buffer-pool-size=64M",
        "--innodb-flush-log-at-trx-commit=1");
    Process started = serving.start();
    await(started, "ready for connections");
    return started;
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
}
