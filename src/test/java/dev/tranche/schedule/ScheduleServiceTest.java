package dev.tranche.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.tranche.FireView;
import dev.tranche.Tranche;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

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
    return new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.NONE)
        .bannerMode(Banner.Mode.OFF)
        .logStartupInfo(false)
        .properties(properties)
        .run();
  }
}
