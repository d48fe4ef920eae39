package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.Duties;
import dev.tranche.FireView;
import dev.tranche.RefusedException;
import dev.tranche.RunObserver;
import dev.tranche.ScheduleView;
import dev.tranche.Schedules;
import dev.tranche.definition.Placeholders;
import dev.tranche.testing.Background;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** What becomes of each time of a schedule, by a clock that stands where a test puts it. */
class SchedulesTest {

  private static final Instant START = Instant.parse("2026-11-25T10:00:30Z");
  private static final AtomicReference<Instant> NOW = new AtomicReference<>(START);
  private static volatile CountDownLatch begun = new CountDownLatch(1);
  private static volatile CountDownLatch held = new CountDownLatch(0);

  @EnableAutoConfiguration
  static class Clocked {

    @Bean
    InstantSource clock() {
      return NOW::get;
    }

    @Bean
    Tasklet hold() {
      return (contribution, context) -> {
        begun.countDown();
        held.await();
        return RepeatStatus.FINISHED;
      };
    }
  }

  @EveryDatabase
  void twoNodesMakeOneRunOfEachFire(TestDatabase databases) throws Exception {
    try (databases;
        World one = world(databases, "every: 1m, missed: run-all, overlap: queue");
        World two = new World(databases).with(Clocked.class)) {
      two.job("mark", job("every: 1m, missed: run-all, overlap: queue"));
      at(START);
      duties(one).decide("mark");
      at(START.plusSeconds(5 * 60));
      CompletableFuture<Void> first = Background.run(() -> work(one));
      CompletableFuture<Void> second = Background.run(() -> work(two));
      first.get(60, TimeUnit.SECONDS);
      second.get(60, TimeUnit.SECONDS);

      assertThat(one.sql().sql("select scheduled_at from mark order by 1").query(String.class).list())
          .containsExactly(
              "2026-11-25T10:01:00Z",
              "2026-11-25T10:02:00Z",
              "2026-11-25T10:03:00Z",
              "2026-11-25T10:04:00Z",
              "2026-11-25T10:05:00Z");
      assertThat(one.tranche().schedules().fires("mark", 9))
          .extracting(FireView::state)
          .containsOnly("RAN")
          .hasSize(5);
      assertThat(one.tranche().executions("mark", 9)).hasSize(5);
    }
  }

  private static void work(World world) {
    duties(world).decide("mark");
    for (int idle = 0; idle < 3; ) {
      Optional<Duties.Duty> duty = duties(world).next();
      duty.ifPresent(Duties.Duty::carryOut);
      idle = duty.isPresent() ? 0 : idle + 1;
    }
  }

  @Test
  void makesUpForWhatWasMissedAsTheScheduleSays() throws Exception {
    assertThat(afterAnHour("missed: run-all")).containsExactly("QUEUED", "QUEUED", "QUEUED");
    assertThat(afterAnHour("missed: run-last")).containsExactly("SKIPPED", "SKIPPED", "QUEUED");
    assertThat(afterAnHour("missed: skip")).containsExactly("SKIPPED", "SKIPPED", "SKIPPED");
  }

  /** Whatever overlap says: that is about fires that are in time. */
  private static List<String> afterAnHour(String missed) throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases, "every: 20m, overlap: fail, " + missed)) {
      at(START);
      duties(world).decide("mark");
      at(START.plusSeconds(3600 + 120));
      duties(world).decide("mark");
      List<FireView> fires = world.tranche().schedules().fires("mark", 9);
      fires.stream()
          .filter(fire -> fire.state().equals("SKIPPED"))
          .forEach(fire -> assertThat(fire.reason()).startsWith("no service ran at that time"));
      List<String> states = new ArrayList<>(fires.stream().map(FireView::state).toList());
      Collections.reverse(states);
      return states;
    }
  }

  @Test
  void overlapJudgesAFireThatIsInTime() throws Exception {
    assertThat(secondFire("overlap: queue").state()).isEqualTo("QUEUED");
    FireView skipped = secondFire("overlap: skip");
    assertThat(skipped.state()).isEqualTo("SKIPPED");
    assertThat(skipped.reason()).isEqualTo("execution 1 still ran (overlap: skip)");
    FireView failed = secondFire("overlap: fail");
    assertThat(failed.state()).isEqualTo("FAILED");
    assertThat(failed.reason()).isEqualTo("execution 1 still ran (overlap: fail)");
  }

  private static FireView secondFire(String overlap) throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = new World(databases).with(Clocked.class).beforeClose(() -> held.countDown())) {
      world.job("mark", "schedule: { every: 1m, " + overlap + " }\nsteps: [{ name: s, tasklet: hold }]\n");
      hold();
      at(START);
      duties(world).decide("mark");
      at(START.plusSeconds(31));
      duties(world).decide("mark");
      CompletableFuture<Void> run = Background.run(duties(world).next().orElseThrow()::carryOut);
      assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
      at(START.plusSeconds(91));
      duties(world).decide("mark");
      assertThat(duties(world).next()).as("one after another").isEmpty();
      FireView second = world.tranche().schedules().fires("mark", 1).get(0);
      held.countDown();
      run.get(60, TimeUnit.SECONDS);
      return second;
    }
  }

  @Test
  void aClockThatIsPutBackFindsItsTimesDecided() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases, "every: 1m, missed: run-last, overlap: queue")) {
      at(START);
      duties(world).decide("mark");
      at(START.plus(Duration.ofDays(1)));
      Instant next = duties(world).decide("mark");
      assertThat(next).isEqualTo("2026-11-26T10:01:00Z");
      assertThat(world.count("select count(*) from TRANCHE_FIRE")).isEqualTo(1440);
      assertThat(world.count("select count(*) from TRANCHE_FIRE where STATE = 'QUEUED'"))
          .as("the last that was missed, and the two that are in time")
          .isEqualTo(2);

      at(START.plusSeconds(3600));
      assertThat(duties(world).decide("mark")).isEqualTo(next);
      assertThat(world.count("select count(*) from TRANCHE_FIRE")).isEqualTo(1440);
    }
  }

  @Test
  void pausesResumesSkipsAndFiresByHand() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases, "every: 1m, overlap: queue")) {
      Schedules schedules = world.tranche().schedules();
      at(START);
      duties(world).decide("mark");
      schedules.pause("mark");
      assertThat(schedules.list(1, 1).get(0).paused()).isTrue();
      at(START.plusSeconds(90));
      schedules.resume("mark");
      assertThat(schedules.fires("mark", 9))
          .hasSize(2)
          .allSatisfy(fire -> assertThat(fire.reason()).isEqualTo("the schedule was paused"));

      assertThat(schedules.skipNext("mark").time()).isEqualTo("2026-11-25T10:03:00Z");
      ScheduleView view = schedules.list(2, 9).get(0);
      assertThat(view.next())
          .containsExactly(
              Instant.parse("2026-11-25T10:04:00Z"), Instant.parse("2026-11-25T10:05:00Z"));
      assertThat(view.fallen()).hasSize(3);

      FireView byHand = schedules.fireNow("mark");
      assertThat(byHand.byHand()).isTrue();
      assertThat(schedules.fireNow("mark").time()).isEqualTo(byHand.time().plusMillis(1));
      at(START.plusSeconds(240));
      work(world);
      assertThat(world.sql().sql("select scheduled_at from mark order by 1").query(String.class).list())
          .containsExactly(
              "2026-11-25T10:02:00.001Z", "2026-11-25T10:02:00.002Z", "2026-11-25T10:04:00Z");
    }
  }

  @Test
  void whatWasDueBeforeAnEditWasDueByTheOldTimes() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases, "every: 20m, missed: run-all")) {
      at(START);
      duties(world).decide("mark");
      world.job("mark", job("cron: \"0 30 * * * *\", missed: run-all"));
      at(START.plusSeconds(1800));
      assertThat(duties(world).decide("mark")).isEqualTo("2026-11-25T11:30:00Z");
      assertThat(world.tranche().schedules().fires("mark", 9))
          .extracting(fire -> fire.time().toString())
          .containsExactly("2026-11-25T10:20:00Z");
    }
  }

  @Test
  void refusesWhatIsNotScheduledAndSaysWhatToDo() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = new World(databases).with(Clocked.class)) {
      world.job("plain", "steps: [{ name: s, tasklet: hold }]\n");
      assertThatThrownBy(() -> world.tranche().schedules().pause("plain"))
          .isInstanceOf(RefusedException.class)
          .hasMessage(
              "job 'plain' has no schedule, or problems. Add 'schedule:' to its file, or run it with:"
                  + " run plain");
      assertThat(duties(world).decide("plain")).isNull();
    }
  }

  @EveryDatabase
  void whereverAProcessDiesTheFireBecomesOneRun(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases, "every: 1m, missed: run-all, overlap: queue")) {
      at(START);
      duties(world).decide("mark");
      at(START.plusSeconds(3 * 60));
      duties(world).decide("mark");
      // Before the first became an execution, after the second had ended, and the third by hand.
      byHand(world, "2026-11-25T10:02:00Z");
      byHand(world, "2026-11-25T10:03:00Z");
      claimedByTheDead(world, "2026-11-25T10:01:00Z");
      claimedByTheDead(world, "2026-11-25T10:02:00Z");

      work(world);

      assertThat(world.sql().sql("select scheduled_at from mark order by 1").query(String.class).list())
          .containsExactly("2026-11-25T10:01:00Z", "2026-11-25T10:02:00Z", "2026-11-25T10:03:00Z");
      assertThat(world.tranche().schedules().fires("mark", 9))
          .hasSize(3)
          .allSatisfy(fire -> {
            assertThat(fire.state()).isEqualTo("RAN");
            assertThat(world.tranche().show(fire.execution()).status()).isEqualTo("COMPLETED");
          });
    }
  }

  private static void byHand(World world, String time) {
    world.tranche().run("mark", Map.of("scheduled-at", time), false, RunObserver.NONE);
  }

  private static void claimedByTheDead(World world, String time) {
    assertThat(world
            .sql()
            .sql("update TRANCHE_FIRE set STATE = 'RUNNING', PROCESS_ID = 'gone' where FIRE_TIME = ?")
            .param(Instant.parse(time).toEpochMilli())
            .update())
        .isEqualTo(1);
  }

  @Test
  void whatTheServiceStoppedGoesOnAndWhatSomebodyStoppedDoesNot() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = new World(databases).with(Clocked.class).beforeClose(() -> held.countDown())) {
      world.job(
          "mark",
          """
          schedule: { every: 1m }
          steps:
            - { name: first, tasklet: hold }
            - { name: second, tasklet: hold }
          """);
      hold();
      at(START);
      duties(world).decide("mark");
      at(START.plusSeconds(31));
      duties(world).decide("mark");
      Duties.Duty duty = duties(world).next().orElseThrow();
      CompletableFuture<Void> run = Background.run(duty::carryOut);
      assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<Void> stop = Background.run(() -> world.tranche().stopAll());
      awaitAsked(world);
      held.countDown();
      run.get(60, TimeUnit.SECONDS);
      stop.get(60, TimeUnit.SECONDS);
      FireView stopped = world.tranche().schedules().fires("mark", 1).get(0);
      assertThat(stopped.state()).isEqualTo("QUEUED");
      assertThat(world.tranche().show(stopped.execution()).status()).isEqualTo("STOPPED");

      try (World another = new World(databases).with(Clocked.class)) {
        another.file("jobs/mark.yml", Files.readString(world.path("jobs/mark.yml")));
        duties(another).next().orElseThrow().carryOut();
        FireView ran = another.tranche().schedules().fires("mark", 1).get(0);
        assertThat(ran.state()).isEqualTo("RAN");
        assertThat(ran.execution()).isGreaterThan(stopped.execution());
        assertThat(another.tranche().show(ran.execution()).status()).isEqualTo("COMPLETED");
        assertThat(duties(another).next()).isEmpty();
      }
    }
  }

  private static void awaitAsked(World world) throws InterruptedException {
    BatchTranche tranche = world.context().getBean(BatchTranche.class);
    CountDownLatch asked = new CountDownLatch(1);
    tranche.onStop(1, asked::countDown);
    assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aFireThatCannotRunSaysWhy() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = new World(databases).with(Clocked.class)) {
      world.job(
          "mark",
          """
          schedule: { every: 1m }
          steps:
            - name: load
              read: { type: csv, files: nowhere.csv }
              write: { type: jdbc, table: nothing }
          """);
      at(START);
      duties(world).decide("mark");
      at(START.plusSeconds(31));
      duties(world).decide("mark");
      duties(world).next().orElseThrow().carryOut();

      FireView fire = world.tranche().schedules().fires("mark", 1).get(0);
      assertThat(fire.state()).isEqualTo("FAILED");
      assertThat(fire.reason()).contains("nowhere.csv");
      assertThat(duties(world).next()).isEmpty();
    }
  }

  @Test
  void aBrokenFileStaysAsItWasWhenItWasLastSound() throws Exception {
    try (TestDatabase databases = new TestDatabase(TestDatabase.Kind.H2_MEMORY);
        World world = world(databases, "every: 1m")) {
      JobFolder folder = new JobFolder(
          world.path("jobs"), Placeholders.NONE, true);
      assertThat(folder.changes()).containsExactly(world.path("jobs/mark.yml") + " is there");
      world.job("mark", "schedule: { every: soon }\n");
      List<String> changes = folder.changes();
      assertThat(changes).hasSize(1);
      assertThat(changes.get(0))
          .startsWith(world.path("jobs/mark.yml")
              + " has 2 problems, so the version before it stays in effect:\n  ")
          .contains("mark.yml:2:20: 'schedule.every' must be a duration");
      assertThat(folder.files().get("mark").text()).contains("every: 1m");
      assertThat(folder.files().problems()).hasSize(2);

      world.job("mark", job("every: 2m"));
      assertThat(folder.changes())
          .containsExactly(
              world.path("jobs/mark.yml") + " changed: it takes effect for the next run");
      assertThat(folder.files().get("mark").text()).contains("every: 2m");
      assertThat(folder.files().problems()).isEmpty();

      Files.delete(world.path("jobs/mark.yml"));
      assertThat(folder.changes()).containsExactly(world.path("jobs/mark.yml") + " is gone");
      assertThat(folder.files().byName()).isEmpty();
    }
  }

  private static void hold() {
    begun = new CountDownLatch(1);
    held = new CountDownLatch(1);
  }

  private static void at(Instant now) {
    NOW.set(now);
  }

  private static Duties duties(World world) {
    return world.context().getBean(BatchTranche.class).duties();
  }

  private static World world(TestDatabase databases, String schedule) {
    World world = new World(databases).with(Clocked.class);
    world.sql().sql("create table mark (scheduled_at varchar(40) primary key)").update();
    return world.job("mark", job(schedule));
  }

  private static String job(String schedule) {
    return """
        schedule: { %s }
        steps:
          - name: mark
            sql: insert into mark values ('${scheduled-at}')
        """
        .formatted(schedule);
  }
}
