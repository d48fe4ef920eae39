package dev.tranche.autoconfigure;

import dev.tranche.Tranche;
import dev.tranche.batch.BatchTranche;
import dev.tranche.batch.ChunkSteps;
import dev.tranche.batch.Host;
import dev.tranche.batch.StepHost;
import dev.tranche.definition.SpringPlaceholders;
import dev.tranche.store.Database;
import dev.tranche.store.Databases;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.batch.core.configuration.JobRegistry;
import org.springframework.batch.core.configuration.support.MapJobRegistry;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.batch.autoconfigure.BatchAutoConfiguration;
import org.springframework.boot.batch.autoconfigure.BatchTransactionManager;
import org.springframework.boot.batch.jdbc.autoconfigure.BatchDataSource;
import org.springframework.boot.batch.jdbc.autoconfigure.BatchJdbcAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Tranche in an application that has Spring Batch on a database: its door, and its jobs in Spring
 * Batch's registry. It starts nothing by itself, and refuses nothing before it is used.
 */
@AutoConfiguration(after = {BatchJdbcAutoConfiguration.class, BatchAutoConfiguration.class})
@ConditionalOnBean(JobRepository.class)
@EnableConfigurationProperties(TrancheProperties.class)
public final class TrancheAutoConfiguration {

  /** Shared by Spring Batch's operator, which would else keep one of its own. */
  @Bean
  @ConditionalOnMissingBean(JobRegistry.class)
  static MapJobRegistry trancheJobRegistry() {
    return new MapJobRegistry();
  }

  @Bean
  @ConditionalOnMissingBean
  Connections trancheConnections(
      ObjectProvider<DataSource> dataSource,
      @BatchDataSource ObjectProvider<DataSource> batchDataSource,
      ConfigurableEnvironment environment,
      TrancheProperties properties) {
    DataSource known = batchDataSource.getIfUnique(dataSource::getIfUnique);
    return Connections.of(
        known == null ? new UnknownDataSource(dataSource.stream().count()) : known,
        properties,
        tablePrefix(environment));
  }

  @Bean(destroyMethod = "close")
  @ConditionalOnBean({DataSource.class, PlatformTransactionManager.class})
  @ConditionalOnMissingBean(Tranche.class)
  BatchTranche tranche(
      JobRepository jobRepository,
      JobOperator jobOperator,
      JobRegistry jobRegistry,
      ObjectProvider<PlatformTransactionManager> transactionManager,
      @BatchTransactionManager ObjectProvider<PlatformTransactionManager> batchTransactionManager,
      Connections connections,
      ListableBeanFactory beans,
      ObjectProvider<ObservationRegistry> observations,
      ObjectProvider<MeterRegistry> meters,
      ObjectProvider<InstantSource> clock,
      ConfigurableEnvironment environment,
      TrancheProperties properties) {
    return new Host(
            jobRepository,
            jobOperator,
            jobRegistry,
            transactionManager(batchTransactionManager, transactionManager, connections),
            connections.databases(),
            connections.heartbeat(),
            tablePrefix(environment),
            beans,
            observations.getIfUnique(() -> ObservationRegistry.NOOP),
            meters.getIfUnique(),
            new SpringPlaceholders(environment),
            connections::ready,
            connections::readyForService,
            clock.getIfUnique(InstantSource::system),
            settings(properties))
        .open();
  }

  private static PlatformTransactionManager transactionManager(
      ObjectProvider<PlatformTransactionManager> batch,
      ObjectProvider<PlatformTransactionManager> any,
      Connections connections) {
    PlatformTransactionManager known = batch.getIfUnique(any::getIfUnique);
    return known == null
        ? new JdbcTransactionManager(connections.databases().repository().dataSource())
        : known;
  }

  /** Needs less than the door, so that jobs can be made of it while Spring Batch is wired. */
  @Bean
  @ConditionalOnMissingBean
  ChunkSteps chunkSteps(
      JobRepository jobRepository,
      Connections connections,
      ObjectProvider<ObservationRegistry> observations,
      ObjectProvider<MeterRegistry> meters,
      ConfigurableEnvironment environment,
      TrancheProperties properties) {
    return new StepHost(
            jobRepository,
            connections.databases(),
            tablePrefix(environment),
            observations.getIfUnique(() -> ObservationRegistry.NOOP),
            meters.getIfUnique(),
            connections::ready,
            settings(properties))
        .open();
  }

  private static String tablePrefix(ConfigurableEnvironment environment) {
    return environment.getProperty("spring.batch.jdbc.table-prefix", "BATCH_");
  }

  private static Host.Settings settings(TrancheProperties properties) {
    return new Host.Settings(
        properties.jobsPath(),
        properties.basePath(),
        properties.mayLeaveBaseDirectory(),
        properties.patience(),
        properties.lease(),
        new Host.Service(
            properties.service().enabled(),
            properties.schedules().late(),
            properties.retention().rule(),
            properties.retention().nightly()));
  }

  @Bean
  @ConditionalOnMissingBean
  TrancheLifecycle trancheLifecycle(
      ObjectProvider<BatchTranche> tranche, ObjectProvider<ChunkSteps> steps) {
    return new TrancheLifecycle(tranche, steps);
  }
}
