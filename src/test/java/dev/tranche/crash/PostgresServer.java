package dev.tranche.crash;

import dev.tranche.testing.TemporaryFolder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server of the laboratory's own, which can be killed and come back with what it had
 * committed. One thread, but for {@link #kill}.
 *
 * <p>{@code TRANCHE_TEST_POSTGRES} names one to use in its place, which is then not killed.
 */
final class PostgresServer implements Server {

  private static final String GIVEN = "TRANCHE_TEST_POSTGRES";

  private final @Nullable Path data;
  private final int port;
  private @Nullable EmbeddedPostgres running;

  PostgresServer() throws IOException {
    String given = System.getenv(GIVEN);
    if (given != null) {
      PGSimpleDataSource named = new PGSimpleDataSource();
      named.setURL(given);
      data = null;
      port = named.getPortNumbers()[0];
      return;
    }
    data = TemporaryFolder.create("lab");
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    start();
  }

  boolean canBeKilled() {
    return data != null;
  }

  int port() {
    return port;
  }

  String url(String database) {
    return "jdbc:postgresql://localhost:" + port + "/" + database + "?user=postgres";
  }

  DataSource database(String name) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(url(name));
    return source;
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = database("postgres").getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void start() throws IOException {
    running = EmbeddedPostgres.builder()
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setPort(port)
        .setPGStartupWait(Duration.ofMinutes(1))
        // The machine goes on when its processes are killed: what is written is written.
        .setServerConfig("fsync", "off")
        .setServerConfig("synchronous_commit", "on")
        .start();
  }

  /** {@code kill -9} of the server with all its sessions, or {@code pg_ctl -m immediate stop}. */
  @Override
  public void kill(boolean nine) throws IOException, InterruptedException {
    Path directory = data;
    if (directory == null) {
      throw new IllegalStateException("this server is not the laboratory's own");
    }
    long pid = Long.parseLong(
        Files.readAllLines(directory.resolve("postmaster.pid")).get(0).strip());
    ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
    List<ProcessHandle> sessions = postmaster.descendants().toList();
    if (nine) {
      postmaster.destroyForcibly();
      sessions.forEach(ProcessHandle::destroyForcibly);
    } else {
      new ProcessBuilder("kill", "-QUIT", String.valueOf(pid)).start().waitFor();
    }
    postmaster.onExit().join();
    sessions.forEach(session -> session.onExit().join());
  }

  @Override
  public void restart() throws IOException {
    EmbeddedPostgres killed = running;
    if (killed != null) {
      killed.close();
    }
    start();
  }

  @Override
  public void close() throws IOException {
    EmbeddedPostgres last = running;
    Path directory = data;
    if (last != null && directory != null) {
      last.close();
      FileSystemUtils.deleteRecursively(directory);
    }
  }
}
