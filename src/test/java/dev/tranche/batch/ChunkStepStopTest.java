package dev.tranche.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tranche.row.ColumnType;
import dev.tranche.row.Row;
import dev.tranche.testing.Background;
import dev.tranche.testing.EveryDatabase;
import dev.tranche.testing.TestDatabase;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.launch.JobExecutionAlreadyRunningException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Stops, interrupts and rivals of a step in one of Spring Batch's own jobs. */
class ChunkStepStopTest {

  private static final int ALL = 60;
  private static volatile Gate gate;

  @EnableAutoConfiguration
  static class Loading {

    @Bean
    CsvSlices items(ChunkSteps steps) {
      return steps.csv("items.csv").column("n", ColumnType.LONG).build();
    }

    @Bean
    Job load(JobRepository repository, ChunkSteps steps, CsvSlices items) {
      return new JobBuilder("load", repository)
          .start(
              steps.named("load").reader(items.reader())
                  .<Row>processor(row -> gate.process(row))
                  .chunkSize(5).futures(3).workers(2).insertInto("item").build())
          .build();
    }
  }

  @EveryDatabase
  void staysStartedUntilAStopHasTakenEffect(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases)) {
      Future<JobExecution> run = inTheBackground(world);
      gate.awaitReached();
      JobExecution running = last(world);
      world.operator().stop(running);

      assertThat(world.sql().sql("select status from BATCH_STEP_EXECUTION").query(String.class).single())
          .isEqualTo("STARTED");
      assertThatThrownBy(() -> world.operator().start(job(world), new JobParameters()))
          .isInstanceOf(JobExecutionAlreadyRunningException.class);
      gate.open();
      assertThat(run.get(60, TimeUnit.SECONDS).getStatus()).isEqualTo(BatchStatus.STOPPED);
      assertPartOfIt(world);
      assertRestarts(world);
    }
  }

  @EveryDatabase
  void takesAnInterruptForAStop(TestDatabase databases) throws Exception {
    assumeThat(databases.kind())
        .as("H2's files do not bear an interrupt of the thread that writes them")
        .isNotEqualTo(TestDatabase.Kind.H2_FILE);
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try (databases;
        World world = world(databases)) {
      Future<JobExecution> run = pool.submit(() -> start(world));
      gate.awaitReached();
      pool.shutdownNow();
      gate.open();
      assertThat(run.get(60, TimeUnit.SECONDS).getStatus()).isEqualTo(BatchStatus.STOPPED);
      assertPartOfIt(world);
      assertRestarts(world);
    }
  }

  @EveryDatabase
  void endsWithAnApplicationThatIsClosed(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases)) {
      Future<JobExecution> run = inTheBackground(world);
      gate.awaitReached();
      ChunkSteps steps = world.context().getBean(ChunkSteps.class);
      CompletableFuture<Void> stopped = Background.run(steps::stopAll);
      while (!steps.areStopping()) {
        Thread.onSpinWait();
      }
      gate.open();
      stopped.get(60, TimeUnit.SECONDS);
      assertThat(world.sql().sql("select status from BATCH_STEP_EXECUTION").query(String.class).single())
          .isEqualTo("STOPPED");
      assertThat(run.get(60, TimeUnit.SECONDS).getStatus()).isEqualTo(BatchStatus.STOPPED);
      assertPartOfIt(world);
      assertRestarts(world);
    }
  }

  @EveryDatabase
  void refusesToRunBesideAnotherExecutionOfTheInstance(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases)) {
      gate.open();
      assertThat(start(world).getStatus()).isEqualTo(BatchStatus.COMPLETED);
      JobExecution first = last(world);
      // What two processes leave that restart at the same moment: both executions run.
      world.sql().sql("update BATCH_STEP_EXECUTION set status = 'FAILED'").update();
      world.sql().sql("update BATCH_JOB_EXECUTION set status = 'FAILED', end_time = null").update();
      JobExecution rival =
          world.repository().createJobExecution(
              first.getJobInstance(), new JobParameters(), first.getExecutionContext());
      world.sql().sql("update BATCH_JOB_EXECUTION set status = 'STARTED' where job_execution_id = ?")
          .param(first.getId()).update();

      job(world).execute(rival);
      assertThat(rival.getStatus()).isEqualTo(BatchStatus.FAILED);
      assertThat(rival.getAllFailureExceptions())
          .extracting(Throwable::getMessage)
          .containsExactly("refused: execution " + first.getId() + " runs this instance");
    }
  }

  @EveryDatabase
  void commitsNothingOnceItWasRecoveredAndRestarted(TestDatabase databases) throws Exception {
    try (databases;
        World world = world(databases)) {
      Future<JobExecution> zombie = inTheBackground(world);
      gate.awaitReached();
      Gate held = gate;
      gate = new Gate(-1);
      world.operator().recover(last(world));
      assertThat(start(world).getStatus()).isEqualTo(BatchStatus.COMPLETED);
      assertThat(world.count("select count(*) from item")).isEqualTo(ALL);

      held.open();
      assertThat(zombie.get(60, TimeUnit.SECONDS).getStatus()).isNotEqualTo(BatchStatus.COMPLETED);
      assertEachOnce(world);
    }
  }

  private static World world(TestDatabase databases) {
    gate = new Gate(31);
    World world = new World(databases).with(Loading.class).set("spring.batch.job.enabled", false);
    world.beforeClose(() -> gate.open());
    return Items.in(world, ALL);
  }

  private static Future<JobExecution> inTheBackground(World world) {
    return Background.supply(
        () -> {
          try {
            return start(world);
          } catch (Exception error) {
            throw new IllegalStateException(error);
          }
        });
  }

  private static void assertPartOfIt(World world) {
    assertThat(world.count("select count(*) from item")).isLessThanOrEqualTo(ALL - 5L);
  }

  private static void assertRestarts(World world) throws Exception {
    assertThat(start(world).getStatus()).isEqualTo(BatchStatus.COMPLETED);
    assertEachOnce(world);
  }

  private static void assertEachOnce(World world) {
    assertThat(world.count("select count(*) from item")).isEqualTo(ALL);
    assertThat(world.count("select count(distinct n) from item")).isEqualTo(ALL);
  }

  private static Job job(World world) {
    return world.context().getBean(Job.class);
  }

  private static JobExecution start(World world) throws Exception {
    return world.operator().start(job(world), new JobParameters());
  }

  private static JobExecution last(World world) {
    long id =
        world.count("select max(job_execution_id) from BATCH_JOB_EXECUTION");
    return world.repository().getJobExecution(id);
  }
}
