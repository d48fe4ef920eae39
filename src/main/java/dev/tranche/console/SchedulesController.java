package dev.tranche.console;

import dev.tranche.FireView;
import dev.tranche.NotFoundException;
import dev.tranche.ScheduleView;
import dev.tranche.Schedules;
import dev.tranche.Tranche;
import dev.tranche.json.Json;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** When jobs run by themselves: {@code schedules}. */
@RestController
@RequestMapping(Api.ROOT)
final class SchedulesController {

  private static final int SHOWN = 5;

  private final Tranche tranche;
  private final Answers answers;
  private final Journal journal;

  SchedulesController(Tranche tranche, Answers answers, Journal journal) {
    this.tranche = tranche;
    this.answers = answers;
    this.journal = journal;
  }

  @GetMapping("/schedules")
  ResponseEntity<String> list(
      @RequestParam(defaultValue = "5") int next,
      @RequestParam(defaultValue = "5") int fallen,
      @RequestParam(defaultValue = "0") int offset,
      @RequestParam(defaultValue = "100") int limit) {
    Answers.requireLimit(next);
    Answers.requireLimit(fallen);
    return answers.page(schedules().list(next, fallen), offset, limit, Json::schedule);
  }

  @GetMapping("/fires")
  ResponseEntity<String> fires(
      @RequestParam(required = false) @Nullable String job,
      @RequestParam(defaultValue = "100") int limit) {
    Answers.requireLimit(limit);
    String named = job == null ? null : Bodies.clean("The name of the job", job);
    return answers.ok(Json.list(schedules().fires(named, limit), Json::fire));
  }

  @PostMapping(path = "/schedules/{job}/pause", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<String> pause(
      HttpServletRequest request,
      @PathVariable String job,
      @RequestBody(required = false) @Nullable String body) {
    return change(request, "pause", job, body, schedules()::pause);
  }

  @PostMapping(path = "/schedules/{job}/resume", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<String> resume(
      HttpServletRequest request,
      @PathVariable String job,
      @RequestBody(required = false) @Nullable String body) {
    return change(request, "resume", job, body, schedules()::resume);
  }

  @PostMapping(path = "/schedules/{job}/fire", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<String> fire(
      HttpServletRequest request,
      @PathVariable String job,
      @RequestBody(required = false) @Nullable String body) {
    return fired(request, "fire", job, body, schedules()::fireNow);
  }

  @PostMapping(path = "/schedules/{job}/skip-next", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<String> skipNext(
      HttpServletRequest request,
      @PathVariable String job,
      @RequestBody(required = false) @Nullable String body) {
    return fired(request, "skip-next", job, body, schedules()::skipNext);
  }

  private ResponseEntity<String> change(
      HttpServletRequest request,
      String action,
      String job,
      @Nullable String body,
      Consumer<String> change) {
    ScheduleView changed =
        journal.note(
            request,
            action,
            "schedule of " + job,
            comment(body),
            () -> {
              change.accept(job);
              return find(job);
            },
            view -> view.paused() ? "paused" : "goes on");
    return answers.ok(Json.schedule(changed));
  }

  private ResponseEntity<String> fired(
      HttpServletRequest request,
      String action,
      String job,
      @Nullable String body,
      Function<String, FireView> act) {
    FireView fire =
        journal.note(
            request,
            action,
            "schedule of " + job,
            comment(body),
            () -> act.apply(job),
            view -> "the fire of " + view.time());
    return answers.ok(Json.fire(fire));
  }

  private static @Nullable String comment(@Nullable String body) {
    return Bodies.comment(Bodies.read(body, Bodies.Act.class).comment());
  }

  private ScheduleView find(String job) {
    return schedules().list(SHOWN, SHOWN).stream()
        .filter(view -> view.job().equals(job))
        .findFirst()
        .orElseThrow(() -> new NotFoundException("the schedule of " + job + " is gone"));
  }

  private Schedules schedules() {
    return tranche.schedules();
  }
}
