package dev.tranche.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.batch.jdbc.autoconfigure.BatchJdbcProperties;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.annotation.Bean;

/**
 * The Boot application behind the command line: auto-configuration and nothing else, so that it
 * stays what a user gets who adds the library to an application.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class TrancheApplication {

  /**
   * Locks are held for as long as a chunk takes, not only for the 2 s that H2 waits by itself; two
   * that wait for each other it finds at once. Every error of SQL, also one that is expected, as
   * when tables are created that are there, would leave a stack trace in a file beside the database.
   */
  static final String H2_SETTINGS =
      ";AUTO_SERVER=TRUE;WRITE_DELAY=0;LOCK_TIMEOUT=30000;TRACE_LEVEL_FILE=0";

  /** Settings that hold where neither config/application.yml nor anything else says otherwise. */
  static final Map<String, Object> DEFAULTS = defaults();

  /** Settings of a service's web side, in the same way. */
  private static final Map<String, Object> WEB = Map.of(
      // Nobody from elsewhere, unless somebody says so.
      "server.address", "127.0.0.1",
      "server.port", "8080",
      "server.shutdown", "graceful",
      "server.servlet.session.cookie.same-site", "strict",
      // More requests at once would only wait for each other's connections.
      "server.tomcat.threads.max", "32",
      "spring.datasource.hikari.connection-timeout", "30000",
      "management.endpoints.web.exposure.include", "health,prometheus",
      "management.endpoint.health.probes.enabled", "true",
      "management.endpoint.health.group.readiness.include", "readinessState,db,lease,scheduler",
      "management.observations.enable.spring.security", "false");

  private static final List<String> SERVICES_ONLY = List.of(
      "org.springframework.boot.actuate.",
      "org.springframework.boot.health.",
      "org.springframework.boot.http.",
      "org.springframework.boot.micrometer.",
      "org.springframework.boot.security.",
      "org.springframework.boot.servlet.",
      "org.springframework.boot.tomcat.",
      "org.springframework.boot.webmvc.");

  @Bean
  static BatchTables batchTables(DataSource dataSource, BatchJdbcProperties properties) {
    return new BatchTables(dataSource, properties);
  }

  /**
   * As a service, which has log lines and, if there is one on the class path, a web server. {@code
   * tranche.service.enabled} is what all that belongs to a service only is conditional on.
   */
  static SpringApplication service(boolean verbose) {
    Map<String, Object> defaults = new LinkedHashMap<>(DEFAULTS);
    defaults.put("tranche.service.enabled", "true");
    defaults.putAll(WEB);
    // A run ends at its next commit, which may take as long as a chunk does.
    defaults.put("spring.lifecycle.timeout-per-shutdown-phase", "5m");
    defaults.remove("logging.pattern.console");
    defaults.remove("logging.threshold.console");
    if (verbose) {
      defaults.put("logging.level.dev.tranche", "DEBUG");
    }
    SpringApplication application = new SpringApplication(TrancheApplication.class);
    application.setBannerMode(Banner.Mode.OFF);
    application.setDefaultProperties(defaults);
    application.setLogStartupInfo(verbose);
    return application;
  }

  static SpringApplication create(boolean verbose) {
    Map<String, Object> defaults = new LinkedHashMap<>(DEFAULTS);
    defaults.put("spring.autoconfigure.exclude", ofServicesOnly());
    if (verbose) {
      defaults.put("logging.threshold.console", "TRACE");
      defaults.remove("logging.pattern.console");
    }
    SpringApplication application = new SpringApplication(TrancheApplication.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setBannerMode(Banner.Mode.OFF);
    application.setDefaultProperties(defaults);
    application.setLogStartupInfo(verbose);
    return application;
  }

  /** Auto-configuration that a verb has no use for, and would only wait for. */
  private static String ofServicesOnly() {
    return ImportCandidates.load(AutoConfiguration.class, TrancheApplication.class.getClassLoader())
        .getCandidates()
        .stream()
        .filter(name -> SERVICES_ONLY.stream().anyMatch(name::startsWith))
        .collect(Collectors.joining(","));
  }

  private static Map<String, Object> defaults() {
    Map<String, Object> defaults = new LinkedHashMap<>();
    defaults.put("spring.datasource.url", "jdbc:h2:file:./var/tranche" + H2_SETTINGS);
    defaults.put("spring.datasource.username", "sa");
    defaults.put("spring.datasource.password", "");
    // A database that is down is said to be down within seconds.
    defaults.put("spring.datasource.hikari.connection-timeout", "5000");
    defaults.put("spring.datasource.hikari.minimum-idle", "1");
    defaults.put("spring.batch.job.enabled", "false");
    defaults.put("spring.batch.jdbc.initialize-schema", "always");
    defaults.put("tranche.initialize-schema", "always");
    defaults.put("spring.batch.jdbc.isolation-level-for-create", "READ_COMMITTED");
    // A start that fails is told by StartFailure.
    defaults.put("logging.level.org.springframework.boot.SpringApplication", "OFF");
    defaults.put(
        "logging.level.org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter", "OFF");
    defaults.put("logging.level.org.springframework.context.annotation", "ERROR");
    // MariaDB's driver logs every error that it also throws.
    defaults.put("logging.level.org.mariadb.jdbc.message.server.ErrorPacket", "OFF");
    // One line per warning; stack traces are for --verbose and for logging.file.name.
    defaults.put("logging.threshold.console", "WARN");
    defaults.put("logging.pattern.console", "%-5p %m%n%nopex");
    return Map.copyOf(defaults);
  }
}
