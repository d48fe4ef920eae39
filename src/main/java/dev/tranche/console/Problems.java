package dev.tranche.console;

import dev.tranche.definition.Secrets;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** Problem details (RFC 9457), without secrets. Safe for all threads. */
final class Problems {

  private final Secrets secrets;

  Problems(Secrets secrets) {
    this.secrets = secrets;
  }

  /** @param type what clients decide by: {@code urn:tranche:<type>} */
  ProblemDetail of(HttpStatus status, String type, String detail) {
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, secrets.mask(detail));
    problem.setType(URI.create("urn:tranche:" + type));
    problem.setTitle(status.getReasonPhrase());
    return problem;
  }

  /** As of the command line, which exits with {@code exitCode} then. */
  ProblemDetail of(HttpStatus status, String type, String detail, int exitCode) {
    ProblemDetail problem = of(status, type, detail);
    problem.setProperty("exitCode", exitCode);
    return problem;
  }
}
