package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.ExecutionView;
import dev.tranche.RunObserver;
import dev.tranche.UntoldException;
import dev.tranche.testing.Background;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** A database that is cut off in a COMMIT, so that nobody knows how that ended. */
class UnknownOutcomeTest {

  private static final int ITEMS = 40;
  private static final String NEW_STEP = "insert into batch_step_execution(";

  private static final String TAKEN = "insert into tranche_run";

  private static final Cut NONE = new Cut("", 0, null);

  private static final String CHECKPOINT = "update tranche_checkpoint set seq";

  private static volatile Cut cut = NONE;

  /** Observations that began and did not end, and how those ended that did not end well. */
  private static final Set<Observation.Context> open = ConcurrentHashMap.newKeySet();
  private static final List<String> failed = new CopyOnWriteArrayList<>();

  @EnableAutoConfiguration
  static class CutOff {
    @Bean
    static BeanPostProcessor cutting() {
      return new BeanPostProcessor() {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
          return bean instanceof DataSource real ? lineTo(real) : bean;
        }
      };
    }

    @Bean
    ObservationRegistry observations() {
      ObservationRegistry registry = ObservationRegistry.create();
      registry.observationConfig().observationHandler(new Open());
      return registry;
    }
  }

  private static final class Open implements ObservationHandler<Observation.Context> {

    @Override
    public void onStart(Observation.Context context) {
      open.add(context);
    }

    @Override
    public void onStop(Observation.Context context) {
      open.remove(context);
      Throwable error = context.getError();
      if (error != null) {
        KeyValue outcome = context.getLowCardinalityKeyValue("outcome");
        failed.add(context.getName() + (outcome == null ? "" : " " + outcome.getValue()) + ": "
            + error.getMessage());
      }
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }
  }

  /**
   * @param sql what is in the statement whose COMMIT is cut
   * @param left which of them it is; counted down
   * @param late whose client goes on: the COMMIT arrives when somebody waits for what it locks; null:
   *     it arrives before the client is cut off
   * @param landed completes when the COMMIT has arrived
   */
  private record Cut(
      String sql,
      AtomicInteger left,
      @Nullable TestDatabase late,
      CompletableFuture<Void> landed) {

    Cut(String sql, int which, @Nullable TestDatabase late) {
      this(sql, new AtomicInteger(which), late, new CompletableFuture<>());
    }

    boolean strikes(String statement) {
      return !sql.isEmpty()
          && statement.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT).contains(sql)
          && left.decrementAndGet() == 0;
    }
  }

  @EveryDatabase
  void makesNoSecondRowOfAStepThatIsStored(TestDatabase databases) throws Exception {
    assertNoRowIsLeft(databases, 1, false);
  }

  @EveryDatabase
  void makesNoSecondRowOfALaneThatIsStored(TestDatabase databases) throws Exception {
    assertNoRowIsLeft(databases, 2, false);
  }

  @ParameterizedTest
  @CsvSource({"POSTGRESQL,1", "POSTGRESQL,2", "MARIADB,1", "MARIADB,2"})
  void makesNoSecondRowOfWhatLandsLater(TestDatabase.Kind kind, int which) throws Exception {
    assertNoRowIsLeft(new TestDatabase(kind), which, true);
  }

  @EveryDatabase
  void takesItsInstanceOnceWhereTheTakingIsCutOff(TestDatabase databases) throws Exception {
    assertNoRowIsLeft(databases, TAKEN, 1, false);
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MARIADB"})
  void takesItsInstanceOnceWhereTheTakingLandsLater(TestDatabase.Kind kind) throws Exception {
    assertNoRowIsLeft(new TestDatabase(kind), TAKEN, 1, true);
  }

  @EveryDatabase
  void endsWhatIsObservedOfAChunk(TestDatabase databases) throws Exception {
    open.clear();
    failed.clear();

    assertNoRowIsLeft(databases, CHECKPOINT, 3, false);

    String why = ": the connection ended in the commit: connection cut";
    assertThat(failed)
        .containsExactlyInAnyOrder(
            "tranche.chunk.commit unknown" + why,
            "spring.batch.chunk.write" + why,
            "tranche.partition" + why);
    assertThat(open).extracting(Observation.Context::getName).isEmpty();
  }

  @EveryDatabase
  void isNotRefusedButFailsIfItsInstanceCannotBeTaken(TestDatabase databases) throws Exception {
    try (databases;
        World world = items(databases).set("tranche.patience", "0s")) {
      world.tranche();
      Cut armed = new Cut(TAKEN, 1, null);
      cut = armed;

      assertThatThrownBy(() -> world.run("items"))
          .isInstanceOf(UntoldException.class)
          .hasMessageStartingWith(
              "execution 1 could not begin: the job repository's database: cannot take job instance"
                  + " 1: ")
          .hasMessageEndingWith(
              ". Nothing was loaded. Once the job repository's database is back, run it with:"
                  + " restart 1");

      armed.landed().get(60, TimeUnit.SECONDS);
      cut = NONE;
      assertThat(world.tranche().show(1).status()).isEqualTo("FAILED");
      assertComplete(world, world.tranche().restart(1, Set.of(), RunObserver.NONE));
    } finally {
      cut = NONE;
    }
  }

  @EveryDatabase
  void bearsAnOutageBetweenTheBeginningOfARunAndItsFirstStep(TestDatabase databases)
      throws Exception {
    assertBorneOnceBegun(databases, "from tranche_step where job_instance_id = ?");
  }

  @EveryDatabase
  void bearsAnOutageWhileADefinitionIsStored(TestDatabase databases) throws Exception {
    assertBorneOnceBegun(databases, "insert into tranche_definition");
  }

  private static void assertBorneOnceBegun(TestDatabase databases, String sql) throws Exception {
    try (databases;
        World world = items(databases)) {
      Cut armed = new Cut(sql, 1, null);
      ExecutionView execution = world.tranche().run("items", Map.of(), false, new RunObserver() {
        @Override
        public void started(long started, String job) {
          cut = armed;
        }
      });

      armed.landed().get(60, TimeUnit.SECONDS);
      assertComplete(world, execution);
    } finally {
      cut = NONE;
    }
  }

  /** @param late the COMMIT arrives when somebody waits for what it locks */
  private static void assertNoRowIsLeft(TestDatabase databases, int which, boolean late)
      throws Exception {
    assertNoRowIsLeft(databases, NEW_STEP, which, late);
  }

  private static void assertNoRowIsLeft(
      TestDatabase databases, String sql, int which, boolean late) throws Exception {
    try (databases;
        World world = items(databases)) {
      world.tranche();
      Cut armed = new Cut(sql, which, late ? databases : null);
      cut = armed;

      ExecutionView execution = world.run("items");

      armed.landed().get(60, TimeUnit.SECONDS);
      assertComplete(world, execution);
    } finally {
      cut = NONE;
    }
  }

  private static void assertComplete(World world, ExecutionView execution) {
    assertThat(execution.status()).isEqualTo("COMPLETED");
    assertThat(world.count("select count(*) from item")).isEqualTo(ITEMS);
    String rows = "select count(*) from BATCH_STEP_EXECUTION";
    assertThat(world.count(rows + " where status <> 'COMPLETED' or end_time is null"))
        .isZero();
    assertThat(world.count(rows)).isEqualTo(3);
  }

  private static World items(TestDatabase databases) {
    World world = new World(databases).with(CutOff.class);
    return Items.in(world, ITEMS).job("items", Items.job(4, 2, 10, "map", "      - select: [n]"));
  }

  private static DataSource lineTo(DataSource real) {
    return proxy(DataSource.class, (method, arguments) -> {
      Object result = call(real, method, arguments);
      return result instanceof Connection connection ? new Link(connection).proxy() : result;
    });
  }

  /** One connection, as the application has it. */
  private static final class Link {

    private final Connection real;
    private boolean struck;
    private boolean broken;

    private Link(Connection real) {
      this.real = real;
    }

    private Connection proxy() {
      return UnknownOutcomeTest.proxy(Connection.class, this::invoke);
    }

    private Object invoke(Method method, Object[] arguments) throws Throwable {
      String name = method.getName();
      if (broken) {
        return switch (name) {
          case "close", "abort" -> null;
          case "isClosed" -> true;
          default -> throw new SQLException("this connection was cut", "08003");
        };
      }
      if (name.equals("prepareStatement")) {
        struck |= cut.strikes((String) arguments[0]);
      }
      if (name.equals("commit") && struck) {
        broken = true;
        land(cut);
        throw new SQLException("connection cut", "08006");
      }
      return call(real, method, arguments);
    }

    private void land(Cut now) {
      TestDatabase late = now.late();
      if (late == null) {
        end(now);
        return;
      }
      Background.run(() -> late.awaitBlockedSession("default"))
          .whenComplete((blocked, never) -> end(now));
    }

    private void end(Cut now) {
      try {
        real.commit();
        real.setAutoCommit(true);
        real.close();
        now.landed().complete(null);
      } catch (SQLException gone) {
        now.landed().completeExceptionally(gone);
      }
    }
  }

  private interface Call {
    Object on(Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(Proxy.newProxyInstance(
        UnknownOutcomeTest.class.getClassLoader(),
        new Class<?>[] {type},
        (self, method, arguments) -> call.on(method, arguments)));
  }

  private static Object call(Object real, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException wrapped) {
      throw wrapped.getCause();
    }
  }
}
