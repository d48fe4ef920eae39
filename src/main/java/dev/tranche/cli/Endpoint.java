package dev.tranche.cli;

import dev.tranche.NotFoundException;
import dev.tranche.RefusedException;
import dev.tranche.definition.InvalidDefinitionException;
import dev.tranche.json.Json;
import dev.tranche.json.Views;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A service as HTTP sees it: sends requests, and throws what the door would have thrown. Safe for all
 * threads.
 */
final class Endpoint {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final URI server;
  private final @Nullable String authorization;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  private Endpoint(URI server, @Nullable String authorization) {
    this.server = server;
    this.authorization = authorization;
  }

  static boolean isHttp(URI server) {
    return ("http".equals(server.getScheme()) || "https".equals(server.getScheme()))
        && server.getHost() != null
        && server.getUserInfo() == null;
  }

  /** As the user that the environment names. */
  static Endpoint of(URI server) {
    String user = setting("TRANCHE_USER", "tranche.user");
    String password = setting("TRANCHE_PASSWORD", "tranche.password");
    if (user == null || password == null) {
      return new Endpoint(server, null);
    }
    byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new Endpoint(server, "Basic " + Base64.getEncoder().encodeToString(both));
  }

  private static @Nullable String setting(String variable, String property) {
    return Optional.ofNullable(System.getenv(variable)).orElse(System.getProperty(property));
  }

  /** As a part of an address. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  String text(String path) {
    return send(request(path).GET().timeout(PATIENCE), BodyHandlers.ofString()).body();
  }

  JsonNode get(String path) {
    return Views.read(text(path));
  }

  JsonNode post(String path, Map<String, ? extends @Nullable Object> body) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .timeout(PATIENCE)
            .POST(BodyPublishers.ofString(Json.text(body)));
    return Views.read(send(request, BodyHandlers.ofString()).body());
  }

  /** An answer that comes bit by bit. */
  InputStream stream(String path) {
    return send(request(path).GET(), BodyHandlers.ofInputStream()).body();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve("/api/v1" + path));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return request;
  }

  private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
    try {
      HttpResponse<T> answer = http.send(request.build(), body);
      if (answer.statusCode() >= 300) {
        throw failure(answer.statusCode(), words(answer.body()));
      }
      return answer;
    } catch (IOException away) {
      throw new RemoteException(
          "No service answers at " + server + ": " + away
              + "\nStart one with serve, or name another address.",
          ExitCode.FAILED);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new RemoteException("interrupted", ExitCode.FAILED);
    }
  }

  private static String words(Object body) {
    try {
      return body instanceof InputStream stream
          ? new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          : String.valueOf(body);
    } catch (IOException cut) {
      return "";
    }
  }

  private RuntimeException failure(int status, String body) {
    JsonNode problem = problem(body);
    String detail = problem.path("detail").asString("The service answers " + status + ".");
    return switch (problem.path("type").asString("")) {
      case "urn:tranche:not-found" -> new NotFoundException(detail);
      case "urn:tranche:refused" -> new RefusedException(detail);
      case "urn:tranche:invalid-definition" ->
          new InvalidDefinitionException(Views.list(problem.path("problems"), Views::problem));
      case "urn:tranche:unauthorized" ->
          new RefusedException(
              detail + " Set TRANCHE_USER and TRANCHE_PASSWORD to those of a user of " + server);
      case "urn:tranche:forbidden" -> new RefusedException(detail);
      default -> new RemoteException(detail, problem.path("exitCode").asInt(ExitCode.FAILED));
    };
  }

  private static JsonNode problem(String body) {
    try {
      return Views.read(body);
    } catch (JacksonException somethingElse) {
      return Views.read("{}");
    }
  }
}
