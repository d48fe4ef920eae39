package dev.tranche.console;

import dev.tranche.ExecutionView;
import dev.tranche.PurgeView;
import dev.tranche.Tranche.Recovery;
import dev.tranche.Tranche;
import dev.tranche.definition.Secrets;
import dev.tranche.definition.With;
import dev.tranche.json.Json;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What changes something: {@code run}, {@code restart}, {@code rejects --redrive}, {@code stop},
 * {@code abandon}, {@code recover}, {@code purge}. Each is noted, with a comment if there is one.
 */
@RestController
@RequestMapping(path = Api.ROOT, consumes = MediaType.APPLICATION_JSON_VALUE)
final class ActionsController {

  private final Tranche tranche;
  private final Answers answers;
  private final Journal journal;

  ActionsController(Tranche tranche, Answers answers, Journal journal) {
    this.tranche = tranche;
    this.answers = answers;
    this.journal = journal;
  }

  @PostMapping("/jobs/{job}/executions")
  ResponseEntity<String> run(
      HttpServletRequest request,
      @PathVariable String job,
      @RequestBody(required = false) @Nullable String body) {
    Bodies.Start given = Bodies.read(body, Bodies.Start.class);
    Map<String, String> parameters = Bodies.clean(given.parameters());
    boolean anew = Boolean.TRUE.equals(given.anew());
    String subject = "job " + job + described(parameters) + (anew ? ", anew" : "");
    return begun(
        journal.note(
            request,
            "run",
            subject,
            Bodies.comment(given.comment()),
            () -> tranche.start(job, parameters, anew),
            ActionsController::begunAs));
  }

  @PostMapping("/executions/{execution}/restart")
  ResponseEntity<String> restart(
      HttpServletRequest request,
      @PathVariable long execution,
      @RequestBody(required = false) @Nullable String body) {
    Bodies.Restart given = Bodies.read(body, Bodies.Restart.class);
    Set<String> only = given.only() == null ? Set.of() : Set.copyOf(given.only());
    With with = ExecutionsController.with(given.with());
    return begun(
        journal.note(
            request,
            "restart",
            "execution " + execution + (only.isEmpty() ? "" : ", only " + only),
            Bodies.comment(given.comment()),
            () -> tranche.start(execution, only, with),
            ActionsController::begunAs));
  }

  @PostMapping("/executions/{execution}/redrive")
  ResponseEntity<String> redrive(
      HttpServletRequest request,
      @PathVariable long execution,
      @RequestBody(required = false) @Nullable String body) {
    return begun(
        act(
            request, "redrive", execution, body, () -> tranche.startRedrive(execution),
            ActionsController::begunAs));
  }

  @PostMapping("/executions/{execution}/stop")
  ResponseEntity<String> stop(
      HttpServletRequest request,
      @PathVariable long execution,
      @RequestBody(required = false) @Nullable String body) {
    Supplier<Long> act =
        () -> {
          tranche.stop(execution);
          return execution;
        };
    long asked = act(request, "stop", execution, body, act, done -> "asked");
    return answers.ok(Json.asked(asked));
  }

  @PostMapping("/executions/{execution}/abandon")
  ResponseEntity<String> abandon(
      HttpServletRequest request,
      @PathVariable long execution,
      @RequestBody(required = false) @Nullable String body) {
    ExecutionView given =
        act(
            request, "abandon", execution, body, () -> tranche.abandon(execution),
            ExecutionView::status);
    return answers.ok(Json.execution(given));
  }

  @PostMapping("/recovery")
  ResponseEntity<String> recover(
      HttpServletRequest request, @RequestBody(required = false) @Nullable String body) {
    Bodies.Recover given = Bodies.read(body, Bodies.Recover.class);
    Long execution = given.execution();
    List<Recovery> found =
        journal.note(
            request,
            "recover",
            execution == null ? "" : "execution " + execution,
            Bodies.comment(given.comment()),
            () -> execution == null ? tranche.recover() : List.of(tranche.recover(execution)),
            all -> all.stream().filter(Recovery::settled).count() + " settled");
    return answers.ok(Json.list(found, Json::recovery));
  }

  @PostMapping("/purge")
  ResponseEntity<String> purge(
      HttpServletRequest request, @RequestBody(required = false) @Nullable String body) {
    Bodies.Purge given = Bodies.read(body, Bodies.Purge.class);
    boolean dryRun = Boolean.TRUE.equals(given.dryRun());
    String job = given.job() == null ? null : Bodies.clean("The name of the job", given.job());
    PurgeView purged =
        journal.note(
            request,
            dryRun ? "purge --dry-run" : "purge",
            job == null ? "" : "job " + job,
            Bodies.comment(given.comment()),
            () -> tranche.purge(job, given.asRule(), dryRun),
            view -> view.jobs().stream().mapToLong(PurgeView.Purged::instances).sum()
                + " instances");
    return answers.ok(Json.purge(purged));
  }

  private <T> T act(
      HttpServletRequest request,
      String action,
      long execution,
      @Nullable String body,
      Supplier<T> act,
      Function<T, String> outcome) {
    String comment = Bodies.comment(Bodies.read(body, Bodies.Act.class).comment());
    return journal.note(request, action, "execution " + execution, comment, act, outcome);
  }

  private ResponseEntity<String> begun(ExecutionView execution) {
    URI location = URI.create(Api.EXECUTIONS + "/" + execution.execution());
    return answers.accepted(location, Json.execution(execution));
  }

  private static String begunAs(ExecutionView execution) {
    return "execution " + execution.execution();
  }

  private static String described(Map<String, String> parameters) {
    Map<String, String> masked = new TreeMap<>(parameters);
    masked.replaceAll((name, value) -> Secrets.isSecret(name) ? Secrets.MASK : value);
    return masked.isEmpty() ? "" : " with " + masked;
  }
}
