package dev.tranche.batch;

import dev.tranche.RefusedException;
import dev.tranche.chunk.ItemStep;
import dev.tranche.chunk.OutageException;
import dev.tranche.definition.ChunkDefinition;
import dev.tranche.definition.OnError;
import dev.tranche.definition.ProcessDefinition;
import dev.tranche.partition.InputException;
import dev.tranche.process.Processing;
import dev.tranche.store.Database;
import dev.tranche.store.MissingCheckpointException;
import dev.tranche.store.StoreException;
import dev.tranche.writer.UnfitTableException;
import io.micrometer.observation.ObservationRegistry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.listener.StepListenerFactoryBean;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemReader;
import org.springframework.dao.DataAccessException;

/**
 * A step of chunks for Spring Batch's own jobs: what a job file's step does with one partition,
 * alone in a job or as the worker of a partitioned step. {@link ChunkSteps} makes it.
 *
 * <p>Rows and checkpoint are committed in one transaction of the database that is written to. The
 * checkpoint belongs to a layout of one partition, whose UUID is kept in the step's execution
 * context: a restart finds it there and goes on. Each partition of a partitioned step has an
 * execution context, and so a layout, of its own. A step that is allowed to start again although it
 * is complete begins a new layout.
 *
 * <p>What protects a job file's runs and needs a row of TRANCHE_RUN is not there: no lease, no
 * recovery by Tranche, no patience beyond this process. A job whose process died is settled as any
 * other of Spring Batch's, with {@code JobOperator.recover}. What always holds is the fence: every
 * commit checks the owner number and the sequence of the checkpoint, which each start raises. So an
 * execution that was given up and is still alive can commit nothing any more, and of two that are
 * restarted at the same time one ends FAILED, the other has every item written once.
 *
 * <p>A stop, also by an interrupt of the thread, ends the step at its next commit, as STOPPED. (An
 * embedded H2 closes its file for everybody if the interrupt comes while that thread writes it; what
 * is committed is safe, and the job is to be restarted once the database is opened again.) Other
 * processes' stops are seen about once a second, when the counts are stored. The thread that runs
 * the step holds one connection of the database that is written to.
 *
 * <p>May be executed several times at once, as a partitioned step does with its worker.
 */
public final class ChunkStep extends AbstractStep {

  /** Processors that have workers of their own. */
  record Stage(ProcessDefinition.Workers workers, List<ItemProcessor<Object, Object>> processors) {

    ItemStep<Object, Object> step() {
      return Processing.of(processors);
    }
  }

  /** What a step is made of. */
  record Parts(
      ItemReader<?> reader,
      boolean repeatable,
      List<Stage> stages,
      ChunkDefinition chunk,
      OnError onError,
      Database target,
      Destination destination,
      List<Object> listeners) {

    List<ItemProcessor<Object, Object>> processors() {
      return stages.stream().flatMap(stage -> stage.processors().stream()).toList();
    }

    /** All that may be listeners. */
    List<Object> candidates() {
      List<Object> candidates = new ArrayList<>(listeners);
      candidates.add(reader);
      candidates.addAll(processors());
      if (destination instanceof Destination.Writer own) {
        candidates.add(own.writer());
      }
      return candidates;
    }
  }

  // -- given --
  private final StepHost host;
  private final ChunkSteps steps;
  private final Parts parts;
  private ObservationRegistry observations = ObservationRegistry.NOOP;

  // -- so far --
  private final Map<Long, RunningStep> running = new ConcurrentHashMap<>();
  private final ThreadLocal<RunningStep> here = new ThreadLocal<>();

  ChunkStep(String name, StepHost host, ChunkSteps steps, Parts parts) {
    super(host.jobRepository());
    setName(name);
    this.host = host;
    this.steps = steps;
    this.parts = parts;
  }

  /** Registers what is a {@code StepExecutionListener} and was not registered by name already. */
  void registerListeners(
      Collection<?> ends, Collection<?> between, Collection<?> registeredBefore) {
    Set<Object> known = Collections.newSetFromMap(new IdentityHashMap<>());
    known.addAll(registeredBefore);
    List<Object> candidates = new ArrayList<>(ends);
    candidates.addAll(between);
    for (Object candidate : candidates) {
      if (candidate != null
          && known.add(candidate)
          && StepListenerFactoryBean.isListener(candidate)
          && StepListenerFactoryBean.getListener(candidate) instanceof StepExecutionListener own) {
        registerStepExecutionListener(own);
      }
    }
  }

  /** Kept from the base class, which would tag with the name of a partition. */
  @Override
  public void setObservationRegistry(ObservationRegistry observationRegistry) {
    observations = observationRegistry;
  }

  @Override
  protected void doExecute(StepExecution execution) throws Exception {
    execution.getExecutionContext().putString(Step.STEP_TYPE_KEY, ChunkStep.class.getName());
    RunningStep run = new RunningStep(execution.getId());
    running.put(execution.getId(), run);
    here.set(run);
    steps.began(run);
    StepObservation observation = StepObservation.start(observations, getName(), execution);
    try {
      new ChunkStepRun(host, observations, getName(), parts, execution, run.stop())
          .run()
          .put(execution);
    } catch (RefusedException
        | InputException
        | UnfitTableException
        | MissingCheckpointException unfit) {
      fail(execution, Outcome.refused(String.valueOf(unfit.getMessage())), unfit);
    } catch (StoreException | OutageException | SQLException | DataAccessException away) {
      fail(execution, Outcome.failed(getName() + " cannot go on: " + away.getMessage()), away);
    } finally {
      Thread.interrupted(); // it was a stop, and H2's files do not bear it in what follows
      observation.stop();
    }
  }

  /** Spring Batch has stored how the execution ended. */
  @Override
  protected void close(ExecutionContext context) {
    RunningStep run = here.get();
    here.remove();
    if (run != null) {
      running.remove(run.execution());
      steps.ended(run);
    }
  }

  private static void fail(StepExecution execution, Outcome outcome, Throwable cause) {
    outcome.put(execution);
    execution.addFailureException(new JobExecutionException(outcome.words(), cause));
  }

  /**
   * Asks the execution to end at its next commit. It stays STARTED until then, so that it cannot be
   * restarted meanwhile.
   */
  @Override
  public void stop(StepExecution execution) {
    RunningStep run = running.get(execution.getId());
    if (run != null) {
      run.stop().request();
    } else {
      super.stop(execution);
    }
  }

}
