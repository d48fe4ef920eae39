package dev.tranche.batch;

import dev.tranche.RefusedException;
import dev.tranche.RunObserver;
import dev.tranche.UntoldException;
import dev.tranche.definition.JobFile;
import dev.tranche.definition.OnCrash;
import dev.tranche.definition.Parameters;
import dev.tranche.definition.Secrets;
import dev.tranche.definition.With;
import dev.tranche.store.Executions;
import dev.tranche.store.Runs;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.InvalidJobParametersException;
import org.springframework.batch.core.job.parameters.JobParameter;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.launch.JobExecutionAlreadyRunningException;
import org.springframework.batch.core.launch.JobInstanceAlreadyCompleteException;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.launch.JobRestartException;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Starts and restarts executions by Spring Batch's operator, and waits for them.
 *
 * <p>What Spring Batch would say in exceptions of its own, or not check at all when two start the
 * same instance at once, is said here as a refusal with a way out. Safe for all threads.
 */
final class Launcher {

  private static final Log log = LogFactory.getLog(Launcher.class);

  /** Two that create the same instance at once: one meets the other's half-made rows. */
  private static final int COLLISIONS = 20;

  private final Engine engine;
  private final JobOperator operator;
  private final JobSource jobs;
  private final Conductor conductor;
  private final Settlement settlement;

  Launcher(
      Engine engine,
      JobOperator operator,
      JobSource jobs,
      Conductor conductor,
      Settlement settlement) {
    this.engine = engine;
    this.operator = operator;
    this.jobs = jobs;
    this.conductor = conductor;
    this.settlement = settlement;
  }

  /** Runs an instance that never ran; returns the execution when it has ended. */
  long run(String job, Map<String, String> given, boolean anew, RunObserver observer) {
    engine.requireRepository();
    JobFile file = jobs.file(job);
    Parameters parameters = file.parameters(given);
    JobParameters typed = typed(file, parameters, anew);
    JobInstance instance = engine.jobRepository().getJobInstance(job, typed);
    if (instance != null) {
      boolean died = settle(instance.getInstanceId());
      Executions.Execution last = last(instance.getInstanceId()).orElse(null);
      if (died && last != null && isToBeRestarted(last, parameters.texts())) {
        log.warn("Execution " + last.id() + " of " + job
            + " ended with its process; what is missing is run now, as on-crash says");
        return restart(last, Set.of(), null, observer);
      }
      refuseSecondRun(last, parameters.texts());
    }
    jobs.plan(job, parameters.texts());
    return launch(job, typed, new Launch(Set.of(), null, observer));
  }

  /**
   * Runs the instance of a fire, or what is missing of it if it was begun: by a process that died, or
   * by one that stopped, whose execution is then {@code begun}. An instance that ran otherwise is left
   * as it is.
   *
   * @param begun the execution that was run for the fire so far; 0 if none was
   * @return the last execution of the instance, which has ended
   * @throws RefusedException if it cannot run, or is run by somebody else now
   */
  long fire(String job, Map<String, String> given, long begun, RunObserver observer) {
    engine.requireRepository();
    JobFile file = jobs.file(job);
    Parameters parameters = file.parameters(given);
    JobParameters typed = typed(file, parameters, false);
    JobInstance instance = engine.jobRepository().getJobInstance(job, typed);
    if (instance != null) {
      settle(instance.getInstanceId());
      Executions.Execution last = last(instance.getInstanceId()).orElse(null);
      if (last != null) {
        boolean stopped = last.status().equals("STOPPED") && last.id() == begun;
        return stopped || goesOn(last) ? restart(last, Set.of(), null, observer) : last.id();
      }
    }
    jobs.plan(job, parameters.texts());
    return launch(job, typed, new Launch(Set.of(), null, observer));
  }

  /** Whether somebody else runs the instance of a fire now. */
  boolean isRunning(String job, Map<String, String> given) {
    JobFile file = jobs.file(job);
    JobInstance instance =
        engine.jobRepository().getJobInstance(job, typed(file, file.parameters(given), false));
    return instance != null
        && last(instance.getInstanceId()).map(Executions.Execution::isRunning).orElse(false);
  }

  /** Whether an execution ended with its process, and on-crash says to restart it. */
  boolean goesOn(Executions.Execution last) {
    if (!last.exitMessage().contains(Settlement.DIED)) {
      return false;
    }
    Map<String, String> texts = engine
        .executions()
        .parameters(Set.of(last.id()))
        .getOrDefault(last.id(), Map.of());
    return isToBeRestarted(last, texts);
  }

  private JobParameters typed(JobFile file, Parameters parameters, boolean anew) {
    Set<JobParameter<?>> typed = ParameterTexts.typed(parameters, file.parameters());
    if (anew) {
      long next = engine.executions().lastRunId(file.name()) + 1;
      typed.add(new JobParameter<>(ParameterTexts.RUN_ID, next, Long.class, true));
    }
    return new JobParameters(typed);
  }

  private void refuseSecondRun(
      Executions.@Nullable Execution last, Map<String, String> texts) {
    if (last == null) {
      return; // whoever made the instance died before it made an execution
    }
    String job = last.job();
    String which = job + described(texts);
    if (last.status().equals("COMPLETED")) {
      throw new RefusedException(
          which + " is complete (execution " + last.id() + "); run it anew with: "
              + runCommand(job, texts) + " --new");
    }
    if (last.status().equals("ABANDONED")) {
      throw new RefusedException(
          which + " was given up (execution " + last.id() + "); run it anew with: "
              + runCommand(job, texts) + " --new");
    }
    throw new RefusedException(
        which + " ran before and is " + last.status() + " (execution " + last.id()
            + "); run what is missing with: restart " + last.id());
  }

  /** Whether on-crash says so, and the crashes do not come without progress in between. */
  private boolean isToBeRestarted(Executions.Execution died, Map<String, String> texts) {
    if (!died.status().equals("FAILED")) {
      return false; // a stop was asked before
    }
    OnCrash onCrash = jobs.plan(died.job(), died.instance(), texts, null).onCrash();
    int crashes = engine.runs().find(died.instance()).map(Runs.Run::crashes).orElse(1);
    if (onCrash.then() == OnCrash.Then.RESTART && crashes >= onCrash.limit()) {
      log.warn("Execution " + died.id() + " of " + died.job() + " is left FAILED: that was crash "
          + crashes + " in a row without progress, and on-crash allows fewer than "
          + onCrash.limit());
    }
    return onCrash.then() == OnCrash.Then.RESTART && crashes < onCrash.limit();
  }

  private static String described(Map<String, String> texts) {
    return texts.isEmpty() ? "" : " with " + assignments(texts);
  }

  private static String runCommand(String job, Map<String, String> texts) {
    return texts.isEmpty() ? "run " + job : "run " + job + " " + assignments(texts);
  }

  private static String assignments(Map<String, String> texts) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(texts)
        .forEach(
            (name, value) -> {
              boolean secret = Secrets.isSecret(name);
              String shown = secret ? Secrets.MASK : value;
              boolean plain = secret || shown.matches("[\\w./:@%+,-]*");
              text.append(text.isEmpty() ? "" : " ").append(name).append('=');
              text.append(plain ? shown : "'" + shown + "'");
            });
    return text.toString();
  }

  /** Runs what is missing of an instance; returns the execution when it has ended. */
  long restart(
      Executions.Execution execution,
      Set<String> only,
      @Nullable With with,
      RunObserver observer) {
    engine.requireRepository();
    settle(execution.instance());
    Executions.Execution last = last(execution.instance()).orElse(execution);
    if (last.status().equals("COMPLETED")) {
      throw new RefusedException(
          "execution " + last.id() + " completed this instance of " + last.job()
              + ": nothing is missing. Run it anew with: run " + last.job() + " --new");
    }
    if (last.status().equals("ABANDONED")) {
      throw new RefusedException(
          "this instance of " + last.job() + " was given up (execution " + last.id()
              + "). Run it anew with: run " + last.job() + " --new");
    }
    new RestartPlans(engine, jobs).requireKnown(execution.instance(), only);
    JobExecution stored = stored(last);
    jobs.plan(last.job(), last.instance(), ParameterTexts.of(stored.getJobParameters()), with);
    return launch(last.job(), stored.getJobParameters(), new Launch(only, with, observer));
  }

  /** Runs the rejects of an execution's instance again; returns the execution when it has ended. */
  long redrive(Executions.Execution execution, RunObserver observer) {
    engine.requireRepository();
    settle(execution.instance());
    JobExecution stored = stored(execution);
    JobParameters parameters =
        new Redrives(engine, jobs).prepare(execution, stored.getJobParameters());
    return launch(execution.job(), parameters, new Launch(Set.of(), null, observer));
  }

  private JobExecution stored(Executions.Execution execution) {
    JobExecution stored = engine.jobRepository().getJobExecution(execution.id());
    if (stored == null) {
      throw new RefusedException("execution " + execution.id() + " is not there any more");
    }
    return stored;
  }

  private Optional<Executions.Execution> last(long instance) {
    return engine.executions().ofInstance(instance).stream().findFirst();
  }

  /**
   * Settles what dead processes left of an instance, and forgets those that left nothing: if there
   * is nothing to run here, no process may come by again for long.
   *
   * @return whether there was any
   * @throws RefusedException if it is run by one that is alive
   */
  private boolean settle(long instance) {
    settlement.removeGone();
    Runs.Run run = engine.runs().find(instance).filter(Runs.Run::active).orElse(null);
    if (run != null && settlement.settle(run).isEmpty()) {
      throw running(run.execution());
    }
    boolean died = run != null;
    for (Executions.Execution execution : engine.executions().ofInstance(instance)) {
      boolean unsettled = execution.isRunning() || execution.status().equals("UNKNOWN");
      if (unsettled && settlement.settleOrphan(execution).isEmpty()) {
        throw running(execution.id());
      }
      died |= unsettled;
    }
    return died;
  }

  private static RefusedException running(long execution) {
    return new RefusedException(
        "execution " + execution + " runs this instance. End it with: stop " + execution);
  }

  private long launch(String job, JobParameters parameters, Launch launch) {
    TrancheJob wrapped = new TrancheJob(job, conductor, launch);
    for (int attempt = 1; ; attempt++) {
      try {
        return await(operator.start(wrapped, parameters), launch);
      } catch (JobExecutionAlreadyRunningException running) {
        throw running(runner(job, parameters));
      } catch (JobInstanceAlreadyCompleteException
          | JobRestartException
          | InvalidJobParametersException refused) {
        throw new RefusedException(String.valueOf(refused.getMessage()), refused);
      } catch (IllegalStateException | DataAccessException halfMade) {
        if (attempt == COLLISIONS || !isCollision(halfMade) || !Settlement.pause()) {
          throw halfMade;
        }
        if (attempt == COLLISIONS / 2) {
          makeWhole(job, parameters);
        }
      }
    }
  }

  /** Somebody else makes the same instance, or its first execution, at the same moment. */
  private static boolean isCollision(RuntimeException failure) {
    return failure instanceof ConcurrencyFailureException
        || failure instanceof DataIntegrityViolationException
        || failure instanceof IllegalStateException && isHalfMade(failure);
  }

  /** Spring Batch says so by its assertions. */
  private static boolean isHalfMade(RuntimeException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("Cannot find any job execution")
        || message.contains("JobInstance must not already exist");
  }

  /**
   * Whoever made the instance died before it made an execution, and Spring Batch's operator starts
   * no instance without one: makes one that says so.
   */
  private void makeWhole(String job, JobParameters parameters) {
    JobInstance instance = engine.jobRepository().getJobInstance(job, parameters);
    if (instance == null || last(instance.getInstanceId()).isPresent()) {
      return;
    }
    JobExecution execution =
        engine.jobRepository().createJobExecution(instance, parameters, new ExecutionContext());
    LocalDateTime now = LocalDateTime.now();
    execution.setStartTime(now);
    execution.setEndTime(now);
    execution.setStatus(BatchStatus.FAILED);
    execution.setExitStatus(
        ExitStatus.FAILED.addExitDescription(Settlement.DIED + " as it made this instance"));
    engine.jobRepository().update(execution);
  }

  private long runner(String job, JobParameters parameters) {
    JobInstance instance = engine.jobRepository().getJobInstance(job, parameters);
    return instance == null
        ? 0
        : last(instance.getInstanceId()).map(Executions.Execution::id).orElse(0L);
  }

  /** Also where the operator has an executor of its own and returns at once. */
  private long await(JobExecution execution, Launch launch) {
    if (execution.getStatus() == BatchStatus.FAILED && !launch.ended().isDone()) {
      throw new RefusedException(
          "execution " + execution.getId() + " could not begin: "
              + execution.getExitStatus().getExitDescription());
    }
    Launch.Ended ended = launch.ended().join();
    if (ended.untold() != null) {
      throw new UntoldException(ended.untold());
    }
    if (ended.refusal() != null) {
      throw new RefusedException(ended.refusal());
    }
    return ended.execution();
  }
}
