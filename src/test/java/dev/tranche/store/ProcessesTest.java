package dev.tranche.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class ProcessesTest {

  private static final Duration LEASE = Duration.ofSeconds(20);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // it may well overflow

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private Processes processes(Database database) {
    return new Processes(database, LEASE, nanos::get);
  }

  /** A process of another machine, which this one knows by its beat only. */
  private static String remote(Processes processes) {
    return processes.register(new Machine.Identity("node-b", "another boot", 4711, "12 ticks"));
  }

  @EveryDatabase
  void takesAProcessForDeadWhoseBeatStandsStillForTheLease(TestDatabase databases)
      throws SQLException {
    Database database = databases.repository();
    Processes processes = processes(database);
    String process = remote(processes);
    assertThat(processes.isDead(process)).isFalse();
    pass(LEASE.minusMillis(1));
    assertThat(processes.isDead(process)).isFalse();
    pass(Duration.ofMillis(1));
    assertThat(processes.isDead(process)).isTrue();
  }

  @EveryDatabase
  void takesAProcessThatBeatsForAlive(TestDatabase databases) throws SQLException {
    Database database = databases.repository();
    Processes processes = processes(database);
    String process = remote(processes);
    for (int i = 0; i < 5; i++) {
      assertThat(processes.isDead(process)).isFalse();
      pass(LEASE.minusMillis(1));
      assertThat(beat(database, processes, process)).isTrue();
    }
    assertThat(processes.isDead(process)).isFalse();
    pass(LEASE);
    assertThat(processes.isDead(process)).isTrue();
  }

  @EveryDatabase
  void beginsToWaitWithItsOwnFirstLook(TestDatabase databases) {
    Database database = databases.repository();
    String process = remote(processes(database));
    pass(LEASE.multipliedBy(100));
    Processes newcomer = processes(database);
    assertThat(newcomer.isDead(process)).isFalse();
    pass(LEASE.minusMillis(1));
    assertThat(newcomer.isDead(process)).isFalse();
  }

  @EveryDatabase
  void takesAProcessForDeadWhoseRowIsGone(TestDatabase databases) throws SQLException {
    Database database = databases.repository();
    Processes processes = processes(database);
    String process = remote(processes);
    processes.unregister(process);
    assertThat(processes.isDead(process)).isTrue();
    assertThat(beat(database, processes, process)).isFalse();
    assertThat(processes.describe(process))
        .isEqualTo("process " + process + ", which is not registered any more");
  }

  @EveryDatabase
  void beatsOnAnyConnection(TestDatabase databases) throws SQLException {
    Database database = databases.repository();
    Processes processes = processes(database);
    String process = remote(processes);
    assertThat(processes.isDead(process)).isFalse();
    pass(LEASE);
    try (Connection connection = database.dataSource().getConnection()) {
      assertThat(connection.getAutoCommit()).isTrue();
      processes.beat(connection, process);
    }
    assertThat(processes.isDead(process)).isFalse();
  }

  @Test
  void doesNotBlameOthersForAnOutageOfTheDatabase() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY)) {
      AtomicBoolean away = new AtomicBoolean();
      Database database = new Database("default", failing(databases.repository(), away));
      Processes processes = processes(database);
      String process = remote(processes);
      assertThat(processes.isDead(process)).isFalse();
      pass(LEASE.minusSeconds(1));
      away.set(true);
      assertThatThrownBy(() -> processes.isDead(process)).isInstanceOf(StoreException.class);
      away.set(false);
      pass(Duration.ofSeconds(2));
      assertThat(processes.isDead(process)).as("it could not beat either").isFalse();
      pass(LEASE);
      assertThat(processes.isDead(process)).isTrue();
    }
  }

  @EveryDatabase
  void seesAtOnceThatAProcessOfThisMachineIsGone(TestDatabase databases) throws Exception {
    Processes processes = processes(databases.repository());
    Process child = child();
    try {
      Machine here = Machine.here();
      String process = processes.register(here.of(child.pid()));
      assertThat(processes.isDead(process)).isFalse();
      assertThat(processes.describe(process))
          .isEqualTo("process " + child.pid() + " on this machine, which is alive");
      child.destroyForcibly();
      assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(processes.isDead(process)).isTrue();
      assertThat(processes.describe(process))
          .isEqualTo("process " + child.pid() + " on this machine, which is gone");
    } finally {
      child.destroyForcibly();
    }
  }

  @EveryDatabase
  void seesThatAPidWasGivenToAnotherProcess(TestDatabase databases) {
    Processes processes = processes(databases.repository());
    Machine.Identity self = Machine.here().self();
    String former = processes.register(
        new Machine.Identity(self.host(), self.boot(), self.pid(), "an earlier start"));
    assertThat(processes.isDead(former)).isTrue();
  }

  @EveryDatabase
  void waitsForTheLeaseOfALivingProcessOfThisMachineToo(TestDatabase databases) {
    Processes processes = processes(databases.repository());
    String self = processes.register();
    assertThat(processes.isDead(self)).isFalse();
    pass(LEASE);
    assertThat(processes.isDead(self)).as("it hangs").isTrue();
  }

  @EveryDatabase
  void doesNotVouchForOtherMachinesBootsAndContainers(TestDatabase databases) {
    Processes processes = processes(databases.repository());
    Machine.Identity self = Machine.here().self();
    long gone = Integer.MAX_VALUE;
    for (Machine.Identity other : new Machine.Identity[] {
      new Machine.Identity("node-b", self.boot(), gone, self.started()),
      new Machine.Identity(self.host(), "another boot", gone, self.started()),
      new Machine.Identity(self.host(), "", gone, self.started()),
      new Machine.Identity(self.host(), self.boot(), gone, "")
    }) {
      assertThat(processes.isDead(processes.register(other)))
          .as(other.toString())
          .isFalse();
    }
    assertThat(processes.describe(remote(processes)))
        .isEqualTo(
            "process 4711 on node-b, which is taken for dead once its beat stood still for 20 s");
  }

  private static boolean beat(Database database, Processes processes, String process)
      throws SQLException {
    try (Connection connection = database.connect()) {
      return processes.beat(connection, process);
    }
  }

  /** A process that waits for input that never comes. */
  private static Process child() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    return new ProcessBuilder(java, "-cp", classes, Waiting.class.getName()).start();
  }

  static final class Waiting {
    public static void main(String[] arguments) throws IOException {
      System.in.read();
    }
  }

  private static DelegatingDataSource failing(Database database, AtomicBoolean away) {
    return new DelegatingDataSource(database.dataSource()) {
      @Override
      public Connection getConnection() throws SQLException {
        if (away.get()) {
          throw new SQLException("away", "08001");
        }
        return super.getConnection();
      }
    };
  }

  /** They died before they took a run, or could not take leave because the database was away. */
  @EveryDatabase
  void removesProcessesThatAreGoneAndLeftNothingToSettle(TestDatabase databases) throws Exception {
    Database database = databases.repository();
    Processes processes = processes(database);
    Machine here = Machine.here();
    Machine.Identity self = here.self();
    Machine.Identity gone =
        new Machine.Identity(self.host(), self.boot(), self.pid(), "at another time");
    String idle = processes.register(gone);
    String withRun = processes.register(gone);
    new Runs(database).take(1, 1, withRun);
    String elsewhere = remote(processes);

    String alive = processes.register();
    processes.register();

    assertThat(processes.beat(idle)).isEmpty();
    assertThat(processes.beat(withRun)).isPresent();
    assertThat(processes.beat(elsewhere)).isPresent();
    assertThat(processes.beat(alive)).isPresent();
  }
}
