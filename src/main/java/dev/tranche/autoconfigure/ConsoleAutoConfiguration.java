package dev.tranche.autoconfigure;

import dev.tranche.batch.BatchTranche;
import dev.tranche.batch.ServiceRecords;
import dev.tranche.console.ConsoleConfiguration;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** REST, security, logs and health of a service: only where one was asked for. */
@AutoConfiguration(
    after = TrancheAutoConfiguration.class,
    beforeName = {
      "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
      "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
      "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration"
    })
@ConditionalOnProperty("tranche.service.enabled")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(
    name = {
      "org.springframework.web.servlet.DispatcherServlet",
      "org.springframework.security.web.SecurityFilterChain",
      "org.springframework.boot.health.contributor.HealthIndicator"
    })
@ConditionalOnBean(BatchTranche.class)
@Import(ConsoleConfiguration.class)
public final class ConsoleAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  InstantSource trancheClock() {
    return InstantSource.system();
  }

  @Bean
  ServiceRecords trancheServiceRecords(Connections connections, InstantSource clock) {
    return new ServiceRecords(connections.readyForService(), clock);
  }
}
