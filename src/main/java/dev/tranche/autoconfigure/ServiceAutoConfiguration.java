package dev.tranche.autoconfigure;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.tranche.batch.BatchTranche;
import dev.tranche.schedule.ScheduleService;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The schedules of an application that says it is a service: {@code tranche.service.enabled}. */
@AutoConfiguration(after = TrancheAutoConfiguration.class)
@ConditionalOnBooleanProperty("tranche.service.enabled")
@ConditionalOnClass(Scheduler.class)
@ConditionalOnBean(BatchTranche.class)
public final class ServiceAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  static ScheduleService scheduleService(
      BatchTranche tranche, Connections connections, TrancheProperties properties) {
    return new ScheduleService(
        tranche,
        tranche.duties(),
        connections.databases().repository().dataSource(),
        properties.schedules().runs());
  }
}
