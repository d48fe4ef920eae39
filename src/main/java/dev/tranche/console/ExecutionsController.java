package dev.tranche.console;

import dev.tranche.ExecutionView;
import dev.tranche.RejectView;
import dev.tranche.Tranche;
import dev.tranche.definition.With;
import dev.tranche.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** What ran: {@code executions}, {@code show}, {@code partitions}, {@code rejects}, and plans. */
@RestController
@RequestMapping(Api.EXECUTIONS)
final class ExecutionsController {

  private final Tranche tranche;
  private final Answers answers;
  private final Live live;

  ExecutionsController(Tranche tranche, Answers answers, Live live) {
    this.tranche = tranche;
    this.answers = answers;
    this.live = live;
  }

  @GetMapping
  ResponseEntity<String> list(
      @RequestParam(required = false) @Nullable String job,
      @RequestParam(defaultValue = "9223372036854775807") long before,
      @RequestParam(defaultValue = "20") int limit) {
    Answers.requireLimit(limit);
    String named = job == null ? null : Bodies.clean("The name of the job", job);
    List<ExecutionView> page = tranche.executions(named, before, limit);
    boolean full = page.size() == limit;
    return answers.page(
        Json.list(page, Json::execution),
        full ? Map.of("before", page.get(limit - 1).execution()) : null);
  }

  @GetMapping("/{execution}")
  ResponseEntity<String> show(@PathVariable long execution) {
    return answers.ok(Json.executionWithSteps(tranche.show(execution)));
  }

  @GetMapping("/{execution}/partitions")
  ResponseEntity<String> partitions(
      @PathVariable long execution,
      @RequestParam(defaultValue = "0") int offset,
      @RequestParam(defaultValue = "100") int limit) {
    return answers.page(tranche.partitions(execution), offset, limit, Json::partition);
  }

  @GetMapping("/{execution}/rejects")
  ResponseEntity<String> rejects(
      @PathVariable long execution,
      @RequestParam(defaultValue = "0") int offset,
      @RequestParam(defaultValue = "100") int limit) {
    Answers.requireLimit(limit);
    Answers.requireOffset(offset);
    List<RejectView> page = tranche.rejects(execution, offset, limit);
    boolean full = page.size() == limit;
    return answers.page(
        Json.list(page, Json::reject), full ? Map.of("offset", offset + limit) : null);
  }

  @GetMapping("/{execution}/reject-groups")
  ResponseEntity<String> rejectGroups(
      @PathVariable long execution,
      @RequestParam(defaultValue = "0") int offset,
      @RequestParam(defaultValue = "100") int limit) {
    return answers.page(tranche.rejectGroups(execution), offset, limit, Json::rejectGroup);
  }

  @GetMapping("/{execution}/plan")
  ResponseEntity<String> plan(
      @PathVariable long execution,
      @RequestParam(defaultValue = "") Set<String> only,
      @RequestParam(required = false) @Nullable String with) {
    return answers.ok(Json.plan(tranche.plan(execution, only, with(with))));
  }

  @GetMapping("/{execution}/events")
  SseEmitter events(@PathVariable long execution) {
    return live.follow(execution);
  }

  static @Nullable With with(@Nullable String with) {
    if (with == null) {
      return null;
    }
    return switch (with.toLowerCase(Locale.ROOT)) {
      case "old" -> With.OLD;
      case "new" -> With.NEW;
      default ->
          throw new WrongRequestException("with is '" + with + "'; it must be old or new.");
    };
  }
}
