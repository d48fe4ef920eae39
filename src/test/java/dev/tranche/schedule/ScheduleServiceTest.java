package dev.tranche.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.github.kagkarlsson.scheduler.Scheduler;
import dev.tranche.FireView;
import dev.tranche.RunObserver;
import dev.tranche.Tranche;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The service as it runs, woken by db-scheduler. */
class ScheduleServiceTest {

  private static final Semaphore TICKS = new Semaphore(0);
  private static final Semaphore OTHERS = new Semaphore(0);

  @TempDir
  Path directory;

  @EnableAutoConfiguration
  static class Application {
    @Bean
    Tasklet tick() {
      return (contribution, context) -> {
        TICKS.release();
        return RepeatStatus.FINISHED;
      };
    }

    @Bean
    Tasklet other() {
      return (contribution, context) -> {
        OTHERS.release();
        return RepeatStatus.FINISHED;
      };
    }
  }

  @EveryDatabase
  void firesInTimeAndTakesUpAnEditedScheduleAndLeavesNothingBehind(TestDatabase databases)
      throws Exception {
    TICKS.drainPermits();
    OTHERS.drainPermits();
    job("other", "cron: \"0 0 0 1 1 *\"");
    job("tick", "every: 1s");
    try (databases;
        ConfigurableApplicationContext context = start(databases, true)) {
      assertThat(TICKS.tryAcquire(3, 2, TimeUnit.MINUTES)).isTrue();
      ScheduleService service = context.getBean(ScheduleService.class);
      assertThat(service.trouble()).isNull();

      job("tick", "cron: \"0 0 0 1 1 *\"");
      job("other", "every: 1s");
      assertThat(OTHERS.tryAcquire(2, 2, TimeUnit.MINUTES)).isTrue();
      Tranche tranche = context.getBean(Tranche.class);
      List<FireView> fires = tranche.schedules().fires(null, 999);
      assertThat(fires).extracting(FireView::state).doesNotContain("FAILED", "SKIPPED");

      service.stop();
      assertThat(service.trouble()).isEqualTo("it is stopped");
      assertThat(tranche.schedules().fires(null, 999))
          .extracting(FireView::state)
          .doesNotContain("RUNNING");
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.matches("tranche-(service|settle|duty|due|fire|scheduler).*"));
  }

  @EveryDatabase
  void cutsHistoriesBackByItself(TestDatabase databases) throws Exception {
    job("tick", "cron: \"0 0 0 1 1 *\"");
    try (databases) {
      try (ConfigurableApplicationContext context = start(databases, false)) {
        Tranche tranche = context.getBean(Tranche.class);
        for (int n = 1; n <= 3; n++) {
          tranche.run("tick", Map.of(), true, RunObserver.NONE);
        }
        JdbcClient.create(context.getBean(DataSource.class))
            .sql("update BATCH_JOB_EXECUTION set END_TIME = ?")
            .param(LocalDateTime.now().minusDays(100))
            .update();
      }
      try (Heard removed = new Heard("Removed 2 instances of tick that were COMPLETED");
          ConfigurableApplicationContext context =
              start(
                  databases,
                  true,
                  Map.of(
                      "tranche.retention.nightly", "* * * * * *",
                      "tranche.retention.completed.last", "1"),
                  removed)) {
        removed.await();
        assertThat(context.getBean(Tranche.class).executions("tick", 9))
            .as("the last good one stays")
            .hasSize(1);
      }
    }
  }

  /** Waits for a line of the service's log. */
  private static final class Heard extends AppenderBase<ILoggingEvent>
      implements ApplicationContextInitializer<ConfigurableApplicationContext>, AutoCloseable {

    private final String line;
    private final CountDownLatch heard = new CountDownLatch(1);
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.tranche.schedule");

    private Heard(String line) {
      this.line = line;
    }

    /** As soon as the application has set its logs up, and before it does anything. */
    @Override
    public void initialize(ConfigurableApplicationContext context) {
      start();
      logger.setLevel(Level.INFO);
      logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getFormattedMessage().equals(line)) {
        heard.countDown();
      }
    }

    private void await() throws InterruptedException {
      assertThat(heard.await(2, TimeUnit.MINUTES)).as(line).isTrue();
    }

    @Override
    public void close() {
      logger.detachAppender(this);
      stop();
    }
  }

  @Test
  void anApplicationThatDoesNotSayThatItIsAServiceIsNone() throws Exception {
    job("tick", "every: 1s");
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        ConfigurableApplicationContext context = start(databases, false)) {
      assertThat(context.getBeanProvider(ScheduleService.class).getIfAvailable()).isNull();
      assertThat(context.getBeansOfType(Scheduler.class))
          .isEmpty();
      assertThat(context.getBean(Tranche.class).jobs().jobs()).hasSize(1);
    }
  }

  private void job(String name, String schedule) throws Exception {
    Path file = directory.resolve("jobs").resolve(name + ".yml");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        "name: " + name + "\nschedule: { overlap: queue, missed: run-all, " + schedule
            + " }\nsteps: [{ name: count, tasklet: " + name + " }]\n");
  }

  private ConfigurableApplicationContext start(TestDatabase databases, boolean service) {
    return start(databases, service, Map.of(), context -> {});
  }

  private ConfigurableApplicationContext start(
      TestDatabase databases,
      boolean service,
      Map<String, String> more,
      ApplicationContextInitializer<ConfigurableApplicationContext> first) {
    databases.empty("default");
    TestDatabase.Address address = databases.address("default");
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("spring.datasource.url", address.url());
    properties.put("spring.datasource.username", address.username());
    properties.put("spring.datasource.password", address.password());
    properties.put("spring.batch.jdbc.initialize-schema", "always");
    properties.put("spring.batch.jdbc.isolation-level-for-create", "READ_COMMITTED");
    properties.put("tranche.initialize-schema", "always");
    properties.put("tranche.base-directory", directory.toString());
    properties.put("tranche.service.enabled", service);
    properties.putAll(more);
    return new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.NONE)
        .bannerMode(Banner.Mode.OFF)
        .logStartupInfo(false)
        .properties(properties)
        .initializers(first)
        .run();
  }
}
