package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.TallyView;
import dev.tranche.Tranche.Explanation.StepExplanation;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows that get columns from a table of another database, in both modes, by workers. */
class LookupTest {

  private static final String BY_KEY = ", cache: by-key, limit: 3";

  @EveryDatabase
  void givesEveryRowItsColumnsAlsoAfterAFailure(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases)) {
      for (String cache : List.of("", BY_KEY)) {
        String mode = cache.isEmpty() ? "map" : "futures";
        world.sql().sql("delete from orders").update();
        world
            .file("in/b.csv", Orders.withLine(150, "150,x,oops"))
            .job(mode, job(mode, "missing: default, defaults: { segment: other }" + cache));
        ExecutionView failed = world.run(mode);
        assertThat(failed.status()).as(mode).isEqualTo("FAILED");
        world.file("in/b.csv", Orders.csv(101, 200));

        ExecutionView restarted =
            world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE);

        Orders.assertComplete(world, restarted);
        for (int id : new int[] {1, 99, 150, 199, 200}) {
          assertThat(segment(world, id))
              .as(mode + id)
              .isEqualTo(id % 10 < 7 ? "s" + id % 10 : "other");
        }
        assertThat(world.count("select count(*) from orders where segment = 'other'"))
            .isEqualTo(60);
      }
    }
  }

  @EveryDatabase
  void rejectsOrLeavesEmptyWhatIsNotThere(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases)) {
      for (String cache : List.of("", BY_KEY)) {
        world.sql().sql("delete from orders").update();
        world.job("empty", job("futures", "missing: no-value" + cache));
        assertThat(world.tranche().run("empty", Map.of(), true, RunObserver.NONE).tally())
            .isEqualTo(new TallyView(200, 200, 0, 0));
        assertThat(world.count("select count(*) from orders where segment is null")).isEqualTo(60);

        world.sql().sql("delete from orders").update();
        String skip = "    on-error: { skip: { limit: 60 } }\n";
        world.job("reject", job("map", "missing: reject" + cache) + skip);
        ExecutionView rejecting =
            world.tranche().run("reject", Map.of(), true, RunObserver.NONE);
        assertThat(rejecting.failures()).isEmpty();
        assertThat(rejecting.tally()).isEqualTo(new TallyView(200, 140, 0, 60));
        assertThat(world.tranche().rejects(rejecting.execution(), 0, 1).get(0).message())
            .isEqualTo("table segments has no row with id = 7");
      }
    }
  }

  @EveryDatabase
  void explainsWhereItLooksAndWhatItNeeds(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases)) {
      world.job("all", job("map", "missing: reject"));
      world.job("key", job("map", "missing: reject" + BY_KEY));

      StepExplanation all = world.tranche().explain("all", Map.of()).steps().get(0);
      StepExplanation byKey = world.tranche().explain("key", Map.of()).steps().get(0);

      assertThat(all.connections()).isEqualTo(Map.of("default", 4));
      assertThat(byKey.connections()).isEqualTo(Map.of("default", 4, "target", 3));
      assertThat(all.notes())
          .containsExactly(
              "rows are looked up in table segments of database target, which is read once when the"
                  + " step begins: at most 100000 rows");
      assertThat(byKey.notes())
          .containsExactly(
              "rows are looked up in table segments of database target by key: the last 3 keys are"
                  + " kept");
    }
  }

  @Test
  void saysBeforeTheStartWhatCannotBeLookedUp() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases)) {
      world.job("a", job("map", "missing: reject").replace("table: segments", "table: segmets"));
      world.job("b", job("map", "missing: reject").replace("connection: target", "connection: x"));
      world.job("c", job("map", "missing: default, defaults: { segment: 7 }")
          .replace("segment: name", "segment: id").replace("id: kind", "name: id"));

      assertThatThrownBy(() -> world.run("a"))
          .hasMessage("step 'load': there is no table 'segmets' to read. Did you mean 'SEGMENTS'?");
      assertThatThrownBy(() -> world.run("b"))
          .hasMessage("step 'load': there is no connection 'x'. Known: default, target. Name others"
              + " as tranche.connections.x.url and so on");
      world.file("in/a.csv", Orders.csv(1, 1)).file("in/b.csv", "id,name,amount\n");
      assertThat(world.run("c").status()).isEqualTo("COMPLETED");
      assertThat(segment(world, 1)).isEqualTo("7");
    }
  }

  /** The values of keys are bound: what looks like SQL is a text like any other. */
  @EveryDatabase
  void takesAKeyThatLooksLikeSqlForAText(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases)) {
      String hostile = "x' or '1'='1";
      world.file("in/a.csv", "id,name,amount\n1," + hostile + ",1\n").file("in/b.csv", "id,name,amount\n");
      world.job("hostile", job("map", "missing: no-value" + BY_KEY).replace("id: kind", "name: name"));

      assertThat(world.run("hostile").failures()).isEmpty();

      assertThat(world.count("select count(*) from orders where segment is null")).isEqualTo(1);
      JdbcClient segments = JdbcClient.create(databases.empty("target").dataSource());
      segments.sql("insert into segments values (99, ?)").param(hostile).update();
      world.sql().sql("delete from orders").update();
      world.tranche().run("hostile", Map.of(), true, RunObserver.NONE);
      assertThat(segment(world, 1)).isEqualTo(hostile);
    }
  }

  private static String segment(World world, int id) {
    return world.sql().sql("select segment from orders where id = " + id).query(String.class).single();
  }

  private static World world(TestDatabase databases) {
    World world = new World(databases).withTarget();
    JdbcClient segments = JdbcClient.create(databases.empty("target").dataSource());
    segments.sql("create table segments (id integer, name varchar(20))").update();
    for (int i = 0; i < 7; i++) {
      segments.sql("insert into segments values (?, ?)").params(i, "s" + i).update();
    }
    world.file("in/a.csv", Orders.csv(1, 100)).file("in/b.csv", Orders.csv(101, 200));
    world
        .sql()
        .sql("create table orders (id bigint not null primary key, name varchar(20),"
            + " amount smallint, kind bigint, segment varchar(20))")
        .update();
    return world;
  }

  private static String job(String mode, String missing) {
    return """
        steps:
          - name: load
            read:
              type: csv
              files: in/*.csv
              columns: { id: long, name: string, amount: long }
            partition: { by: file, concurrency: 2 }
            process:
              - set: { kind: "id %% 10" }
              - lookup: { connection: target, table: segments, key: { id: kind }, columns: { segment: name }, %s }
            chunk: { size: 10, mode: %s, workers: 2 }
            write: { type: jdbc, table: orders }
        """
        .formatted(missing, mode);
  }
}
