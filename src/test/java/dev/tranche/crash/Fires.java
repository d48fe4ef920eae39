package dev.tranche.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.testing.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Two services on one database with a schedule of every second, either of which is killed and started
 * again at any time; and what there must be in the end.
 */
final class Fires {

  private static final String JOB =
      """
      name: tick
      schedule: { every: 1s, missed: run-all, overlap: queue }
      on-crash: { then: restart, limit: 1000 }
      steps:
        - name: mark
          sql: insert into mark values ('${scheduled-at}')
        - name: count
          sql: update ticks set n = n + 1
      """;

  private final Installation installation;
  private final JdbcClient client;
  private final Random random;
  private final Semaphore ran = new Semaphore(0);
  private final Child[] nodes = new Child[2];
  private int kills;

  private Fires(Path directory, Postgres postgres, long seed) throws IOException {
    Files.createDirectories(directory.resolve("jobs"));
    Files.writeString(directory.resolve("jobs/tick.yml"), JOB);
    this.installation =
        Installation.at(directory).on(postgres).set("server.port", "0");
    this.client = JdbcClient.create(postgres.dataSource());
    this.random = new Random(seed);
  }

  /**
   * @param fires how many are to have run before it ends
   * @param apart how many run, about, between two kills
   */
  static void happen(Path directory, int fires, int apart, long seed) throws Exception {
    try (Postgres postgres = Postgres.database()) {
      Fires all = new Fires(directory, postgres, seed);
      all.client.sql("create table mark (at varchar(40) primary key)").update();
      all.client.sql("create table ticks (n int)").update();
      all.client.sql("insert into ticks values (0)").update();
      try {
        all.runAndKill(fires, apart);
        all.end();
      } finally {
        all.nodes[0].close();
        all.nodes[1].close();
      }
      all.judge(fires);
    }
  }

  private void runAndKill(int fires, int apart) throws InterruptedException {
    start(0);
    start(1);
    int done = 0;
    while (done < fires) {
      int until = Math.min(fires - done, 1 + random.nextInt(2 * apart - 1));
      assertThat(ran.tryAcquire(until, 5, TimeUnit.MINUTES))
          .as("fires run, after %s of them and %s kills:\n%s", done, kills, nodes[0].err())
          .isTrue();
      done += until;
      if (done < fires) {
        kill(random.nextInt(2));
        if (random.nextInt(4) == 0) {
          kill(random.nextInt(2));
        }
      }
    }
  }

  private void start(int node) {
    nodes[node] = installation.start(
        line -> {
          if (line.contains("The fire of tick at ") && line.contains(" ran: ")) {
            ran.release();
          }
        },
        "serve");
  }

  private void kill(int node) {
    nodes[node].kill();
    nodes[node].close();
    kills++;
    start(node);
  }

  private void end() throws InterruptedException {
    for (Child node : nodes) {
      node.terminate();
    }
    for (Child node : nodes) {
      Child.Result result = node.await();
      assertThat(result.exit()).as(result.toString()).isEqualTo(143);
    }
  }

  private void judge(int fires) {
    List<Long> times = longs("select FIRE_TIME from TRANCHE_FIRE order by FIRE_TIME");
    assertThat(times).hasSizeGreaterThanOrEqualTo(fires);
    for (int i = 1; i < times.size(); i++) {
      assertThat(times.get(i) - times.get(i - 1)).as("no second is left out").isEqualTo(1000);
    }
    assertThat(longs("select count(*) from TRANCHE_FIRE where STATE not in ('RAN', 'QUEUED')"))
        .as("none was lost, skipped or left behind")
        .containsExactly(0L);
    long done = longs("select count(*) from TRANCHE_FIRE where STATE = 'RAN'").get(0);
    assertThat(done).isGreaterThanOrEqualTo(fires);
    assertThat(longs(
            "select count(*) from TRANCHE_FIRE F join BATCH_JOB_EXECUTION E"
                + " on E.JOB_EXECUTION_ID = F.EXECUTION_ID"
                + " where F.STATE = 'RAN' and E.STATUS = 'COMPLETED'"))
        .as("each became an execution that completed")
        .containsExactly(done);
    assertThat(longs("select count(*) from BATCH_JOB_EXECUTION where STATUS = 'COMPLETED'"))
        .as("and no other did")
        .containsExactly(done);
    assertThat(longs("select n from ticks")).as("no step of one ran twice").isEqualTo(
        longs("select count(*) from BATCH_STEP_EXECUTION where STEP_NAME = 'count'"
            + " and STATUS = 'COMPLETED'"));
  }

  private List<Long> longs(String sql) {
    return client.sql(sql).query(Long.class).list();
  }
}
