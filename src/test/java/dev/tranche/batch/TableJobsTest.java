package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.TallyView;
import dev.tranche.Tranche.Explanation.StepExplanation;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Jobs that read tables, through the door: rows of one database into another. */
class TableJobsTest {

  private static final int ROWS = 1_000;

  private static final List<String> RULES =
      List.of(
          "by: balanced, count: 7",
          "by: balanced, column: region, rows: 200",
          "by: values, column: region",
          "by: hash, count: 5",
          "by: hash, column: region, count: 3",
          "by: time, column: made, every: week, zone: Europe/Berlin",
          "by: range, column: made, count: 4",
          "by: range, rows: 150");

  @EveryDatabase
  void copiesATableIntoAnotherDatabase(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases).job("copy", job("by: range, count: 8", 40))) {
      ExecutionView execution = world.run("copy");

      assertThat(execution.failures()).isEmpty();
      assertThat(execution.status()).isEqualTo("COMPLETED");
      assertThat(execution.tally()).isEqualTo(new TallyView(ROWS, ROWS, 0, 0));
      assertThat(execution.steps().get(0).partitions()).hasSize(8);
      assertCopied(databases);
    }
  }

  @EveryDatabase
  void copiesEveryRowOnceByEveryRule(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases)) {
      for (int i = 0; i < RULES.size(); i++) {
        target(databases).sql("delete from orders").update();
        world.job("copy" + i, job(RULES.get(i), 100));

        ExecutionView execution = world.run("copy" + i);

        assertThat(execution.failures()).as(RULES.get(i)).isEmpty();
        assertThat(execution.tally()).isEqualTo(new TallyView(ROWS, ROWS, 0, 0));
        assertThat(execution.steps().get(0).partitions()).hasSizeGreaterThan(1);
        assertCopied(databases);
      }
    }
  }

  @EveryDatabase
  void goesOnFromTheCheckpointAfterAFailure(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases).job("copy", job("by: balanced, count: 4", 10))) {
      source(databases).sql("update orders set name = '1234567890123' where id = 498").update();
      ExecutionView failed = world.run("copy");
      assertThat(failed.status()).isEqualTo("FAILED");
      assertThat(failed.failures().get(0))
          .startsWith("copy/p4 failed at item 249 (table orders, key 498): ");
      source(databases).sql("update orders set name = 'o998' where id = 498").update();

      ExecutionView restarted =
          world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE);

      assertThat(restarted.failures()).isEmpty();
      assertThat(restarted.thisExecution().read()).isLessThan(20);
      assertCopied(databases);
    }
  }

  @EveryDatabase
  void explainsWhatItWouldRead(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases).job("copy", job("by: range, count: 4", 100))) {
      StepExplanation step = world.tranche().explain("copy", Map.of()).steps().get(0);
      String id = databases.kind() == TestDatabase.Kind.H2_FILE
              || databases.kind() == TestDatabase.Kind.H2_MEMORY
          ? "ID"
          : "id";

      assertThat(step.reads()).isEqualTo("table orders of database default");
      assertThat(step.guarantee())
          .isEqualTo("exactly once: rows and checkpoint are committed in one transaction");
      assertThat(step.lanes()).isEqualTo(2);
      assertThat(step.connections()).isEqualTo(Map.of("default", 4, "target", 3));
      assertThat(step.slices().get(1))
          .isEqualTo(id + " from -250 to before 0: about 250 rows");
      List<String> queries =
          step.sql().stream().filter(sql -> sql.startsWith("select ")).toList();
      assertThat(queries).hasSize(4);
      assertThat(queries.get(1))
          .contains(databases.quoted(id) + " >= -250 and " + databases.quoted(id) + " < 0 order by");
      assertThat(step.notes())
          .containsExactly(
              "skew: the largest of 4 partitions has 1.00 times the mean of 250 rows");

      world.job("growing", job("by: range, count: 4", 100).replace("size: 100, ", ""));
      assertThat(world.tranche().explain("growing", Map.of()).steps().get(0).chunks())
          .isEqualTo(
              "of 1000 items, 4000 if they are cheap, in futures mode, with 2 workers for each lane,"
                  + " 4 in flight, committed in order of input");
    }
  }

  private static World world(TestDatabase databases) {
    World world = new World(databases).withTarget();
    JdbcClient source = source(databases);
    String table =
        "create table orders (id bigint not null primary key, name varchar(20) not null,"
            + " region varchar(10), amount decimal(12, 2), made timestamp(6) null)";
    source.sql(table.replace("timestamp(6)", moment(databases))).update();
    target(databases)
        .sql(table.replace("timestamp(6)", moment(databases)).replace("(20)", "(12)"))
        .update();
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < ROWS; i++) {
      String region = i % 10 == 9 ? "null" : "'r" + i % 4 + "'";
      rows.append(i == 0 ? "" : ", ")
          .append("(%d, 'o%d', %s, %d.25, %s)".formatted(
              i - 500, i, region, i,
              i % 50 == 0 ? "null" : "'2026-03-%02d 01:02:03.%06d'".formatted(1 + i % 31, i)));
    }
    source.sql("insert into orders values " + rows).update();
    return world;
  }

  private static String moment(TestDatabase databases) {
    return databases.kind() == TestDatabase.Kind.MARIADB ? "datetime(6)" : "timestamp(6)";
  }

  private static JdbcClient source(TestDatabase databases) {
    return JdbcClient.create(databases.empty("default").dataSource());
  }

  private static JdbcClient target(TestDatabase databases) {
    return JdbcClient.create(databases.empty("target").dataSource());
  }

  private static String job(String rule, int chunk) {
    return """
        steps:
          - name: copy
            read: { type: jdbc, table: orders }
            partition: { %s, concurrency: 2 }
            chunk: { size: %d, mode: futures, workers: 2, in-flight: 4 }
            write: { type: jdbc, connection: target, table: orders, mode: insert }
        """
        .formatted(rule, chunk);
  }

  private static void assertCopied(TestDatabase databases) {
    String all = "select id, name, region, amount, made from orders order by id";
    assertThat(target(databases).sql(all).query().listOfRows())
        .hasSize(ROWS)
        .isEqualTo(source(databases).sql(all).query().listOfRows());
  }
}
