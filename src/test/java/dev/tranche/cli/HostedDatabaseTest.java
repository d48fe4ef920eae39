package dev.tranche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.Background;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes share a real H2 file database. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostedDatabaseTest {

  @TempDir
  Path directory;

  private final CountDownLatch said = new CountDownLatch(1);
  private final StringWriter err = new StringWriter();
  private final Writer listening = new Writer() {
    @Override
    public void write(char[] text, int from, int length) {
      err.write(text, from, length);
    }

    @Override
    public void flush() {
      said.countDown();
    }

    @Override
    public void close() {}
  };

  @Test
  void theHostWaitsUntilItsGuestsAreGoneAndSaysSo() throws Exception {
    DataSource database = database();
    try (Connection host = database.getConnection()) {
      Process guest = hold();
      CompletableFuture<Void> waiting =
          Background.run(() -> new HostedDatabase(database).awaitGuests(terminal()));

      said.await();
      assertThat(waiting).isNotDone();
      assertThat(err)
          .hasToString(
              "This process hosts the database, and 1 session of other processes use it: waiting"
                  + " until they are gone. Ctrl-C leaves.\n");

      guest.getOutputStream().close();
      waiting.get(30, TimeUnit.SECONDS);
      assertThat(host.isClosed()).isFalse();
    }
  }

  @Test
  void aHostWithoutGuestsDoesNotWait() throws Exception {
    new HostedDatabase(database()).awaitGuests(terminal());

    assertThat(err).hasToString("");
  }

  @Test
  void aGuestDoesNotWaitForTheHost() throws Exception {
    Process host = hold();

    new HostedDatabase(database()).awaitGuests(terminal());

    assertThat(err).hasToString("");
    assertThat(host.isAlive()).isTrue();
    host.getOutputStream().close();
    host.waitFor();
  }

  @Test
  void aDatabaseThatIsGoneIsNoReasonToWait() {
    JdbcDataSource gone = new JdbcDataSource();
    gone.setUrl("jdbc:h2:file:" + directory.resolve("none") + ";IFEXISTS=TRUE");

    new HostedDatabase(gone).awaitGuests(terminal());

    assertThat(err).hasToString("");
  }

  private Process hold() throws Exception {
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            HoldConnection.class.getName(),
            url())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    assertThat(out.readLine()).isEqualTo("connected: true");
    return process;
  }

  private DataSource database() {
    JdbcDataSource database = new JdbcDataSource();
    database.setUrl(url());
    database.setUser("sa");
    database.setPassword("");
    return database;
  }

  private String url() {
    return "jdbc:h2:file:" + directory.resolve("shared") + ";AUTO_SERVER=TRUE;WRITE_DELAY=0";
  }

  private Terminal terminal() {
    return new Terminal(new PrintWriter(listening), new PrintWriter(listening), false, null);
  }
}
