package dev.tranche.console;

import dev.tranche.AuditTrail;
import dev.tranche.AuditView;
import dev.tranche.json.Json;
import java.util.List;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Who did what, and when. */
@RestController
@RequestMapping(Api.ROOT + "/audit")
final class AuditController {

  private final AuditTrail trail;
  private final Answers answers;

  AuditController(AuditTrail trail, Answers answers) {
    this.trail = trail;
    this.answers = answers;
  }

  @GetMapping
  ResponseEntity<String> entries(
      @RequestParam(defaultValue = "9223372036854775807") long before,
      @RequestParam(defaultValue = "20") int limit) {
    Answers.requireLimit(limit);
    List<AuditView> page = trail.entries(before, limit);
    boolean full = page.size() == limit;
    return answers.page(
        Json.list(page, Json::audit), full ? Map.of("before", page.get(limit - 1).entry()) : null);
  }
}
