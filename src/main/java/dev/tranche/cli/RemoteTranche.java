package dev.tranche.cli;

import dev.tranche.ExecutionView;
import dev.tranche.PartitionView;
import dev.tranche.PurgeRule;
import dev.tranche.PurgeView;
import dev.tranche.RejectGroupView;
import dev.tranche.RejectView;
import dev.tranche.RunObserver;
import dev.tranche.Schedules;
import dev.tranche.Tranche;
import dev.tranche.definition.Problem;
import dev.tranche.definition.With;
import dev.tranche.json.Views;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The door of a service, knocked on over HTTP. Safe for all threads. */
final class RemoteTranche implements Tranche {

  private static final int PAGE = 1000;

  private final Endpoint service;
  private final @Nullable String comment;
  private final Following following;

  /** @param comment for the service's audit trail */
  RemoteTranche(Endpoint service, @Nullable String comment) {
    this.service = service;
    this.comment = comment;
    this.following = new Following(service);
  }

  @Override
  public Jobs jobs() {
    return new Jobs(
        pages("/jobs?", Integer.MAX_VALUE, Views::job),
        findings().stream().filter(problem -> !problem.isNote()).toList());
  }

  private List<Problem> findings() {
    return pages("/problems?", Integer.MAX_VALUE, Views::problem);
  }

  @Override
  public List<Problem> lint(List<Path> files) {
    List<Problem> found = new ArrayList<>(files.isEmpty() ? findings() : List.of());
    for (Path file : files) {
      try {
        found.addAll(lint(file.toString(), Files.readString(file)));
      } catch (IOException unreadable) {
        found.add(new Problem(file.toString(), 0, 0, "cannot be read: " + unreadable + "."));
      }
    }
    return found;
  }

  @Override
  public List<Problem> lint(String file, String text) {
    return Views.list(
        service.post("/problems", Map.of("file", file, "text", text)), Views::problem);
  }

  @Override
  public String schema() {
    return service.text("/schema");
  }

  @Override
  public ExecutionView run(
      String job, Map<String, String> parameters, boolean anew, RunObserver observer) {
    return following.toTheEnd(start(job, parameters, anew), observer);
  }

  @Override
  public ExecutionView start(String job, Map<String, String> parameters, boolean anew) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("parameters", parameters);
    body.put("new", anew);
    body.put("comment", comment);
    return Views.execution(
        service.post("/jobs/" + Endpoint.encoded(job) + "/executions", body));
  }

  @Override
  public ExecutionView restart(
      long execution, Set<String> only, @Nullable With with, RunObserver observer) {
    return following.toTheEnd(start(execution, only, with), observer);
  }

  @Override
  public ExecutionView start(long execution, Set<String> only, @Nullable With with) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("only", only);
    body.put("with", with == null ? null : with.name().toLowerCase(Locale.ROOT));
    body.put("comment", comment);
    return Views.execution(service.post(of(execution) + "/restart", body));
  }

  @Override
  public RestartPlan plan(long execution, Set<String> only, @Nullable With with) {
    StringJoiner query = new StringJoiner("&", "?", "");
    only.forEach(name -> query.add("only=" + Endpoint.encoded(name)));
    if (with != null) {
      query.add("with=" + with.name().toLowerCase(Locale.ROOT));
    }
    return Views.plan(service.get(of(execution) + "/plan" + query));
  }

  @Override
  public void stop(long execution) {
    service.post(of(execution) + "/stop", commented());
  }

  /** What runs at the service goes on: nobody here has a claim on it. */
  @Override
  public void stopAll() {
    following.leave();
  }

  @Override
  public List<Recovery> recover() {
    return Views.list(service.post("/recovery", commented()), Views::recovery);
  }

  @Override
  public Recovery recover(long execution) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("execution", execution);
    body.put("comment", comment);
    return Views.list(service.post("/recovery", body), Views::recovery).get(0);
  }

  @Override
  public Schedules schedules() {
    return new RemoteSchedules(service, comment);
  }

  @Override
  public PurgeView purge(@Nullable String job, @Nullable PurgeRule rule, boolean dryRun) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("job", job);
    body.put("rule", rule == null ? null : rule.byStatus());
    body.put("openRejects", rule == null ? null : rule.openRejects());
    body.put("dryRun", dryRun);
    body.put("comment", comment);
    return Views.purge(service.post("/purge", body));
  }

  @Override
  public ExecutionView abandon(long execution) {
    return Views.execution(service.post(of(execution) + "/abandon", commented()));
  }

  @Override
  public List<ExecutionView> executions(@Nullable String job, long before, int limit) {
    List<ExecutionView> all = new ArrayList<>();
    long from = before;
    while (all.size() < limit) {
      int wanted = Math.min(PAGE, limit - all.size());
      String named = job == null ? "" : "&job=" + Endpoint.encoded(job);
      JsonNode page =
          service.get("/executions?before=" + from + "&limit=" + wanted + named);
      all.addAll(Views.list(page, Views::execution));
      if (page.size() < wanted) {
        break;
      }
      from = all.get(all.size() - 1).execution();
    }
    return all;
  }

  @Override
  public ExecutionView show(long execution) {
    return Views.execution(service.get(of(execution)));
  }

  @Override
  public List<PartitionView> partitions(long execution) {
    return pages(of(execution) + "/partitions?", Integer.MAX_VALUE, Views::partition);
  }

  @Override
  public List<RejectView> rejects(long execution, int offset, int limit) {
    return pages(of(execution) + "/rejects?", offset, limit, Views::reject);
  }

  @Override
  public List<RejectGroupView> rejectGroups(long execution) {
    return pages(of(execution) + "/reject-groups?", Integer.MAX_VALUE, Views::rejectGroup);
  }

  @Override
  public ExecutionView redrive(long execution, RunObserver observer) {
    return following.toTheEnd(startRedrive(execution), observer);
  }

  @Override
  public ExecutionView startRedrive(long execution) {
    return Views.execution(service.post(of(execution) + "/redrive", commented()));
  }

  /** Whether the service's lease is renewed is its own to tell: it is in its health. */
  @Override
  public @Nullable String leaseTrouble() {
    return null;
  }

  @Override
  public Explanation explain(String job, Map<String, String> parameters) {
    StringJoiner query = new StringJoiner("&", "?", "");
    parameters.forEach(
        (name, value) -> query.add(Endpoint.encoded(name) + "=" + Endpoint.encoded(value)));
    return Views.explanation(
        service.get("/jobs/" + Endpoint.encoded(job) + "/explanation" + query));
  }

  private static String of(long execution) {
    return "/executions/" + execution;
  }

  private Map<String, String> commented() {
    return comment == null ? Map.of() : Map.of("comment", comment);
  }

  private <T> List<T> pages(String path, int limit, Function<JsonNode, T> view) {
    return pages(path, 0, limit, view);
  }

  private <T> List<T> pages(String path, int offset, int limit, Function<JsonNode, T> view) {
    List<T> all = new ArrayList<>();
    while (all.size() < limit) {
      int wanted = Math.min(PAGE, limit - all.size());
      JsonNode page =
          service.get(path + "offset=" + (offset + all.size()) + "&limit=" + wanted);
      all.addAll(Views.list(page, view));
      if (page.size() < wanted) {
        break;
      }
    }
    return all;
  }
}
