package dev.tranche.batch;

import dev.tranche.store.Executions;
import dev.tranche.store.Runs;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.Entity;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The job repository as a run sees it: a write is refused once the run belongs to somebody else.
 *
 * <p>The epoch is checked in the transaction that writes, with the run's row locked, so that a
 * process that was taken for dead and wakes up cannot overwrite a settled row. A database that is
 * away is waited for. Safe for all threads.
 */
final class EpochGuard implements InvocationHandler {

  // -- given --
  private final JobRepository repository;
  private final DataSource dataSource;
  private final TransactionTemplate transactions;
  private final Runs runs;
  private final Executions executions;
  private final LocalRun run;
  private final Patience patience;

  private EpochGuard(
      JobRepository repository,
      DataSource dataSource,
      PlatformTransactionManager transactions,
      Runs runs,
      Executions executions,
      LocalRun run,
      Patience patience) {
    this.repository = repository;
    this.dataSource = dataSource;
    this.transactions = new TransactionTemplate(transactions);
    this.runs = runs;
    this.executions = executions;
    this.run = run;
    this.patience = patience;
  }

  static JobRepository around(
      JobRepository repository,
      DataSource dataSource,
      PlatformTransactionManager transactions,
      Runs runs,
      Executions executions,
      LocalRun run,
      Patience patience) {
    return (JobRepository)
        Proxy.newProxyInstance(
            JobRepository.class.getClassLoader(),
            new Class<?>[] {JobRepository.class},
            new EpochGuard(
                repository, dataSource, transactions, runs, executions, run, patience));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    return switch (method.getName()) {
      case "update", "updateExecutionContext" -> write(method, arguments);
      case "createStepExecution" -> create(method, arguments);
      default -> read(method, arguments);
    };
  }

  /**
   * Within a transaction of its caller's (a tasklet's) there is no trying again, and what is refused
   * rolls that back. Elsewhere a refused write is left out: the run knows that it is lost, and
   * nothing is gained by telling Spring Batch, which would call its state unknown.
   */
  private @Nullable Object write(Method method, Object @Nullable [] arguments) throws Throwable {
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      return writeOnce(method, arguments);
    }
    try {
      return writeWithPatience(method, arguments);
    } catch (RunLostException lost) {
      return null;
    }
  }

  private @Nullable Object writeWithPatience(Method method, Object @Nullable [] arguments)
      throws Exception {
    Entity entity = (Entity) Objects.requireNonNull(arguments)[0];
    boolean[] again = new boolean[1];
    return patience.bear(
        run.stop(),
        run::databaseAway,
        () -> {
          if (again[0]) {
            adoptStoredVersion(entity);
          }
          again[0] = true;
          return writeOnce(method, arguments);
        });
  }

  /** After a commit of unknown outcome; nobody else writes the row as long as the epoch holds. */
  private void adoptStoredVersion(Entity entity) {
    Entity stored =
        entity instanceof JobExecution
            ? repository.getJobExecution(entity.getId())
            : entity instanceof StepExecution ? repository.getStepExecution(entity.getId()) : null;
    Integer version = stored == null ? null : stored.getVersion();
    if (version != null) {
      entity.setVersion(version);
    }
  }

  private @Nullable Object writeOnce(Method method, Object @Nullable [] arguments) {
    Optional<Object> result =
        transactions.execute(
        status -> {
          check();
          try {
            return Optional.ofNullable(call(method, arguments));
          } catch (RuntimeException | Error failure) {
            throw failure;
          } catch (Throwable checked) {
            throw new IllegalStateException(checked);
          }
        });
    return result == null ? null : result.orElse(null);
  }

  /** A read changes nothing, so that it can be tried again. */
  private @Nullable Object read(Method method, Object @Nullable [] arguments) throws Throwable {
    boolean reads = method.getName().startsWith("get") || method.getName().startsWith("find");
    return reads && !TransactionSynchronizationManager.isActualTransactionActive()
        ? patience.bear(run.stop(), run::databaseAway, () -> unchecked(method, arguments))
        : call(method, arguments);
  }

  private @Nullable Object unchecked(Method method, Object @Nullable [] arguments)
      throws Exception {
    try {
      return call(method, arguments);
    } catch (Exception | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The repository insists on a transaction of its own here, so that the check comes before. */
  private @Nullable Object create(Method method, Object @Nullable [] arguments) throws Throwable {
    String name = (String) Objects.requireNonNull(arguments)[0];
    JobExecution job = (JobExecution) arguments[1];
    boolean[] again = new boolean[1];
    return patience.bear(
        run.stop(),
        run::databaseAway,
        () -> {
          StepExecution landed = checkAndFind(again[0], name, job);
          again[0] = true;
          return landed == null ? unchecked(method, arguments) : landed;
        });
  }

  /** After a commit of unknown outcome, waits until it is known, and finds what it stored. */
  private @Nullable StepExecution checkAndFind(boolean again, String name, JobExecution job) {
    transactions.executeWithoutResult(
        status -> {
          check();
          if (again) {
            executions.awaitNewSteps(job.getId());
          }
        });
    return again ? landed(name, job) : null;
  }

  /**
   * The step that is stored after all: a second row would leave the first one alive for ever. An
   * execution runs no step twice, so that the name tells.
   */
  private @Nullable StepExecution landed(String name, JobExecution job) {
    JobExecution stored = Objects.requireNonNull(repository.getJobExecution(job.getId()));
    for (StepExecution step : stored.getStepExecutions()) {
      if (step.getStepName().equals(name)) {
        StepExecution own = new StepExecution(step.getId(), name, job);
        own.setVersion(Objects.requireNonNull(step.getVersion()));
        own.setCreateTime(step.getCreateTime());
        job.addStepExecution(own);
        return own;
      }
    }
    return null;
  }

  private void check() {
    Connection connection = DataSourceUtils.getConnection(dataSource);
    try {
      if (!runs.holds(connection, run.row())) {
        throw new RunLostException(run.lost("another process took it over"));
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(
          "cannot see who holds execution " + run.execution() + ": " + failure.getMessage(),
          failure);
    } finally {
      DataSourceUtils.releaseConnection(connection, dataSource);
    }
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(repository, arguments);
    } catch (InvocationTargetException wrapped) {
      throw wrapped.getCause();
    }
  }
}
