package dev.tranche.cli;

import dev.tranche.FireView;
import dev.tranche.ScheduleView;
import dev.tranche.Schedules;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The schedule of the earthquakes: at a quarter past two, but for a night without a service. */
record FakeSchedules(List<String> asked) implements Schedules {

  private static final Instant NEXT = Instant.parse("2026-11-23T02:15:00Z");
  private static final FireView RAN = new FireView(
      "load-earthquakes",
      Instant.parse("2026-11-22T02:15:00Z"),
      false,
      "RAN",
      null,
      Instant.parse("2026-11-22T02:15:00.412Z"),
      1L);
  private static final FireView MISSED = new FireView(
      "load-earthquakes",
      Instant.parse("2026-11-20T02:15:00Z"),
      false,
      "SKIPPED",
      "no service ran at that time, and a later fire makes up for it (missed: run-last)",
      Instant.parse("2026-11-21T08:00:12.003Z"),
      null);

  @Override
  public List<ScheduleView> list(int next, int fallen) {
    return List.of(new ScheduleView(
        "load-earthquakes",
        "0 15 2 * * *",
        "UTC",
        "run-last",
        "skip",
        false,
        List.of(NEXT, NEXT.plusSeconds(86_400)),
        List.of(),
        List.of(MISSED),
        RAN));
  }

  @Override
  public List<FireView> fires(@Nullable String job, int limit) {
    return List.of(RAN, MISSED);
  }

  @Override
  public void pause(String job) {
    asked.add("pause " + job);
  }

  @Override
  public void resume(String job) {
    asked.add("resume " + job);
  }

  @Override
  public FireView fireNow(String job) {
    asked.add("fire " + job);
    return byHand(Instant.parse("2026-11-22T10:00:00.120Z"), "QUEUED", null);
  }

  @Override
  public FireView skipNext(String job) {
    asked.add("skip " + job);
    return byHand(NEXT, "SKIPPED", "somebody said to skip it");
  }

  private static FireView byHand(Instant time, String state, @Nullable String reason) {
    return new FireView(
        "load-earthquakes",
        time,
        state.equals("QUEUED"),
        state,
        reason,
        Instant.parse("2026-11-22T10:00:00.120Z"),
        null);
  }
}
