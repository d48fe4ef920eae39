package dev.tranche.batch;

import dev.tranche.PurgeRule;
import dev.tranche.definition.Placeholders;
import dev.tranche.plan.Planner;
import dev.tranche.store.Database;
import dev.tranche.store.Databases;
import dev.tranche.store.Definitions;
import dev.tranche.store.Executions;
import dev.tranche.store.Fires;
import dev.tranche.store.Histories;
import dev.tranche.store.Layouts;
import dev.tranche.store.Processes;
import dev.tranche.store.Runs;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.configuration.JobRegistry;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The application that Tranche runs in: what it has, and what it wants.
 *
 * @param transactionManager the job repository's
 * @param heartbeat the job repository's database, by connections that nobody else takes
 * @param tablePrefix of Spring Batch's tables
 * @param meters null: none
 * @param environment Spring properties and environment variables
 * @param ready makes sure, before a database is used first, that our tables are there and that it
 *     keeps what it commits
 * @param serviceReady the same, of the tables that only a service needs
 * @param clock by which schedules fire and histories age
 */
public record Host(
    JobRepository jobRepository,
    JobOperator jobOperator,
    JobRegistry jobRegistry,
    PlatformTransactionManager transactionManager,
    Databases databases,
    Database heartbeat,
    String tablePrefix,
    ListableBeanFactory beans,
    ObservationRegistry observations,
    @Nullable MeterRegistry meters,
    Placeholders environment,
    Consumer<Database> ready,
    Runnable serviceReady,
    InstantSource clock,
    Settings settings) {

  /**
   * What a user may set.
   *
   * @param jobs the folder of the job files
   * @param baseDirectory what the paths of inputs are resolved against
   * @param mayLeave whether inputs outside of it may be read
   * @param patience how long a database that is away is waited for
   * @param lease how long a process may be silent before it is taken for dead
   * @param service of schedules and histories
   */
  public record Settings(
      Path jobs,
      Path baseDirectory,
      boolean mayLeave,
      Duration patience,
      Duration lease,
      Service service) {}

  /**
   * What a user may set of a service.
   *
   * @param enabled whether this is one, which keeps what job files were when they were last sound
   * @param late how long after its time a fire is still in time
   * @param retention which job instances are kept
   * @param nightly when the others are removed, as a cron expression; null: when somebody says so
   */
  public record Service(
      boolean enabled, Duration late, PurgeRule retention, @Nullable String nightly) {}

  /** The door of this application. */
  public BatchTranche open() {
    Database repository = databases.repository();
    Layouts layouts = new Layouts(repository);
    Definitions definitions = new Definitions(repository);
    Processes processes = new Processes(repository, settings.lease(), System::nanoTime);
    LocalRuns local = new LocalRuns();
    BeansByRole roles = new BeansByRole(beans);
    Planner planner =
        new Planner(
            databases, settings.baseDirectory(), settings.mayLeave(), roles::partition, roles);
    Engine engine =
        new Engine(
            jobRepository,
            transactionManager,
            databases,
            layouts,
            new Runs(repository),
            new Executions(repository, tablePrefix),
            definitions,
            planner,
            local,
            new Places(),
            new Heartbeat(
                heartbeat,
                new Processes(heartbeat, settings.lease(), System::nanoTime),
                tablePrefix,
                local,
                settings.lease()),
            new Patience(settings.patience(), System::nanoTime),
            beans,
            observations,
            meters,
            ready);
    Service service = settings.service();
    JobFolder folder = new JobFolder(settings.jobs(), environment, service.enabled());
    JobSource jobs =
        new JobSource(
            folder, environment, planner, layouts, engine.executions(), definitions);
    Settlement settlement = new Settlement(engine, processes);
    Conductor conductor = new Conductor(engine, settlement, jobs);
    Launcher launcher = new Launcher(engine, jobOperator, jobs, conductor, settlement);
    Registration registration = new Registration(jobRegistry, jobs, conductor);
    Fires fires = new Fires(repository, tablePrefix);
    return new BatchTranche(
        engine,
        jobs,
        jobOperator,
        settlement,
        launcher,
        registration,
        new BatchSchedules(engine, jobs, fires, serviceReady, clock, service.late()),
        fires,
        processes,
        new Retention(
            engine,
            new Histories(repository, tablePrefix),
            serviceReady,
            clock,
            service.retention(),
            service.nightly()));
  }
}
