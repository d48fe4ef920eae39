package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.ExecutionView;
import dev.tranche.RefusedException;
import dev.tranche.RunObserver;
import dev.tranche.definition.With;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A copy of a table that failed, and what of its {@code read: jdbc} may be edited before it goes on. */
class EditedTableTest {

  private static final int ROWS = 100;
  private static final String JOB =
      """
      steps:
        - name: copy
          read: { type: jdbc, table: orders, key: id, columns: [id, name] }
          partition: { by: range, count: 2, concurrency: 1 }
          chunk: { size: 10 }
          write: { type: jdbc, connection: target, table: copied }
      """;

  @EveryDatabase
  void refusesWhatPlacesInTheTableHangOn(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases)) {
      long failed = fail(world, databases);
      for (List<String> edit :
          List.of(
              List.of("table: orders", "table: others", "'read.table' of step 'copy' was orders and"
                  + " is others now"),
              List.of("table: orders", "query: select * from orders", "'read.table' of step 'copy'"
                  + " was orders and is none now"),
              List.of("key: id", "key: number", "'read.key' of step 'copy' was [id] and is [number]"
                  + " now"),
              List.of("count: 2", "count: 3", "'partition.count' of step 'copy' was 2 and is 3 now"),
              List.of("type: jdbc, table: orders", "type: jdbc, connection: target, table: orders",
                  "'read.connection' of step 'copy' was none and is target now"))) {
        world.job("copy", JOB.replace(edit.get(0), edit.get(1)));

        assertThatThrownBy(() -> restart(world, failed, With.NEW))
            .as("%s", edit)
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining(edit.get(2))
            .hasMessageEndingWith("What is done and what is missing would not fit together. Go on by"
                + " the definition that the run began with, by restart --with old; or start over"
                + " with: run copy --new");
      }
      assertCopied(restart(world, failed, With.OLD), databases);
    }
  }

  @EveryDatabase
  void asksWhetherRowsAreMadeInTheOldWayOrTheNew(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases)) {
      long failed = fail(world, databases);
      world.job("copy", JOB.replace("[id, name]", "[id, name, amount]"));

      assertThatThrownBy(() -> restart(world, failed, null))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("'read.columns' of step 'copy' was [id, name] and is [id, name,"
              + " amount] now\nRows that are loaded were made by the old definition.");
      assertCopied(restart(world, failed, With.NEW), databases);

      long with = target(databases)
          .sql("select count(*) from copied where amount is not null")
          .query(Long.class)
          .single();
      assertThat(with).isBetween(1L, ROWS - 1L);
    }
  }

  @EveryDatabase
  void takesHowManyRunAtATimeAsItIsNow(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases)) {
      long failed = fail(world, databases);
      world.job("copy", JOB.replace("concurrency: 1", "concurrency: 2").replace("size: 10", "size: 7"));

      assertCopied(restart(world, failed, null), databases);
    }
  }

  private static long fail(World world, TestDatabase databases) {
    ExecutionView failed = world.run("copy");
    assertThat(failed.status()).isEqualTo("FAILED");
    assertThat(failed.tally().written()).isPositive();
    source(databases).sql("update orders set name = 'repaired' where id = 75").update();
    return failed.execution();
  }

  private static ExecutionView restart(World world, long failed, @Nullable With with) {
    return world.tranche().restart(failed, Set.of(), with, RunObserver.NONE);
  }

  private static void assertCopied(ExecutionView execution, TestDatabase databases) {
    assertThat(execution.failures()).isEmpty();
    assertThat(execution.status()).isEqualTo("COMPLETED");
    String all = "select id, name from %s order by id";
    assertThat(target(databases).sql(all.formatted("copied")).query().listOfRows())
        .hasSize(ROWS)
        .isEqualTo(source(databases).sql(all.formatted("orders")).query().listOfRows());
  }

  private static World world(TestDatabase databases) {
    World world = new World(databases).withTarget().job("copy", JOB);
    source(databases)
        .sql("create table orders (id bigint not null primary key, number bigint not null unique,"
            + " name varchar(20), amount integer)")
        .update();
    target(databases)
        .sql("create table copied (id bigint not null primary key, name varchar(12), amount integer)")
        .update();
    StringBuilder rows = new StringBuilder();
    for (int i = 1; i <= ROWS; i++) {
      String name = i == 75 ? "longer than it may be" : "o" + i;
      rows.append(i == 1 ? "" : ", ")
          .append("(%d, %d, '%s', %d)".formatted(i, -i, name.substring(0, Math.min(20, name.length())), i));
    }
    source(databases).sql("insert into orders values " + rows).update();
    return world;
  }

  private static JdbcClient source(TestDatabase databases) {
    return JdbcClient.create(databases.empty("default").dataSource());
  }

  private static JdbcClient target(TestDatabase databases) {
    return JdbcClient.create(databases.empty("target").dataSource());
  }
}
