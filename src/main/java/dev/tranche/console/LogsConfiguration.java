package dev.tranche.console;

import dev.tranche.Tranche;
import dev.tranche.definition.Secrets;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What a service keeps of what is logged, where Logback does the logging. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "ch.qos.logback.classic.LoggerContext")
@Import(LogsController.class)
class LogsConfiguration {

  @Bean(initMethod = "attach", destroyMethod = "detach")
  RunLogs trancheRunLogs(
      Secrets secrets,
      @Value("${tranche.base-directory:.}") String base,
      @Value("${tranche.logs:var/log}") String logs) {
    return new RunLogs(Path.of(base).resolve(logs).toAbsolutePath(), secrets);
  }

  @Bean
  LogRetention trancheLogRetention(RunLogs logs, Tranche tranche) {
    return new LogRetention(logs, tranche);
  }

  @Bean
  MaskedLogs trancheMaskedLogs(Secrets secrets) {
    return new MaskedLogs(secrets);
  }
}
