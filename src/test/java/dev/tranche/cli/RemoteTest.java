package dev.tranche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.console.Service;
import dev.tranche.testing.Background;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line before a service: as before the same door without HTTP in between. */
class RemoteTest {

  private static Service service;

  @BeforeAll
  static void start() {
    service = Service.start();
    as("otto");
    assertThat(type("run items day=1 --wait").code).isZero();
  }

  @AfterAll
  static void stop() {
    System.clearProperty("tranche.user");
    System.clearProperty("tranche.password");
    service.close();
  }

  private static void as(String user) {
    System.setProperty("tranche.user", user);
    System.setProperty("tranche.password", Service.PASSWORD);
  }

  private record Typed(int code, String out, String err) {}

  private static Typed type(String line, String... more) {
    CommandLineFixture user = CommandLineFixture.before(new FakeTranche());
    String[] words = (line + " --server " + service.address()).split(" ");
    String[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    int code = user.type(all);
    return new Typed(code, user.out.toString(), user.err.toString());
  }

  private static Typed typeHere(String line) {
    CommandLineFixture user = CommandLineFixture.before(service.door());
    int code = user.type(line.split(" "));
    return new Typed(code, user.out.toString(), user.err.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jobs", "jobs --json", "executions", "executions items --json", "executions --limit 1 --json",
        "show 1", "show 1 --json", "partitions 1", "partitions 1 --json", "rejects 1",
        "rejects 1 --json --limit 1", "rejects 1 --offset 1 --json", "explain items day=7",
        "explain items day=7 --json", "show 99", "restart 1", "run items day=1", "run nothing",
        "run items dya=1", "stop 1", "restart 99 --plan"
      })
  void saysWhatItSaysHere(String line) {
    assertThat(type(line)).isEqualTo(typeHere(line));
  }

  @Test
  void runsAndWaitsAndEndsWithTheSameCodes() {
    Typed run = type("run items day=2 --wait");
    assertThat(run.code).isEqualTo(ExitCode.COMPLETED);
    assertThat(run.out).contains("read 4 = written 3 + filtered 0 + rejected 1");
    assertThat(run.err).startsWith("items: execution ").contains("load: 1 partition\n");
    assertThat(type("run items day=2 --wait --new --fail-on-rejects").code)
        .isEqualTo(ExitCode.REJECTS);
    assertThat(type("run items day=2 --wait").code).isEqualTo(ExitCode.REFUSED);
    assertThat(type("run items dya=2 --wait").code).isEqualTo(ExitCode.WRONG_USAGE);
  }

  @Test
  void runsRejectedItemsAgainAndWaits() {
    Typed run = type("run items day=redrive --wait");
    String id = run.err.replaceAll("(?s)items: execution (\\d+).*", "$1");

    Typed again = type("rejects " + id + " --redrive --fail-on-rejects --comment mended");

    assertThat(again.code).as(again.err).isEqualTo(ExitCode.REJECTS);
    assertThat(again.out).contains("read 1 = written 0 + filtered 0 + rejected 1");
    assertThat(type("rejects " + id + " --redrive").code).isEqualTo(ExitCode.REFUSED);
    assertThat(type("rejects " + id + " --comment why").code).isEqualTo(ExitCode.WRONG_USAGE);
  }

  @Test
  void endsWithTheSameCodesWhereItDoesNotComplete() throws Exception {
    Typed failed = type("run failing --wait");
    assertThat(failed.code).isEqualTo(ExitCode.FAILED);
    assertThat(failed.out).contains("load/p1 failed at item 4 (items.csv, line 5)");

    Service.close(1);
    CompletableFuture<Typed> waiting =
        Background.supply(() -> type("run waiting day=stopped --wait"));
    Service.awaitReached();
    long id = service.door().executions("waiting", 1).get(0).execution();
    assertThat(type("stop " + id).code).isZero();
    Service.open();

    Typed stopped = waiting.get(1, TimeUnit.MINUTES);
    assertThat(stopped.code).as(stopped.err).isEqualTo(ExitCode.STOPPED);
    assertThat(stopped.out).contains("To run what is missing:").contains("restart " + id);
  }

  @Test
  void returnsAtOnceUnlessToldToWaitAndStopsFromElsewhere() {
    Service.close(1);
    Typed begun = type("run waiting day=stop --comment now");
    assertThat(begun.code).isZero();
    String id = begun.out.replaceAll("(?s)waiting: execution (\\d+) goes on.*", "$1");
    assertThat(begun.out)
        .isEqualTo(
            "waiting: execution " + id + " goes on at the service. To see how far it is:\n"
                + "  java -jar target/tranche-exec.jar show " + id + " --server "
                + service.address() + "\n");
    assertThat(type("stop " + id).code).isZero();
    Service.open();
    Typed again = type("restart " + id + " --wait");
    assertThat(again.code).as(again.err).isIn(ExitCode.COMPLETED, ExitCode.REFUSED);
  }

  @Test
  void lintsFilesFromHere(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("new.yml"), "nam: x\n");
    Typed linted = type("lint", file.toString());
    assertThat(linted.code).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(linted.out).startsWith(file + ":1:1: ");
    Files.writeString(
        file,
        """
        name: x
        steps:
          - name: load
            read: { type: csv, files: a.csv.gz }
            write: { type: jdbc, table: t }
        """);
    Typed noted = type("lint", file.toString());
    assertThat(noted.code).isZero();
    assertThat(noted.out)
        .isEqualTo(
            file + ":4:31: note: 'a.csv.gz' is compressed: each such file is one partition, and a"
                + " restart decompresses again what is done of it.\nNo problems.\n");
    assertThat(type("lint --json", file.toString()).out)
        .contains("\"severity\" : \"note\",\n  \"message\" : \"'a.csv.gz' is compressed: ");
    assertThat(type("lint").out).endsWith("No problems.\n");
    assertThat(type("schema").out).contains("\"$schema\"");
  }

  @Test
  void saysWhoMayNotAndWhereNobodyAnswers() {
    as("vera");
    Typed viewer = type("run items day=3");
    assertThat(viewer.code).isEqualTo(ExitCode.REFUSED);
    assertThat(viewer.err).isEqualTo("The role of this user does not allow that.\n");
    as("stranger");
    Typed stranger = type("jobs");
    assertThat(stranger.code).isEqualTo(ExitCode.REFUSED);
    assertThat(stranger.err)
        .isEqualTo(
            "Valid credentials are needed. Set TRANCHE_USER and TRANCHE_PASSWORD to those of a user"
                + " of " + service.address() + "\n");
    as("otto");
    CommandLineFixture user = CommandLineFixture.before(new FakeTranche());
    assertThat(user.type("jobs", "--server", "http://127.0.0.1:1")).isEqualTo(ExitCode.FAILED);
    assertThat(user.err.toString()).startsWith("No service answers at http://127.0.0.1:1: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://otto:secret@localhost", "ftp://localhost", "localhost:8080"})
  void refusesWhatIsNoAddress(String address) {
    CommandLineFixture user = CommandLineFixture.before(new FakeTranche());
    assertThat(user.type("jobs", "--server", address)).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(user.type("serve", "--server", "http://localhost")).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(user.type("stop", "1", "--comment", "why")).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(user.err.toString())
        .contains("it must be an address such as http://localhost:8080.")
        .contains("serve is a service itself; it asks none. Leave --server out.")
        .contains("--comment is kept by a service: add --server.");
  }
}
