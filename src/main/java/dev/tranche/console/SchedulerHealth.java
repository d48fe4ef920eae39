package dev.tranche.console;

import dev.tranche.Readiness;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Out of service while one of the other parts of a service does not do its work. */
record SchedulerHealth(List<Readiness> parts) implements HealthIndicator {

  @Override
  public Health health() {
    for (Readiness part : parts) {
      String trouble = part.trouble();
      if (trouble != null) {
        return Health.outOfService().withDetail(part.part(), trouble).build();
      }
    }
    return Health.up().build();
  }
}
