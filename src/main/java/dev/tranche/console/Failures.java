package dev.tranche.console;

import dev.tranche.NotFoundException;
import dev.tranche.RefusedException;
import dev.tranche.UntoldException;
import dev.tranche.definition.InvalidDefinitionException;
import dev.tranche.json.Json;
import java.sql.SQLException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** What went wrong, as problem details. The exit codes are those of the command line. */
@RestControllerAdvice(basePackageClasses = Failures.class)
final class Failures extends ResponseEntityExceptionHandler {

  private static final Log log = LogFactory.getLog(Failures.class);

  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;
  private static final int REFUSED = 3;

  private final Problems problems;

  Failures(Problems problems) {
    this.problems = problems;
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> notFound(NotFoundException unknown) {
    return answer(problem(HttpStatus.NOT_FOUND, "not-found", unknown, REFUSED));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> refused(RefusedException refused) {
    return answer(problem(HttpStatus.CONFLICT, "refused", refused, REFUSED));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> invalid(InvalidDefinitionException invalid) {
    ProblemDetail problem =
        problem(HttpStatus.UNPROCESSABLE_CONTENT, "invalid-definition", invalid, WRONG_USAGE);
    problem.setProperty("problems", Json.list(invalid.problems(), Json::problem));
    return answer(problem);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> wrong(WrongRequestException wrong) {
    return answer(problem(HttpStatus.BAD_REQUEST, "wrong-request", wrong, WRONG_USAGE));
  }

  /** As Spring Security finds out only when a parameter is read. */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> rejected(RequestRejectedException rejected) {
    return answer(problem(HttpStatus.BAD_REQUEST, "wrong-request", rejected, WRONG_USAGE));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> busy(BusyException busy) {
    return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
        .header("Retry-After", "5")
        .body(problem(HttpStatus.SERVICE_UNAVAILABLE, "busy", busy, FAILED));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> untold(UntoldException untold) {
    return answer(problem(HttpStatus.INTERNAL_SERVER_ERROR, "untold", untold, FAILED));
  }

  /** A database that is away is nobody's mistake; all else is ours. */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> failed(RuntimeException failure) {
    if (hasDatabaseCause(failure)) {
      log.warn("A request failed at the database: " + failure.getMessage());
      return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
          .header("Retry-After", "5")
          .body(problem(HttpStatus.SERVICE_UNAVAILABLE, "database", failure, FAILED));
    }
    log.error("A request failed", failure);
    return answer(
        problems.of(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "failed",
            "This is a bug in tranche; the service's log has more.",
            FAILED));
  }

  private static boolean hasDatabaseCause(Throwable failure) {
    for (Throwable it = failure; it != null; it = it.getCause()) {
      if (it instanceof SQLException) {
        return true;
      }
    }
    return false;
  }

  private ProblemDetail problem(
      HttpStatus status, String type, RuntimeException failure, int exitCode) {
    return problems.of(status, type, String.valueOf(failure.getMessage()), exitCode);
  }

  private static ResponseEntity<ProblemDetail> answer(ProblemDetail problem) {
    return ResponseEntity.status(problem.getStatus()).body(problem);
  }
}
