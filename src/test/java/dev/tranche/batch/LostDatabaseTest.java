package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.UntoldException;
import dev.tranche.row.Row;
import dev.tranche.testing.TestDatabase;
import dev.tranche.testing.Wire;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A PostgreSQL that cannot be reached for a while, or for longer than anybody waits. */
class LostDatabaseTest {

  private static final AtomicReference<Runnable> MISHAP = new AtomicReference<>(() -> {});

  /** Has something happen when order 110 is processed. */
  @EnableAutoConfiguration
  static class Mishaps {
    @Bean
    ItemProcessor<Row, Row> mishap() {
      return row -> {
        if (Long.valueOf(110).equals(row.get("id"))) {
          MISHAP.getAndSet(() -> {}).run();
        }
        return row;
      };
    }
  }

  private TestDatabase databases;
  private Wire wire;

  @BeforeEach
  void open() {
    databases = new TestDatabase(TestDatabase.Kind.POSTGRESQL);
  }

  @AfterEach
  void close() throws Exception {
    if (wire != null) {
      wire.close();
    }
    databases.close();
  }

  @ParameterizedTest
  @CsvSource({"map,default", "futures,target"})
  void goesOnByItselfOnceTheDatabaseIsBack(String mode, String lost) {
    try (World world = world(mode, lost)) {
      MISHAP.set(wire::cut);
      List<String> notices = Collections.synchronizedList(new ArrayList<>());

      ExecutionView execution = world.tranche().run("orders", Map.of(), false, mending(notices));

      Orders.assertComplete(world, execution);
      assertThat(notices).isNotEmpty().allMatch(text -> text.startsWith("waits for a database: "));
    }
  }

  @Test
  void failsOncePatienceIsOverAndCompletesAfterARestart() {
    try (World world = world("futures", "target").set("tranche.patience", "1s")) {
      MISHAP.set(wire::cut);

      ExecutionView failed = world.run("orders");

      assertThat(failed.status()).isEqualTo("FAILED");
      assertThat(failed.failures())
          .containsExactly(
              "load/p2 was cut off from a database, and patience (tranche.patience, 1 s) is over:"
                  + " partition p2 in database 'target' cannot move its checkpoint on: An I/O error"
                  + " occurred while sending to the backend. What is committed is safe; a restart"
                  + " goes on from there");
      mend(world);
      Orders.completes(world, failed);
    }
  }

  @Test
  void saysThatTheEndCouldNotBeStoredAndCompletesAfterARestart() {
    try (World world = world("map", "default").set("tranche.patience", "1s")) {
      world.set("spring.datasource.hikari.connection-timeout", 1000);
      MISHAP.set(wire::cut);

      assertThatThrownBy(() -> world.run("orders"))
          .isInstanceOf(UntoldException.class)
          .hasMessage(
              "execution 1 could not store how it ended: Could not open JDBC Connection for"
                  + " transaction. What is committed is safe. Once the job repository's database is"
                  + " back, run what is missing with: restart 1");

      mend(world);
      Orders.completes(world, world.tranche().show(1));
    }
  }

  /** Between the last commit of a run and the first look at how it ended. */
  @ParameterizedTest
  @ValueSource(strings = {"map", "futures"})
  void waitsToSayHowARunEnded(String mode) {
    try (World world = world(mode, "default")) {
      world.tranche(); // which sets its logs up
      try (Heard log = new Heard()) {
        log.at("Execution 1 of orders is COMPLETED", wire::cut);
        log.at("The job repository's database is away; waiting for it: ", wire::mend);

        Orders.assertComplete(world, world.run("orders"));
        assertThat(log.unheard()).isEmpty();
      }
    }
  }

  @Test
  void saysThatARunHasEndedIfNobodyCanSayHow() {
    try (World world = world("map", "default").set("tranche.patience", "1s")) {
      world.set("spring.datasource.hikari.connection-timeout", 1000).tranche();
      try (Heard log = new Heard()) {
        log.at("Execution 1 of orders is COMPLETED", wire::cut);

        assertThatThrownBy(() -> world.run("orders"))
            .isInstanceOf(UntoldException.class)
            .hasMessageStartingWith("execution 1 has ended, and how cannot be read: ")
            .hasMessageEndingWith(
                ". Once the job repository's database is back, see it with: show 1");
      }
      mend(world);
      Orders.assertComplete(world, world.tranche().show(1));
    }
  }

  /** Does something when a line of the log is written, on the thread that writes it, once. */
  private static final class Heard extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Map<String, Runnable> actions = new ConcurrentHashMap<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.tranche.batch");

    private Heard() {
      start();
      logger.addAppender(this);
    }

    private void at(String line, Runnable action) {
      actions.put(line, action);
    }

    private Set<String> unheard() {
      return actions.keySet();
    }

    @Override
    protected void append(ILoggingEvent event) {
      for (String line : actions.keySet()) {
        if (event.getFormattedMessage().startsWith(line)) {
          actions.remove(line).run();
        }
      }
    }

    @Override
    public void close() {
      logger.detachAppender(this);
      stop();
    }
  }

  @Test
  void failsIfTheTargetIsDownAtTheStartAndCompletesAfterARestart() {
    try (World world = world("map", "target").set("tranche.patience", "1s")) {
      wire.cut();

      ExecutionView failed = world.run("orders");

      assertThat(failed.status()).isEqualTo("FAILED");
      assertThat(failed.failures())
          .singleElement()
          .asString()
          .matches(
              "load cannot go on: database 'target': cannot ask how it writes: tranche-target -"
                  + " Connection is not available, request timed out after \\d+ms \\(.*\\)\\. What"
                  + " is committed is safe; a restart goes on from there");
      mend(world);
      Orders.completes(world, failed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "futures"})
  void rejectsNoRowForWhichNothingCouldBeLookedUp(String mode) {
    try (World world = Orders.in(new World(databases).withTarget(), mode).with(Mishaps.class)) {
      JdbcClient names = JdbcClient.create(databases.empty("target").dataSource());
      names.sql("create table names (id bigint, name varchar(12))").update();
      names.sql("insert into names select n, 'name ' || n from generate_series(1, 200) n").update();
      world.job(
          "orders",
          Orders.job(mode).replace(
              "    chunk:",
              """
                  process:
                    - bean: mishap
                    - lookup: { connection: target, table: names, key: { id: id }, columns: { name: name }, cache: by-key }
                    - select: [id, name, amount]
                  on-error: { skip: { limit: 100 } }
                  chunk:\
              """));
      String url = databases.address("target").url();
      wire = Wire.to(url);
      world
          .set("spring.datasource.hikari.connection-timeout", 2000)
          .set("tranche.connections.target.url", wire.through(url));
      MISHAP.set(wire::cut);

      ExecutionView execution =
          world.tranche().run("orders", Map.of(), false, mending(new ArrayList<>()));

      Orders.assertComplete(world, execution);
      assertThat(execution.tally().rejected()).isZero();
      assertThat(world.count("select count(*) from orders where name like 'name %'"))
          .isEqualTo(200);
    }
  }

  /** With a new application, whose pools do not rest from many vain tries. */
  private void mend(World world) {
    wire.mend();
    world.shutDown();
    world.set("tranche.patience", "2m");
  }

  /** Mends the wire as soon as somebody says that they wait. */
  private RunObserver mending(List<String> notices) {
    return new RunObserver() {
      @Override
      public void notice(String step, String partition, String message) {
        notices.add(message);
        wire.mend();
      }
    };
  }

  /** @param lost which of two databases, job repository and target, goes by the wire */
  private World world(String mode, String lost) {
    World world = Orders.in(new World(databases).loadsIntoTarget(), mode).with(Mishaps.class);
    world.job(
        "orders",
        Orders.job(mode)
            .replace("    chunk:", 
                "    process: [ { bean: mishap }, { select: [id, name, amount] } ]\n    chunk:")
            .replace("mode: insert", "mode: insert, connection: target"));
    String url = databases.address(lost).url();
    wire = Wire.to(url);
    return world
        .set("spring.datasource.hikari.connection-timeout", 2000)
        .set(
            lost.equals("default") ? "spring.datasource.url" : "tranche.connections.target.url",
            wire.through(url));
  }
}
