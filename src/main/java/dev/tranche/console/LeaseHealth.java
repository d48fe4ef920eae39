package dev.tranche.console;

import dev.tranche.Tranche;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Down before other processes take this one for dead. */
record LeaseHealth(Tranche tranche) implements HealthIndicator {

  @Override
  public Health health() {
    String trouble = tranche.leaseTrouble();
    return trouble == null
        ? Health.up().build()
        : Health.outOfService().withDetail("reason", trouble).build();
  }
}
