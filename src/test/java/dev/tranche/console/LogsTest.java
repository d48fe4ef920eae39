package dev.tranche.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.PurgeRule;
import dev.tranche.console.Service.Answer;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class LogsTest {

  @Test
  void keepsALogOfEachExecutionAndOfEachPartition() {
    String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    Map<String, Object> settings =
        Map.of(
            "logging.level.dev.tranche", "INFO",
            "tranche.users.anna.password", Service.PASSWORD,
            "tranche.users.anna.role", "admin");
    try (Service service = Service.start(settings, database)) {
      long execution =
          service.post("anna", "/api/v1/jobs/items/executions", "{}")
              .json().path("execution").asLong();
      service.events("anna", execution);
      String at = "/api/v1/executions/" + execution;

      Answer whole = service.get("anna", at + "/log");
      assertThat(whole.header("Content-Type")).isEqualTo("text/plain;charset=UTF-8");
      assertThat(whole.body())
          .contains("Execution " + execution + " of items begins")
          .contains("load/p1 begins. ")
          .contains("load/p1 is COMPLETED")
          .contains("Execution " + execution + " of items is COMPLETED");
      String part = service.get("anna", at + "/partitions/load/p1/log").body();
      assertThat(part.lines()).allSatisfy(line -> assertThat(whole.body()).contains(line));
      assertThat(part).contains("load/p1 is COMPLETED").doesNotContain("of items begins");
      assertThat(service.path("var/log/" + execution + "/step-load/p1.log")).exists();

      LogRetention retention = service.context().getBean(LogRetention.class);
      assertThat(retention.sweep()).isZero();
      PurgeRule all = new PurgeRule(Map.of("COMPLETED", new PurgeRule.Keep(0, 0)), true);
      long next = service.post("anna", "/api/v1/jobs/items/executions", "{\"new\": true}")
          .json().path("execution").asLong();
      service.events("anna", next);
      JdbcClient.create(service.context().getBean(DataSource.class))
          .sql("update BATCH_JOB_EXECUTION set END_TIME = ?")
          .param(LocalDateTime.of(2020, 1, 1, 0, 0))
          .update();
      service.tranche().purge(null, all, false);
      assertThat(retention.sweep()).as("the last good one stays, and so does its log").isEqualTo(1);
      assertThat(service.path("var/log/" + execution)).doesNotExist();
      assertThat(service.path("var/log/" + next)).exists();

      Answer none = service.get("anna", at + "/partitions/load/p9/log");
      assertThat(none.status()).isEqualTo(404);
      assertThat(none.json().path("detail").asString())
          .isEqualTo(
              "there is no log of load/p9 of execution " + execution
                  + " here: it is kept where it ran, if it began");
    }
  }
}
