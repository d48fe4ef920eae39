package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Steps of SQL, and steps that call a tasklet. */
class OtherStepsTest {

  private static final AtomicInteger calls = new AtomicInteger();
  private static volatile boolean failing;

  @EnableAutoConfiguration
  static class Tidying {
    @Bean
    Tasklet tidy() {
      return (contribution, context) -> {
        calls.incrementAndGet();
        if (failing) {
          throw new IllegalStateException("the broom broke");
        }
        return RepeatStatus.FINISHED;
      };
    }
  }

  @EveryDatabase
  void runsSqlAndTaskletsInOrderAndNotAgainOnARestart(TestDatabase databases) {
    try (databases;
        World world = new World(databases).with(Tidying.class)) {
      world.sql().sql("create table audit (n int not null)").update();
      world.job(
          "tidy",
          """
          steps:
            - name: count
              sql:
                - insert into audit (n) values (1)
                - insert into audit (n) values (2)
            - name: sweep
              tasklet: tidy
          """);
      failing = true;
      calls.set(0);
      ExecutionView failed = world.run("tidy");
      assertThat(failed.status()).isEqualTo("FAILED");
      assertThat(failed.failures()).anyMatch(text -> text.contains("the broom broke"));
      assertThat(world.count("select count(*) from audit")).isEqualTo(2);

      failing = false;
      ExecutionView restarted =
          world.tranche().restart(failed.execution(), Set.of(), RunObserver.NONE);
      assertThat(restarted.status()).isEqualTo("COMPLETED");
      assertThat(calls).hasValue(2);
      assertThat(world.count("select count(*) from audit")).isEqualTo(2);
      assertThat(restarted.steps()).extracting("name").containsExactly("count", "sweep");
      assertThat(restarted.steps()).extracting("status").containsOnly("COMPLETED");
    } catch (Exception closing) {
      throw new AssertionError(closing);
    }
  }

  @EveryDatabase
  void saysWhichStatementFailedAndLeavesNothingOfTheStep(TestDatabase databases) throws Exception {
    try (databases;
        World world = new World(databases)) {
      world.sql().sql("create table audit (n int not null primary key)").update();
      world.job(
          "twice",
          """
          steps:
            - name: count
              sql:
                - insert into audit (n) values (1)
                - insert into audit (n) values (1)
          """);
      ExecutionView failed = world.run("twice");

      assertThat(failed.status()).isEqualTo("FAILED");
      assertThat(failed.failures())
          .singleElement()
          .asString()
          .startsWith("count failed at statement 2 of 2: ")
          .endsWith("Nothing the step did is committed; a restart runs it again");
      assertThat(world.count("select count(*) from audit")).isZero();
    }
  }
}
