package dev.tranche.cli;

import dev.tranche.FireView;
import dev.tranche.ScheduleView;
import dev.tranche.Schedules;
import dev.tranche.json.Views;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The schedules of a service, over HTTP. Safe for all threads. */
record RemoteSchedules(Endpoint service, @Nullable String comment) implements Schedules {

  private static final int PAGE = 1000;

  @Override
  public List<ScheduleView> list(int next, int fallen) {
    String query = "?limit=" + PAGE + "&next=" + next + "&fallen=" + fallen;
    return Views.list(service.get("/schedules" + query), Views::schedule);
  }

  @Override
  public List<FireView> fires(@Nullable String job, int limit) {
    String named = job == null ? "" : "&job=" + Endpoint.encoded(job);
    return Views.list(service.get("/fires?limit=" + limit + named), Views::fire);
  }

  @Override
  public void pause(String job) {
    post(job, "pause");
  }

  @Override
  public void resume(String job) {
    post(job, "resume");
  }

  @Override
  public FireView fireNow(String job) {
    return Views.fire(post(job, "fire"));
  }

  @Override
  public FireView skipNext(String job) {
    return Views.fire(post(job, "skip-next"));
  }

  private JsonNode post(String job, String action) {
    return service.post(
        "/schedules/" + Endpoint.encoded(job) + "/" + action,
        comment == null ? Map.of() : Map.of("comment", comment));
  }
}
