package dev.tranche.console;

import dev.tranche.testing.TemporaryFolder;
import dev.tranche.Tranche;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A service with four users, three jobs and a gate that one of them waits at: vera may look, otto may
 * operate, anna may do all, and eve's password has expired.
 */
public final class Service implements AutoCloseable {

  static final Instant TODAY = Instant.parse("2026-11-25T12:00:00Z");
  public static final String PASSWORD = "open sesame";

  private static final String ITEMS =
      """
      name: items
      parameters:
        day: { type: string, default: "1" }
        password: { type: string, default: "none", identifying: false }
      steps:
        - name: load
          read: { type: csv, files: items.csv, columns: { id: long, name: string } }
          chunk: { size: 2 }
          on-error: { skip: { limit: 10 } }
          write: { type: jdbc, table: item, mode: insert, create: true }
      """;
  private static final String WAITING =
      """
      name: waiting
      parameters:
        day: { type: string, default: "1" }
      steps:
        - name: wait
          tasklet: gate
      """;

  private static final String FAILING =
      """
      name: failing
      parameters:
        day: { type: string, default: "1" }
      steps:
        - name: load
          read: { type: csv, files: items.csv, columns: { id: long, name: string } }
          write: { type: jdbc, table: failing_item, mode: insert, create: true }
      """;

  private static final class Clock implements InstantSource {

    private volatile Instant now = TODAY;

    @Override
    public Instant instant() {
      return now;
    }
  }

  /** What a service has; the gate is open unless a test closes it. */
  @EnableAutoConfiguration
  static class Application {

    @Bean
    Clock clock() {
      return new Clock();
    }

    @Bean
    Tasklet gate() {
      return (contribution, context) -> {
        reached.countDown();
        gate.await();
        return RepeatStatus.FINISHED;
      };
    }
  }

  static volatile CountDownLatch gate = new CountDownLatch(0);
  private static volatile CountDownLatch reached = new CountDownLatch(1);

  private final Path directory;
  private final ConfigurableApplicationContext context;
  private final HttpClient http = HttpClient.newHttpClient();

  private Service(Path directory, ConfigurableApplicationContext context) {
    this.directory = directory;
    this.context = context;
  }

  public static Service start() {
    return start(Map.of());
  }

  /** @param more properties beside those of the users */
  static Service start(Map<String, Object> more) {
    Map<String, Object> properties = new LinkedHashMap<>();
    user(properties, "vera", "viewer");
    user(properties, "otto", "operator");
    user(properties, "anna", "admin");
    user(properties, "eve", "admin");
    properties.put("tranche.users.eve.expires", "2026-11-24");
    properties.putAll(more);
    return start(properties, "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
  }

  private static void user(Map<String, Object> properties, String name, String role) {
    properties.put("tranche.users." + name + ".password", PASSWORD);
    properties.put("tranche.users." + name + ".role", role);
  }

  static Service start(Map<String, Object> more, String database) {
    try {
      Path directory = TemporaryFolder.create("service");
      Files.createDirectories(directory.resolve("jobs"));
      Files.writeString(directory.resolve("jobs/items.yml"), ITEMS);
      Files.writeString(directory.resolve("jobs/waiting.yml"), WAITING);
      Files.writeString(directory.resolve("jobs/failing.yml"), FAILING);
      Files.writeString(directory.resolve("items.csv"), "id,name\n1,a\n2,b\n3,c\nx,d\n");
      Map<String, Object> properties = new LinkedHashMap<>();
      properties.put("tranche.service.enabled", "true");
      properties.put("tranche.base-directory", directory.toString());
      properties.put("tranche.initialize-schema", "always");
      properties.put("spring.datasource.url", database);
      properties.put("spring.batch.jdbc.initialize-schema", "always");
      properties.put("spring.batch.jdbc.isolation-level-for-create", "READ_COMMITTED");
      properties.put("spring.batch.job.enabled", "false");
      properties.put("server.port", "0");
      properties.put("server.address", "127.0.0.1");
      properties.put("server.tomcat.threads.max", "32");
      properties.put("management.endpoint.health.group.readiness.include", "readinessState,db,lease,scheduler");
      properties.put("management.endpoints.web.exposure.include", "health,prometheus");
      properties.put("management.endpoint.health.probes.enabled", "true");
      properties.put("logging.level.root", "WARN");
      properties.putAll(more);
      return new Service(
          directory,
          new SpringApplicationBuilder(Application.class)
              .web(WebApplicationType.SERVLET)
              .bannerMode(org.springframework.boot.Banner.Mode.OFF)
              .logStartupInfo(false)
              .properties(properties)
              .run());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  Tranche tranche() {
    return context.getBean(Tranche.class);
  }

  /** The door behind the service. */
  public Tranche door() {
    return tranche();
  }

  /** From now on the job that waits waits for so many to {@link #open}. */
  public static void close(int times) {
    reached = new CountDownLatch(1);
    gate = new CountDownLatch(times);
  }

  /** Returns when the job that waits does so, since {@link #close(int)}. */
  public static void awaitReached() {
    try {
      if (!reached.await(1, TimeUnit.MINUTES)) {
        throw new AssertionError("nothing has reached the gate");
      }
    } catch (InterruptedException interrupt) {
      throw new IllegalStateException(interrupt);
    }
  }

  public static void open() {
    gate.countDown();
  }

  /** Puts the service's clock forward. */
  void pass(Duration time) {
    Clock clock = context.getBean(Clock.class);
    clock.now = clock.now.plus(time);
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  public URI address() {
    return URI.create(
        "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
  }

  static String basic(String user, String password) {
    String both = user + ":" + password;
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  /** An answer. */
  record Answer(HttpResponse<String> response) {

    int status() {
      return response.statusCode();
    }

    String body() {
      return response.body();
    }

    JsonNode json() {
      return JsonMapper.shared().readTree(response.body());
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  /** @param user null: nobody */
  Answer get(String user, String path) {
    return send(user, request(path).GET());
  }

  Answer post(String user, String path, String body) {
    return send(
        user,
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address() + path));
  }

  Answer send(String user, HttpRequest.Builder request) {
    if (user != null) {
      request.header("Authorization", basic(user, PASSWORD));
    }
    try {
      return new Answer(http.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    } catch (InterruptedException interrupt) {
      throw new IllegalStateException(interrupt);
    }
  }

  /** The executions's own events until it ends, as they are sent. */
  String events(String user, long execution) {
    return get(user, "/api/v1/executions/" + execution + "/events").body();
  }

  @Override
  public void close() {
    gate.countDown();
    context.close();
    try {
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
