package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.row.Row;
import dev.tranche.testing.TestDatabase;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A connection's password is asked for at every start, and kept nowhere. */
class RotatedPasswordTest {

  private static final String TEXTS =
      """
      select count(*) from (select PLACEHOLDERS T from TRANCHE_STEP
        union all select DEFINITION_TEXT from TRANCHE_DEFINITION
        union all select PARAMETER_VALUE from BATCH_JOB_EXECUTION_PARAMS
        union all select SHORT_CONTEXT from BATCH_JOB_EXECUTION_CONTEXT
        union all select SHORT_CONTEXT from BATCH_STEP_EXECUTION_CONTEXT) where T like '%s3cret%'
      """;

  private static volatile boolean failing;

  @EnableAutoConfiguration
  static class Failing {
    @Bean
    ItemProcessor<Row, Row> check() {
      return row -> {
        if (failing) {
          throw new IllegalArgumentException("bad luck");
        }
        return row;
      };
    }
  }

  @Test
  void aRestartUsesThePasswordOfItsDay() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = new World(databases).withTarget().with(Failing.class)) {
      JdbcClient target = JdbcClient.create(databases.empty("target").dataSource());
      target.sql("create table item (n bigint not null)").update();
      target.sql("create user loader password 's3cret-1' admin").update();
      world
          .file("items.csv", "n\n1\n2\n")
          .job(
              "items",
              Items.job(1, 1, 10, "map", "      - bean: check")
                  .replace("table: item", "table: item, connection: \"${where}\""))
          .set("where", "target")
          .set("password.of.loader", "s3cret-1")
          .set("tranche.connections.target.username", "loader")
          .set("tranche.connections.target.password", "${password.of.loader}");
      failing = true;
      ExecutionView failed = world.run("items");
      assertThat(failed.status()).as(failed.toString()).isEqualTo("FAILED");
      assertThat(world.count(TEXTS)).isZero();

      world.shutDown();
      target.sql("alter user loader set password 's3cret-2'").update();
      world.set("password.of.loader", "s3cret-2");
      failing = false;
      ExecutionView restarted =
          world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE);

      assertThat(restarted.status()).as(restarted.toString()).isEqualTo("COMPLETED");
      assertThat(target.sql("select count(*) from item").query(Long.class).single()).isEqualTo(2);
      assertThat(world.count(TEXTS)).isZero();
    }
  }
}
