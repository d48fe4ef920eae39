package dev.tranche.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.tranche.schedule.ScheduleService;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What no longer does its work takes the service out of use, and lets its process live. */
class ReadinessTest {

  @Test
  void goesDownWithTheSchedules() {
    assertOutOfServiceAfter(
        service -> service.context().getBean(ScheduleService.class).stop());
  }

  @Test
  void goesDownWithTheDatabase() {
    assertOutOfServiceAfter(
        service -> service.context().getBean(HikariDataSource.class).close());
  }

  private static void assertOutOfServiceAfter(Consumer<Service> fault) {
    try (Service service = Service.start()) {
      assertThat(service.get(null, "/actuator/health/readiness").status()).isEqualTo(200);

      fault.accept(service);

      assertThat(service.get(null, "/actuator/health/readiness").status()).isEqualTo(503);
      assertThat(service.get(null, "/actuator/health/liveness").body())
          .isEqualTo("{\"status\":\"UP\"}");
    }
  }
}
