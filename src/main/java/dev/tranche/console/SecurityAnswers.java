package dev.tranche.console;

import dev.tranche.json.Json;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.authentication.CredentialsExpiredException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;

/** What those are told who may not do what they asked for, as problem details. */
final class SecurityAnswers implements AuthenticationEntryPoint, AccessDeniedHandler {

  private static final Log log = LogFactory.getLog(SecurityAnswers.class);

  private final Problems problems;
  private final AuthenticationTrustResolver trust = new AuthenticationTrustResolverImpl();

  SecurityAnswers(Problems problems) {
    this.problems = problems;
  }

  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
      throws IOException {
    if (failure instanceof TooManyAttemptsException tooMany) {
      tooMany(response, tooMany.seconds());
      return;
    }
    if (request.getHeader(HttpHeaders.AUTHORIZATION) != null) {
      log.warn("Credentials from " + request.getRemoteAddr() + " were refused");
    }
    boolean expired = failure instanceof CredentialsExpiredException;
    unknown(response, expired ? "These credentials have expired." : "Valid credentials are needed.");
  }

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
      throws IOException {
    Authentication user = SecurityContextHolder.getContext().getAuthentication();
    boolean nobody = user == null || trust.isAnonymous(user);
    boolean forged = denied instanceof CsrfException;
    if (nobody && request.getHeader(HttpHeaders.AUTHORIZATION) == null) {
      unknown(response, "Valid credentials are needed.");
    } else if (forged) {
      write(response, problems.of(HttpStatus.FORBIDDEN, "csrf", CSRF));
    } else {
      log.warn(request.getRemoteUser() + " was refused " + request.getMethod() + " "
          + request.getRequestURI());
      write(
          response,
          problems.of(
              HttpStatus.FORBIDDEN, "forbidden", "The role of this user does not allow that."));
    }
  }

  private static final String CSRF =
      "A request that changes something needs the CSRF token of its session, or HTTP Basic with"
          + " Content-Type: application/json.";

  /** What a form is answered: a page, but for those who have to wait. */
  void formRefused(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
      throws IOException {
    if (failure instanceof TooManyAttemptsException) {
      commence(request, response, failure);
    } else {
      response.sendRedirect(request.getContextPath() + "/login?error");
    }
  }

  private void tooMany(HttpServletResponse response, long seconds) throws IOException {
    response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
    String detail = "Too many wrong passwords. Try again in " + seconds + " s.";
    write(response, problems.of(HttpStatus.TOO_MANY_REQUESTS, "too-many-attempts", detail));
  }

  private void unknown(HttpServletResponse response, String detail) throws IOException {
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"tranche\", charset=\"UTF-8\"");
    write(response, problems.of(HttpStatus.UNAUTHORIZED, "unauthorized", detail));
  }

  private static void write(HttpServletResponse response, ProblemDetail problem)
      throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", String.valueOf(problem.getType()));
    json.put("title", String.valueOf(problem.getTitle()));
    json.put("status", problem.getStatus());
    json.put("detail", String.valueOf(problem.getDetail()));
    response.setStatus(problem.getStatus());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setCharacterEncoding("UTF-8");
    response.getWriter().write(Json.text(json));
  }
}
