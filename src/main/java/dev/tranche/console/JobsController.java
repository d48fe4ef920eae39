package dev.tranche.console;

import dev.tranche.Tranche;
import dev.tranche.Tranche.JobView;
import dev.tranche.Tranche.Jobs;
import dev.tranche.NotFoundException;
import dev.tranche.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Jobs and job files: {@code jobs}, {@code explain}, {@code lint}, {@code schema}. */
@RestController
@RequestMapping(Api.ROOT)
final class JobsController {

  private final Tranche tranche;
  private final Answers answers;

  JobsController(Tranche tranche, Answers answers) {
    this.tranche = tranche;
    this.answers = answers;
  }

  @GetMapping("/jobs")
  ResponseEntity<String> jobs(
      @RequestParam(defaultValue = "0") int offset,
      @RequestParam(defaultValue = "100") int limit) {
    return answers.page(tranche.jobs().jobs(), offset, limit, Json::job);
  }

  @GetMapping("/jobs/{job}")
  ResponseEntity<String> job(@PathVariable String job) {
    Jobs jobs = tranche.jobs();
    JobView found =
        jobs.jobs().stream()
            .filter(view -> view.name().equals(job))
            .findFirst()
            .orElseThrow(() -> new NotFoundException("there is no job '" + job + "'"));
    return answers.ok(Json.job(found));
  }

  /** All parameters of the query are the job's. */
  @GetMapping("/jobs/{job}/explanation")
  ResponseEntity<String> explain(
      @PathVariable String job, @RequestParam Map<String, String> parameters) {
    Map<String, String> given = Bodies.clean(new LinkedHashMap<>(parameters));
    return answers.ok(Json.explanation(tranche.explain(job, given)));
  }

  @GetMapping("/problems")
  ResponseEntity<String> problems(
      @RequestParam(defaultValue = "0") int offset,
      @RequestParam(defaultValue = "100") int limit) {
    return answers.page(tranche.lint(List.of()), offset, limit, Json::problem);
  }

  /** Of a file that the service does not have; it is not stored. */
  @PostMapping(value = "/problems", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<String> lint(@RequestBody(required = false) String body) {
    Bodies.File given = Bodies.read(body, Bodies.File.class);
    if (given.file() == null || given.text() == null) {
      throw new WrongRequestException("A file to look at has a 'file', its name, and a 'text'.");
    }
    return answers.ok(Json.list(tranche.lint(given.file(), given.text()), Json::problem));
  }

  @GetMapping("/schema")
  ResponseEntity<String> schema() {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(tranche.schema());
  }
}
