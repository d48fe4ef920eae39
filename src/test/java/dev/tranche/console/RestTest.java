package dev.tranche.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.console.Service.Answer;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What the command line does, over HTTP. */
class RestTest {

  private static Service service;

  @BeforeAll
  static void start() {
    service = Service.start();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static long run(String day) {
    Answer answer =
        service.post(
            "otto", "/api/v1/jobs/items/executions", "{\"parameters\":{\"day\":\"" + day + "\"}}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    long execution = answer.json().path("execution").asLong();
    assertThat(answer.header("Location")).endsWith("/api/v1/executions/" + execution);
    service.events("otto", execution);
    return execution;
  }

  @Test
  void runsAJobAndShowsWhatBecameOfIt() {
    long execution = run("run");

    JsonNode shown = service.get("vera", "/api/v1/executions/" + execution).json();
    assertThat(shown.path("status").asString()).as(shown.toString()).isEqualTo("COMPLETED");
    assertThat(shown.path("tally").toString())
        .isEqualTo("{\"read\":4,\"written\":3,\"filtered\":0,\"rejected\":1}");
    assertThat(shown.path("steps").path(0).path("partitions").size()).isEqualTo(1);
    assertThat(service.get("vera", "/api/v1/executions/" + execution + "/partitions").json())
        .hasSize(1);
    assertThat(
            service.get("vera", "/api/v1/executions/" + execution + "/rejects").json()
                .path(0).path("original").asString())
        .isEqualTo("x,d");
    Answer again =
        service.post("otto", "/api/v1/jobs/items/executions", "{\"parameters\":{\"day\":\"run\"}}");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.header("Content-Type")).startsWith("application/problem+json");
    assertThat(again.json().path("type").asString()).isEqualTo("urn:tranche:refused");
    assertThat(again.json().path("exitCode").asInt()).isEqualTo(3);
    assertThat(again.json().path("detail").asString())
        .startsWith("items with day=run password=*** is complete (execution " + execution + ")");
  }

  @Test
  void tellsOfAnExecutionWhileItRuns() {
    Service.gate = new CountDownLatch(1);
    Answer begun = service.post("otto", "/api/v1/jobs/waiting/executions", "{}");
    long execution = begun.json().path("execution").asLong();
    assertThat(begun.json().path("status").asString()).isIn("STARTING", "STARTED");
    Service.gate.countDown();

    String events = service.events("vera", execution);

    assertThat(events).startsWith("event:execution\ndata:{\"version\":1,");
    assertThat(events).contains("event:step\ndata:{\"version\":1,\"name\":\"wait\"");
    String end = events.substring(events.indexOf("event:ended"));
    assertThat(end).contains("\"status\":\"COMPLETED\"").contains("\"steps\":[");
  }

  @Test
  void stopsAndRestartsAndGivesUp() {
    Service.gate = new CountDownLatch(1);
    long execution =
        service
            .post("otto", "/api/v1/jobs/waiting/executions", "{\"parameters\":{\"day\":\"stop\"}}")
            .json().path("execution").asLong();
    Answer asked =
        service.post("otto", "/api/v1/executions/" + execution + "/stop", "{\"comment\":\"late\"}");
    assertThat(asked.json().path("asked").asString()).isEqualTo("stop");
    Service.gate.countDown();
    service.events("vera", execution);
    Answer plan = service.get("vera", "/api/v1/executions/" + execution + "/plan");
    assertThat(plan.json().path("execution").asLong()).isEqualTo(execution);

    JsonNode stopped = service.get("vera", "/api/v1/executions/" + execution).json();
    assertThat(stopped.path("status").asString()).isEqualTo("STOPPED");
    Answer restarted = service.post("otto", "/api/v1/executions/" + execution + "/restart", "{}");
    assertThat(restarted.status()).as(restarted.body()).isEqualTo(202);
    service.events("vera", restarted.json().path("execution").asLong());

    JsonNode audit = service.get("anna", "/api/v1/audit?limit=2").json();
    assertThat(audit.path(0).path("action").asString()).isEqualTo("restart");
    assertThat(audit.path(1).path("action").asString()).isEqualTo("stop");
    assertThat(audit.path(1).path("who").asString()).isEqualTo("otto");
    assertThat(audit.path(1).path("comment").asString()).isEqualTo("late");
    assertThat(audit.path(1).path("outcome").asString()).isEqualTo("asked");
  }

  @Test
  void runsRejectedItemsAgain() {
    long execution = run("redrive");

    Answer begun =
        service.post(
            "otto", "/api/v1/executions/" + execution + "/redrive", "{\"comment\":\"mended\"}");

    assertThat(begun.status()).as(begun.body()).isEqualTo(202);
    long again = begun.json().path("execution").asLong();
    assertThat(begun.header("Location")).endsWith("/api/v1/executions/" + again);
    service.events("vera", again);
    assertThat(service.get("vera", "/api/v1/executions/" + again).json().path("tally").toString())
        .isEqualTo("{\"read\":1,\"written\":0,\"filtered\":0,\"rejected\":1}");
    JsonNode audit = service.get("anna", "/api/v1/audit?limit=1").json().path(0);
    assertThat(audit.path("action").asString()).isEqualTo("redrive");
    assertThat(audit.path("subject").asString()).isEqualTo("execution " + execution);
    assertThat(audit.path("comment").asString()).isEqualTo("mended");
    assertThat(audit.path("outcome").asString()).isEqualTo("execution " + again);
    Answer twice =
        service.post("otto", "/api/v1/executions/" + execution + "/redrive", "{}");
    assertThat(twice.status()).isEqualTo(409);
  }

  @Test
  void keepsWhatHasRejectsThatNobodyHasRunAgainUnlessTold() {
    run("kept-1");
    run("kept-2");
    JdbcClient.create(service.context().getBean(DataSource.class))
        .sql("update BATCH_JOB_EXECUTION set END_TIME = ?")
        .param(LocalDateTime.of(2020, 1, 1, 0, 0))
        .update();
    String rule =
        "{\"job\":\"items\",\"dryRun\":true,\"rule\":{\"COMPLETED\":{\"days\":0,\"last\":0}}";

    JsonNode kept = service.post("anna", "/api/v1/purge", rule + "}").json().path("kept");
    assertThat(kept.path(0).path("job").asString()).isEqualTo("items");
    assertThat(kept.path(0).path("status").asString()).isEqualTo("COMPLETED");
    assertThat(kept.path(0).path("instances").asLong()).isPositive();
    assertThat(kept.path(0).path("rejects").asLong())
        .isEqualTo(kept.path(0).path("instances").asLong());
    JsonNode given =
        service.post("anna", "/api/v1/purge", rule + ",\"openRejects\":true}").json();
    assertThat(given.path("kept").size()).isZero();
    assertThat(given.path("jobs").path(0).path("instances").asLong()).isPositive();
    Answer without = service.post("anna", "/api/v1/purge", "{\"openRejects\":true}");
    assertThat(without.status()).isEqualTo(400);
    assertThat(without.json().path("detail").asString())
        .isEqualTo("'openRejects' is part of a rule, and there is no 'rule'. Without one,"
            + " tranche.retention holds.");
  }

  @Test
  void turnsPages() {
    List<Long> all = List.of(run("page-1"), run("page-2"), run("page-3"));

    Answer first = service.get("vera", "/api/v1/executions?job=items&limit=2");
    assertThat(first.json()).hasSize(2);
    String link = first.header("Link");
    assertThat(link).endsWith(">; rel=\"next\"");
    String next = link.substring(link.indexOf("/api"), link.indexOf('>'));
    long newest = first.json().path(0).path("execution").asLong();
    assertThat(newest).isGreaterThanOrEqualTo(all.get(2));
    JsonNode second = service.get("vera", next).json();
    assertThat(second.path(0).path("execution").asLong())
        .isLessThan(first.json().path(1).path("execution").asLong());
  }

  @Test
  void explainsAndLints() {
    JsonNode explanation = service.get("vera", "/api/v1/jobs/items/explanation?day=x").json();
    assertThat(explanation.path("parameters").path("day").asString()).isEqualTo("x");
    assertThat(service.get("vera", "/api/v1/jobs").json()).hasSize(3);
    assertThat(service.get("vera", "/api/v1/schema").body()).contains("\"$schema\"");
    assertThat(service.get("vera", "/api/v1/problems").json()).isEmpty();
    JsonNode problems =
        service.post("otto", "/api/v1/problems", "{\"file\":\"new.yml\",\"text\":\"nam: x\\n\"}")
            .json();
    assertThat(problems.path(0).path("file").asString()).isEqualTo("new.yml");
  }

  @Test
  void saysWhatIsWrongWithARequest() {
    Answer limit = service.get("vera", "/api/v1/executions?limit=0");
    assertThat(limit.status()).isEqualTo(400);
    assertThat(limit.json().path("detail").asString())
        .isEqualTo("limit is 0; it must be from 1 to 1000.");
    assertThat(service.get("vera", "/api/v1/executions/99").json().path("detail").asString())
        .isEqualTo("there is no execution 99");
    assertThat(service.get("vera", "/api/v1/executions/99").status()).isEqualTo(404);
    assertThat(service.get("vera", "/api/v1/executions/x").status()).isEqualTo(400);
    assertThat(service.get("vera", "/api/v1/nothing").status()).isEqualTo(404);
    Answer unknown =
        service.post("otto", "/api/v1/jobs/items/executions", "{\"parameter\":{}}");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.json().path("detail").asString()).contains("\"parameter\"");
    Answer parameter =
        service.post("otto", "/api/v1/jobs/items/executions", "{\"parameters\":{\"dya\":\"1\"}}");
    assertThat(parameter.status()).isEqualTo(422);
    assertThat(parameter.json().path("problems").path(0).path("message").asString())
        .contains("Did you mean 'day'?");
  }

  @Test
  void isAliveAndReadyAndTellsWhatItMeasures() {
    run("metrics");
    assertThat(service.get(null, "/actuator/health/liveness").body())
        .isEqualTo("{\"status\":\"UP\"}");
    assertThat(service.get(null, "/actuator/health/readiness").status()).isEqualTo(200);
    assertThat(service.get("vera", "/actuator/prometheus").body()).contains("spring_batch_chunk_write_seconds");
  }
}
