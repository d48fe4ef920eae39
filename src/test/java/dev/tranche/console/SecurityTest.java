package dev.tranche.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.console.Service.Answer;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The tables of src/docs/security.md, row by row. */
class SecurityTest {

  private static final List<String> USERS = Arrays.asList(null, "vera", "otto", "anna");

  private static Service service;

  @BeforeAll
  static void start() {
    service = Service.start();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  static Stream<String> requests() throws IOException {
    return Endpoints.documented("security.md").stream();
  }

  @Test
  void everyEndpointIsInTheTables() throws IOException {
    Set<String> documented = Endpoints.documented("security.md");
    documented.removeIf(request -> request.contains("/actuator/"));
    assertThat(documented).isEqualTo(Endpoints.of(service));
    Set<String> described = Endpoints.documented("rest.md");
    described.removeIf(request -> request.contains("/actuator/"));
    assertThat(described).isEqualTo(documented);
  }

  @Test
  void everyRowOfWhatIsTriedIsATest() throws IOException {
    Matcher rows =
        Pattern.compile("\\| `(\\w+)` \\|\\n").matcher(Files.readString(Path.of("src/docs/security.md")));
    Set<String> methods = new TreeSet<>();
    for (var method : SecurityTest.class.getDeclaredMethods()) {
      methods.add(method.getName());
    }
    List<String> named = rows.results().map(row -> row.group(1)).toList();
    assertThat(named).hasSize(11).allSatisfy(test -> assertThat(methods).contains(test));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void eachRoleMayDoWhatTheTableSays(String request) throws IOException {
    MatchResult row =
        Endpoints.rows("security.md").stream()
            .filter(it -> it.group(1).equals(request))
            .findFirst()
            .orElseThrow();
    String[] may = row.group(2).split("\\|");
    for (int i = 0; i < USERS.size(); i++) {
      int status = send(USERS.get(i), request, "999999", "{}").status();
      if (may[i].strip().equals("yes")) {
        assertThat(status).as(USERS.get(i)).isIn(200, 400, 404, 409);
      } else {
        assertThat(status).as(USERS.get(i)).isEqualTo(i == 0 ? 401 : 403);
      }
    }
  }

  /** @param name stands for all that is in braces */
  private static Answer send(String user, String request, String name, String body) {
    String[] parts = request.split(" ");
    String path = parts[1].replaceAll("\\{\\w+}", Matcher.quoteReplacement(name));
    return parts[0].equals("GET") ? service.get(user, path) : service.post(user, path, body);
  }

  @Test
  void refusesNobody() {
    Answer answer = service.get(null, "/api/v1/jobs");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate")).startsWith("Basic realm=\"tranche\"");
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.json().path("detail").asString()).isEqualTo("Valid credentials are needed.");
    assertThat(answer.header("Set-Cookie")).isEmpty();
    Answer page = service.send(null, service.request("/").header("Accept", "text/html").GET());
    assertThat(page.status()).isEqualTo(302);
    assertThat(page.header("Location")).endsWith("/login");
  }

  @ParameterizedTest
  @ValueSource(strings = {"vera", "nobody", "", "anna'--"})
  void refusesWrongCredentials(String user) {
    Answer answer =
        service.send(
            null,
            service
                .request("/api/v1/jobs")
                .header("Authorization", Service.basic(user, "wrong"))
                .GET());
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.json().path("detail").asString()).isEqualTo("Valid credentials are needed.");
  }

  @Test
  void refusesAllAfterManyWrongPasswords() throws IOException {
    try (Service guarded = Service.start(Map.of("tranche.log-in.attempts", "3"))) {
      String session = logIn(guarded, "anna", Service.PASSWORD).header("Set-Cookie").split(";")[0];
      assertThat(guarded.send(null, withPassword(guarded, "anna", "wrong 1")).status()).isEqualTo(401);
      assertThat(logIn(guarded, "anna", "wrong 2").header("Location")).endsWith("/login?error");
      assertThat(guarded.send(null, withPassword(guarded, "anna", "wrong 3")).status()).isEqualTo(401);

      Answer basic = guarded.get("anna", "/api/v1/jobs");
      for (Answer refused : List.of(basic, logIn(guarded, "anna", Service.PASSWORD))) {
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).isEqualTo("60");
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        assertThat(refused.json().path("type").asString()).isEqualTo("urn:tranche:too-many-attempts");
        assertThat(refused.json().path("detail").asString())
            .isEqualTo("Too many wrong passwords. Try again in 60 s.");
      }
      assertThat(guarded.get("vera", "/api/v1/jobs").status()).as("another user").isEqualTo(200);
      Answer open =
          guarded.send(null, guarded.request("/api/v1/audit").header("Cookie", session).GET());
      assertThat(open.status()).as("an open session").isEqualTo(200);
      assertThat(open.body())
          .contains("\"log-in\"", "\"anna\"", "too many wrong passwords: none is looked at for 60 s")
          .doesNotContain("wrong 1");

      guarded.pass(Duration.ofSeconds(59));
      assertThat(guarded.get("anna", "/api/v1/jobs").header("Retry-After")).isEqualTo("1");
      guarded.pass(Duration.ofSeconds(1));
      assertThat(guarded.get("anna", "/api/v1/jobs").status()).isEqualTo(200);
    }
  }

  private static HttpRequest.Builder withPassword(Service at, String user, String password) {
    return at.request("/api/v1/jobs").header("Authorization", Service.basic(user, password)).GET();
  }

  @Test
  void refusesExpiredCredentials() {
    Answer answer = service.get("eve", "/api/v1/jobs");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.json().path("detail").asString())
        .isEqualTo("These credentials have expired.");
  }

  @Test
  void refusesASessionThatIsNone() {
    Answer answer =
        service.send(
            null,
            service
                .request("/api/v1/jobs")
                .header("Cookie", "JSESSIONID=0123456789ABCDEF0123456789ABCDEF")
                .GET());
    assertThat(answer.status()).isEqualTo(401);
  }

  /** What a browser has after its user has logged in. */
  private static String logIn(String user) {
    Answer in = logIn(service, user, Service.PASSWORD);
    assertThat(in.status()).isEqualTo(302);
    String session = in.header("Set-Cookie");
    assertThat(session).contains("HttpOnly");
    return session.split(";")[0];
  }

  /** What the log-in form is answered; a session that it begins is a new one. */
  private static Answer logIn(Service at, String user, String password) {
    Answer page = at.get(null, "/login");
    String cookie = page.header("Set-Cookie").split(";")[0];
    String form =
        "username=" + user + "&password=" + encoded(password) + "&_csrf=" + encoded(token(page));
    Answer in =
        at.send(
            null,
            at.request("/login")
                .header("Cookie", cookie)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    assertThat(in.header("Set-Cookie").split(";")[0]).isNotEqualTo(cookie);
    return in;
  }

  private static String token(Answer page) {
    Matcher hidden = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"").matcher(page.body());
    assertThat(hidden.find()).as(page.body()).isTrue();
    return hidden.group(1);
  }

  @Test
  void refusesAForgedRequest() {
    String session = logIn("anna");
    assertThat(
            service
                .send(null, service.request("/api/v1/jobs").header("Cookie", session).GET())
                .status())
        .isEqualTo(200);
    Answer forged =
        service.send(
            null,
            service
                .request("/api/v1/executions/99/stop")
                .header("Cookie", session)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
    assertThat(forged.status()).isEqualTo(403);
    assertThat(forged.json().path("type").asString()).isEqualTo("urn:tranche:csrf");
    String token =
        token(service.send(null, service.request("/logout").header("Cookie", session).GET()));
    Answer meant =
        service.send(
            null,
            service
                .request("/api/v1/executions/99/stop")
                .header("Cookie", session)
                .header("X-CSRF-TOKEN", token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
    assertThat(meant.status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"})
  void refusesAFormWithRememberedCredentials(String type) {
    Answer forged =
        service.send(
            "anna",
            service
                .request("/api/v1/executions/99/stop")
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString("{}")));
    assertThat(forged.status()).isEqualTo(403);
    assertThat(forged.json().path("type").asString()).isEqualTo("urn:tranche:csrf");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..", "../..", "..%2f..%2fsecret.txt", "%2e%2e", "%2e%2e%2fsecret.txt", "..%5c..%5csecret.txt",
        "%2fetc%2fpasswd", "secret.txt%00", "..;", "%252e%252e%252fsecret.txt"
      })
  void staysInsideItsFolders(String name) throws IOException {
    Files.writeString(service.path("secret.txt"), "the secret of the folder above");
    for (String request : Endpoints.of(service)) {
      if (request.contains("{")) {
        Answer answer = send("anna", request, name, "{}");
        assertThat(answer.status()).as(request).isBetween(300, 499);
        assertThat(answer.body()).doesNotContain("the secret of").doesNotContain("root:");
      }
    }
    String file = "{\"file\":\"../../../../etc/passwd\",\"text\":\"name: x\"}";
    assertThat(service.post("anna", "/api/v1/problems", file).body()).doesNotContain("root:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1' or '1'='1", "1; drop table TRANCHE_RUN; --", "\"; drop table BATCH_JOB_INSTANCE; --",
        "${env.PATH}", "#{T(java.lang.System).exit(1)}", "${jndi:ldap://127.0.0.1:1/x}",
        "<script>alert(1)</script>", "a\r\nSet-Cookie: a=b", "a\0b", "%s%n%x", "-1", "NaN",
        "99999999999999999999"
      })
  void takesTextForText(String text) {
    Set<String> tables = tables();
    String name = encoded(text);
    String query =
        "?job=" + name + "&before=" + name + "&limit=" + name + "&offset=" + name + "&only=" + name
            + "&with=" + name;
    for (String request : Endpoints.of(service)) {
      assertThat(send("anna", request, name, body(Map.of("comment", text))).status())
          .as(request).isBetween(200, 499);
      assertThat(send("anna", request + query, "1", body(Map.of(text, text))).status())
          .as(request).isBetween(200, 499);
    }
    List<Integer> statuses = new ArrayList<>();
    statuses.add(service.get("anna", "/api/v1/executions?job=" + name).status());
    statuses.add(service.get("anna", "/api/v1/executions/1/plan?only=" + name).status());
    String restart = body(Map.of("only", List.of(text), "with", text));
    statuses.add(service.post("anna", "/api/v1/executions/1/restart", restart).status());
    String unknown = body(Map.of("parameters", Map.of(text, "1")));
    statuses.add(service.post("anna", "/api/v1/jobs/items/executions", unknown).status());
    String file = body(Map.of("file", text, "text", text));
    statuses.add(service.post("anna", "/api/v1/problems", file).status());
    assertThat(statuses).allSatisfy(status -> assertThat(status).isBetween(200, 499));
    runsWith(text);
    assertThat(tables()).isEqualTo(tables);
  }

  private static void runsWith(String text) {
    String start =
        body(Map.of("parameters", Map.of("day", text), "new", true, "comment", text));
    Answer begun = service.post("otto", "/api/v1/jobs/waiting/executions", start);
    if (text.indexOf('\0') >= 0) {
      assertThat(begun.status()).isEqualTo(400);
      return;
    }
    assertThat(begun.status()).as(begun.body()).isEqualTo(202);
    assertThat(begun.json().path("parameters").path("day").asString()).isEqualTo(text);
    service.events("vera", begun.json().path("execution").asLong());
    Answer audit = service.get("anna", "/api/v1/audit?limit=1");
    assertThat(audit.json().path(0).path("comment").asString()).isEqualTo(text);
  }

  private static String body(Map<String, ?> body) {
    return JsonMapper.shared().writeValueAsString(body);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Set<String> tables() {
    return new TreeSet<>(
        JdbcClient.create(service.context().getBean(DataSource.class))
            .sql("select table_name from information_schema.tables where table_schema = 'PUBLIC'")
            .query(String.class)
            .list());
  }

  @Test
  void sendsSecurityHeaders() {
    Answer answer = service.get("vera", "/api/v1/jobs");
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("X-Content-Type-Options", "nosniff");
    expected.put("X-Frame-Options", "DENY");
    expected.put("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate");
    expected.put("Referrer-Policy", "no-referrer");
    expected.put("Cross-Origin-Opener-Policy", "same-origin");
    expected.put("Cross-Origin-Resource-Policy", "same-origin");
    expected.put("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()");
    expected.put(
        "Content-Security-Policy",
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
            + " object-src 'none'");
    expected.forEach((name, value) -> assertThat(answer.header(name)).as(name).isEqualTo(value));
    assertThat(answer.header("Server")).isEmpty();
    assertThat(answer.header("Set-Cookie")).isEmpty();
  }

  @Test
  void masksSecrets() throws IOException {
    String start =
        body(
            Map.of(
                "parameters", Map.of("day", "secrets", "password", "hush hush"),
                "comment", "with " + Service.PASSWORD));
    long execution =
        service.post("otto", "/api/v1/jobs/items/executions", start)
            .json().path("execution").asLong();
    service.events("vera", execution);
    Answer shown = service.get("vera", "/api/v1/executions/" + execution);
    assertThat(shown.json().path("parameters").path("password").asString()).isEqualTo("***");
    Answer again = service.post("otto", "/api/v1/jobs/items/executions", start);
    assertThat(again.status()).isEqualTo(409);
    Answer lint =
        service.post(
            "otto",
            "/api/v1/problems",
            body(Map.of("file", "x", "text", "nam: " + Service.PASSWORD)));
    Answer unknown = service.get("vera", "/api/v1/jobs/" + encoded(Service.PASSWORD));
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().path("detail").asString()).contains("***");
    String audit = service.get("anna", "/api/v1/audit?limit=5").body();
    String log = service.get("vera", "/api/v1/executions/" + execution + "/log").body();
    for (String text :
        List.of(shown.body(), again.body(), lint.body(), unknown.body(), audit, log)) {
      assertThat(text).doesNotContain("hush hush").doesNotContain(Service.PASSWORD);
    }
    assertThat(audit).contains("with ***").contains("password=***");
    assertThat(
            JdbcClient.create(service.context().getBean(DataSource.class))
                .sql("select COMMENT_TEXT from TRANCHE_AUDIT where COMMENT_TEXT is not null")
                .query(String.class).list())
        .as("as it is stored")
        .contains("with ***")
        .noneMatch(comment -> comment.contains(Service.PASSWORD));
  }

  @Test
  void makesUpAPasswordOnceAndKeepsItsHashOnly() {
    List<String> printed = new ArrayList<>();
    String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    var err = System.err;
    var caught = new java.io.ByteArrayOutputStream();
    System.setErr(new java.io.PrintStream(caught, true, StandardCharsets.UTF_8));
    try {
      for (int i = 0; i < 2; i++) {
        caught.reset();
        try (Service first = Service.start(Map.of(), database)) {
          Matcher password =
              Pattern.compile("password of user 'admin' is  (\\w{24})\n")
                  .matcher(caught.toString(StandardCharsets.UTF_8));
          if (password.find()) {
            printed.add(password.group(1));
          }
          assertThat(printed).hasSize(1);
          Answer in =
              first.send(
                  null,
                  first.request("/api/v1/audit")
                      .header("Authorization", Service.basic("admin", printed.get(0))).GET());
          assertThat(in.status()).isEqualTo(200);
          assertThat(
                  JdbcClient.create(first.context().getBean(DataSource.class))
                      .sql("select PASSWORD_HASH from TRANCHE_ACCOUNT").query(String.class).single())
              .startsWith("{bcrypt}");
        }
      }
    } finally {
      System.setErr(err);
    }
  }
}
