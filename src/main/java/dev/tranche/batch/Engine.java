package dev.tranche.batch;

import dev.tranche.RefusedException;
import dev.tranche.plan.Planner;
import dev.tranche.store.Checkpoints;
import dev.tranche.store.Claim;
import dev.tranche.store.Database;
import dev.tranche.store.Databases;
import dev.tranche.store.Definitions;
import dev.tranche.store.Executions;
import dev.tranche.store.Layouts;
import dev.tranche.store.PartitionState;
import dev.tranche.store.Rejects;
import dev.tranche.store.Runs;
import dev.tranche.store.StepState;
import dev.tranche.store.StoreException;
import dev.tranche.store.Tally;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.ResourcelessJobRepository;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * What all runs of this process work with. Immutable; safe for all threads.
 *
 * @param meters null: none
 * @param ready makes sure, once for each database, that our tables are there and that it keeps what
 *     it commits
 */
record Engine(
    JobRepository jobRepository,
    PlatformTransactionManager transactionManager,
    Databases databases,
    Layouts layouts,
    Runs runs,
    Executions executions,
    Definitions definitions,
    Planner planner,
    LocalRuns local,
    Places places,
    Heartbeat heartbeat,
    Patience patience,
    BeanFactory beans,
    ObservationRegistry observations,
    @Nullable MeterRegistry meters,
    Consumer<Database> ready) {

  private static final Log log = LogFactory.getLog(Engine.class);

  /** So large that one statement is the rule; only to bound what is held at once. */
  private static final int PAGE = 50_000;

  /** The job repository for one run: writes are refused once the run is somebody else's. */
  JobRepository guarded(LocalRun run) {
    return EpochGuard.around(
        jobRepository,
        databases.repository().dataSource(),
        transactionManager,
        runs,
        executions,
        run,
        run.patience());
  }

  /** @throws RefusedException if the job repository forgets what happened */
  void requireRepository() {
    requireStored(jobRepository);
    ready.accept(databases.repository());
  }

  /** Whether our tables are there, or can be made: an application's own jobs need none. */
  boolean hasTables() {
    try {
      ready.accept(databases.repository());
      return true;
    } catch (StoreException lacking) {
      return false;
    }
  }

  static void requireStored(JobRepository repository) {
    if (AopUtils.getTargetClass(repository) == ResourcelessJobRepository.class) {
      throw new RefusedException(
          "this application's job repository is a ResourcelessJobRepository, which forgets every"
              + " execution, so that nothing can be restarted. Use one in a database: add"
              + " spring-boot-starter-batch-jdbc and a DataSource");
    }
  }

  /**
   * Calls something of the job repository's database before a run or after it. However often it is
   * called it is the same: what was cut off may have been committed.
   */
  <T> T patiently(Patience patience, Callable<T> call) {
    try {
      return patience.bear(
          local.ending(),
          away ->
              log.warn(
                  "The job repository's database is away; waiting for it: " + away.getMessage()),
          call);
    } catch (RuntimeException known) {
      throw known;
    } catch (Exception other) {
      throw new IllegalStateException("no other is thrown", other);
    }
  }

  /** Calls something of a database with patience, telling the run's observer of waits. */
  <T> T bear(LocalRun run, String step, Callable<T> call) throws Exception {
    return run.patience().bear(
        run.stop(),
        away -> run.observer().notice(step, "", "waits for a database: " + away.getMessage()),
        call);
  }

  /** What the checkpoints of a target say, for a step that runs. */
  Truth truth(Database target, LocalRun run, String step) {
    return new Truth(
        target,
        run.patience(),
        run.stop(),
        away -> run.observer().notice(step, "", "waits for a database: " + away.getMessage()));
  }

  /** What other executions of an instance did of a step. */
  Tally earlier(long instance, long execution, String step) {
    return executions.steps(List.of(instance)).stream()
        .filter(row -> row.name().equals(step) && row.execution() != execution)
        .map(Executions.Step::tally)
        .reduce(Tally.ZERO, Tally::plus);
  }

  /** Hands over all partitions of a layout by number, holding a page of them at a time. */
  void eachPartition(String layout, Consumer<PartitionState> consumer) {
    int after = 0;
    List<PartitionState> page;
    do {
      page = layouts.partitions(layout, after, PAGE);
      page.forEach(consumer);
      after = page.isEmpty() ? after : page.get(page.size() - 1).key().number();
    } while (page.size() == PAGE);
  }

  /** What nobody has run again of a step's rejects. */
  List<Rejects.Open> openRejects(StepState state) {
    Database target = databases.find(state.target());
    if (target == null) {
      throw new RefusedException(
          "the rejects of step '" + state.step() + "' are in '" + state.target()
              + "', and there is no connection of that name any more");
    }
    ready.accept(target);
    try (Connection connection = target.connect()) {
      return new Rejects(target.platform()).open(connection, state.layout());
    } catch (SQLException away) {
      throw new StoreException(
          "the rejects in '" + target.name() + "' cannot be read: " + away.getMessage(), away);
    }
  }

  /** The checkpoints of a step by partition; none while its target is away or not known here. */
  Map<Integer, Claim> checkpoints(StepState state) {
    Database target = databases.find(state.target());
    if (target == null) {
      return Map.of();
    }
    try (Connection connection = target.connect()) {
      return new Checkpoints(target.platform()).find(connection, state.layout(), null);
    } catch (SQLException away) {
      return Map.of();
    }
  }
}
