package dev.tranche.batch;

import dev.tranche.RefusedException;
import dev.tranche.store.Database;
import dev.tranche.store.Databases;
import dev.tranche.store.Executions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.repository.JobRepository;

/**
 * The application that steps of Java configuration run in: less than a {@link Host}, since Spring
 * Batch's own jobs carry them. Immutable; safe for all threads.
 *
 * @param tablePrefix of Spring Batch's tables
 * @param meters null: none
 * @param ready makes sure, before a database is used first, that our tables are there and that it
 *     keeps what it commits
 */
public record StepHost(
    JobRepository jobRepository,
    Databases databases,
    String tablePrefix,
    ObservationRegistry observations,
    @Nullable MeterRegistry meters,
    Consumer<Database> ready,
    Host.Settings settings) {

  /** What makes the steps. */
  public ChunkSteps open() {
    return new ChunkSteps(this);
  }

  /**
   * Spring Batch lets two processes restart one instance at the same time. Whoever looks second
   * sees the other.
   *
   * @throws RefusedException if another execution of the instance runs
   */
  void requireAlone(JobExecution execution) {
    new Executions(databases.repository(), tablePrefix)
        .ofInstance(execution.getJobInstance().getInstanceId()).stream()
            .filter(other -> other.id() != execution.getId() && other.isRunning())
            .findFirst()
            .ifPresent(
                other -> {
                  throw new RefusedException("execution " + other.id() + " runs this instance");
                });
  }
}
