package dev.tranche.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.ExecutionView;
import dev.tranche.console.Service.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A hundred clients read and start while a job runs. */
class ManyClientsTest {

  private static final int CLIENTS = 100;
  private static final int DAYS = 20;

  @Test
  void getAnswersOrDocumentedRefusals() throws Exception {
    Service.gate = new CountDownLatch(1);
    Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try (Service service = Service.start()) {
      long running =
          service.post("otto", "/api/v1/jobs/waiting/executions", "{}")
              .json().path("execution").asLong();
      CountDownLatch go = new CountDownLatch(1);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String day = "{\"parameters\":{\"day\":\"" + i % DAYS + "\"}}";
        all.add(
            clients.submit(
                () -> {
                  go.await();
                  count(answers, service.get("vera", "/api/v1/executions/" + running));
                  count(answers, service.post("otto", "/api/v1/jobs/items/executions", day));
                  count(answers, service.get("vera", "/api/v1/executions?limit=100"));
                  count(answers, service.get("vera", "/api/v1/jobs"));
                  return null;
                }));
      }
      go.countDown();
      for (Future<?> each : all) {
        each.get();
      }
      assertThat(answers.keySet()).containsExactlyInAnyOrder("200", "202", "409");
      assertThat(answers.get("200").get()).isEqualTo(3 * CLIENTS);
      assertThat(answers.get("202").get()).isEqualTo(DAYS);
      assertThat(answers.get("409").get()).isEqualTo(CLIENTS - DAYS);
      Service.gate.countDown();
      assertThat(service.events("vera", running)).contains("\"status\":\"COMPLETED\"");
      for (ExecutionView it : service.tranche().executions("items", 1000)) {
        service.events("vera", it.execution());
      }
      assertThat(service.tranche().executions("items", 1000))
          .filteredOn(it -> it.status().equals("COMPLETED"))
          .hasSize(DAYS)
          .allSatisfy(it -> assertThat(it.tally().read()).isEqualTo(4));
      assertThat(service.context().getBean(Live.class).count()).isZero();
    } finally {
      clients.shutdownNow();
    }
  }

  private static void count(Map<String, AtomicInteger> answers, Answer answer) {
    answers
        .computeIfAbsent(
            answer.status() == 503 ? answer.body() : Integer.toString(answer.status()),
            status -> new AtomicInteger())
        .incrementAndGet();
  }
}
