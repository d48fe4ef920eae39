package dev.tranche.console;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The logs of runs, as text; a part of one by a {@code Range} header. */
@RestController
@RequestMapping(Api.EXECUTIONS)
final class LogsController {

  private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

  private final RunLogs logs;

  LogsController(RunLogs logs) {
    this.logs = logs;
  }

  @GetMapping("/{execution}/log")
  ResponseEntity<Resource> ofExecution(@PathVariable long execution) {
    return text(logs.find(execution));
  }

  @GetMapping("/{execution}/partitions/{step}/{partition}/log")
  ResponseEntity<Resource> ofPartition(
      @PathVariable long execution, @PathVariable String step, @PathVariable String partition) {
    return text(logs.find(execution, step, partition));
  }

  private static ResponseEntity<Resource> text(Path file) {
    return ResponseEntity.ok().contentType(TEXT).body(new FileSystemResource(file));
  }
}
