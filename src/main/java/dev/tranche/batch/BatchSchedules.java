package dev.tranche.batch;

import dev.tranche.FireView;
import dev.tranche.RefusedException;
import dev.tranche.ScheduleView;
import dev.tranche.Schedules;
import dev.tranche.definition.ScheduleDefinition;
import dev.tranche.definition.Timetable;
import dev.tranche.store.Fire;
import dev.tranche.store.Fires;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Schedules as the job files say, and their fires as the tables say. Safe for all threads. */
final class BatchSchedules implements Schedules {

  private final Engine engine;
  private final JobSource jobs;
  private final Fires fires;
  private final Runnable ready;
  private final InstantSource clock;
  private final Duration late;

  /**
   * @param ready makes sure that the tables of a service are there
   * @param late how long after its time a fire is still in time
   */
  BatchSchedules(
      Engine engine,
      JobSource jobs,
      Fires fires,
      Runnable ready,
      InstantSource clock,
      Duration late) {
    this.engine = engine;
    this.jobs = jobs;
    this.fires = fires;
    this.ready = ready;
    this.clock = clock;
    this.late = late;
  }

  @Override
  public List<ScheduleView> list(int next, int fallen) {
    requireTables();
    Map<String, List<FireView>> open = new TreeMap<>();
    for (Fire fire : fires.open()) {
      open.computeIfAbsent(fire.job(), job -> new ArrayList<>()).add(view(fire));
    }
    List<ScheduleView> views = new ArrayList<>();
    jobs.schedules()
        .forEach((job, schedule) -> views.add(
            view(job, schedule, next, open.getOrDefault(job, List.of()), fallen)));
    return views;
  }

  private ScheduleView view(
      String job, ScheduleDefinition schedule, int next, List<FireView> open, int fallen) {
    Fires.Timing timing = fires.timing(job).orElse(rules(job, schedule).first());
    return new ScheduleView(
        job,
        times(schedule),
        schedule.zone().getId(),
        kebab(schedule.missed()),
        kebab(schedule.overlap()),
        timing.paused(),
        next(job, Timetable.of(schedule), timing, next),
        open,
        fires.fallen(job, fallen).stream().map(BatchSchedules::view).toList(),
        fires.lastRun(job).map(BatchSchedules::view).orElse(null));
  }

  /** Those that are due and not decided yet are the first of them. */
  private List<Instant> next(String job, Timetable times, Fires.Timing timing, int count) {
    List<Instant> next = new ArrayList<>();
    Instant time = times.next(timing.decidedTo());
    while (time != null && next.size() < count) {
      if (fires.find(job, time).isEmpty()) {
        next.add(time);
      }
      time = times.next(time);
    }
    return next;
  }

  private static String times(ScheduleDefinition schedule) {
    Duration every = schedule.every();
    return every == null ? String.valueOf(schedule.cron()) : "every " + Words.duration(every);
  }

  private static String kebab(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public List<FireView> fires(@Nullable String job, int limit) {
    requireTables();
    return fires.newest(job, limit).stream().map(BatchSchedules::view).toList();
  }

  @Override
  public void pause(String job) {
    setPaused(job, true);
  }

  @Override
  public void resume(String job) {
    setPaused(job, false);
  }

  private void setPaused(String job, boolean paused) {
    FireRules rules = decided(job);
    fires.decide(job, rules.first(), (timing, page) -> {
      page.store(new Fires.Timing(timing.times(), timing.decidedTo(), paused));
      return timing;
    });
  }

  @Override
  public FireView fireNow(String job) {
    FireRules rules = decided(job);
    return fires.decide(job, rules.first(), (timing, page) -> {
      Fire fire = byHand(rules, page);
      page.add(fire);
      return view(fire);
    });
  }

  /** Another one of the same millisecond has the next one. */
  private static Fire byHand(FireRules rules, Fires.Page page) throws SQLException {
    Instant time = rules.now();
    while (page.has(time)) {
      time = time.plusMillis(1);
    }
    return new Fire(rules.job(), time, true, Fire.State.QUEUED, null, rules.now(), null, 0);
  }

  @Override
  public FireView skipNext(String job) {
    FireRules rules = decided(job);
    return fires.decide(job, rules.first(), (timing, page) -> {
      Instant time = rules.timetable().next(timing.decidedTo());
      while (time != null && page.has(time)) {
        time = rules.timetable().next(time);
      }
      if (time == null) {
        throw new RefusedException("the schedule of '" + job + "' never fires again");
      }
      Fire fire = rules.fire(time, Fire.State.SKIPPED, "somebody said to skip it");
      page.add(fire);
      return view(fire);
    });
  }

  /** The rules for a job, all of whose times up to now are decided by them. */
  FireRules decided(String job) {
    requireTables();
    ScheduleDefinition schedule = jobs.schedules().get(job);
    if (schedule == null) {
      jobs.file(job);
      throw new RefusedException(
          "job '" + job + "' has no schedule, or problems. Add 'schedule:' to its file, or run it with: run "
              + job);
    }
    FireRules rules = rules(job, schedule);
    Fires.Timing timing;
    do {
      timing = fires.decide(job, rules.first(), rules::decide);
    } while (!rules.isDone(timing));
    return rules;
  }

  /** Fires that run or are to, in the order of their times. */
  List<Fire> open() {
    requireTables();
    return fires.open();
  }

  private FireRules rules(String job, ScheduleDefinition schedule) {
    return new FireRules(job, schedule, clock.instant().truncatedTo(ChronoUnit.MILLIS), late);
  }

  void requireTables() {
    engine.requireRepository();
    ready.run();
  }

  static FireView view(Fire fire) {
    return new FireView(
        fire.job(),
        fire.time(),
        fire.byHand(),
        fire.state().name(),
        fire.reason(),
        fire.decided(),
        fire.execution() == 0 ? null : fire.execution());
  }
}
