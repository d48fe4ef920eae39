package dev.tranche.batch;

import dev.tranche.chunk.Ending;
import dev.tranche.store.Layouts;
import dev.tranche.store.MissingCheckpointException;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.PartitionState;
import dev.tranche.store.Tally;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/**
 * A thread of a partitioned step: claims one partition after another, the largest first, and runs
 * each to its end.
 *
 * <p>A lane is what Spring Batch knows as a step execution, {@code load:lane-3}; partitions are
 * known to our own tables only, so that Spring Batch's do not grow with them. A lane that is cut off
 * from a database waits, claims its partition again, which fences off whatever it had left in
 * flight, and goes on from the checkpoint it finds. One thread.
 */
final class Lane extends AbstractStep {

  private static final Log log = LogFactory.getLog(Lane.class);

  // -- given --
  private final StepRun step;

  // -- so far --
  private final ClaimsAhead ahead;
  private @Nullable StageWorkers workers;
  private Tally done = Tally.ZERO;
  private int failed;

  Lane(StepRun step, int number, JobRepository repository) {
    super(repository);
    this.step = step;
    this.ahead = step.claimsAhead();
    setName(name(step.name(), number));
  }

  static String name(String step, int number) {
    return step + ":lane-" + number;
  }

  /** Whether a step execution of that name is a lane's. */
  static boolean isLane(String stepName) {
    return stepName.contains(":lane-");
  }

  @Override
  protected void doExecute(StepExecution execution) throws Exception {
    execution.getExecutionContext().putString(Step.STEP_TYPE_KEY, Lane.class.getName());
    try (Places.Place place = step.engine().places().take(step.plan().held(), step.run().stop());
        ahead) {
      while (place != null && step.goesOn()) {
        PartitionAttempt attempt = claimNext(execution);
        if (attempt == null) {
          break;
        }
        try (Carried.Scope lines = attempt.carried().open()) {
          log.info(attempt.name() + " begins. " + attempt.safePoint());
          runToTheEnd(attempt, execution);
        }
        AttemptCounts.set(execution, done);
      }
    } finally {
      closeWorkers();
    }
    if (failed > 0) {
      Outcome.failed(failed + " partitions failed").put(execution);
    } else if (step.run().stop().requested()) {
      Outcome.stopped("").put(execution);
    }
  }

  /** The next partition, claimed in the repository and in the target; null if none is left. */
  private @Nullable PartitionAttempt claimNext(StepExecution lane) throws Exception {
    PartitionAttempt attempt = new PartitionAttempt(step, lane.getJobExecution());
    boolean isClaimed = false;
    try {
      isClaimed = step.claim(attempt, ahead);
    } catch (MissingCheckpointException removed) {
      step.refuse(removed.getMessage() + ". " + step.run().wayOut());
    } catch (Exception failure) {
      if (!step.run().stop().requested()) {
        throw failure;
      }
    } finally {
      if (!isClaimed) {
        attempt.close();
      }
    }
    return isClaimed ? attempt : null;
  }

  /** Runs attempts until one ends for another reason than that a database is away. */
  private void runToTheEnd(PartitionAttempt first, StepExecution lane) {
    Patience.Wait wait = step.run().patience().begin(step.run().stop());
    PartitionAttempt attempt = first;
    while (true) {
      Ending ending = run(attempt);
      done = done.plus(ending.tally());
      if (!(ending instanceof Ending.CutOff cut)) {
        settle(attempt, ending);
        return;
      }
      if (cut.tally().read() > 0) {
        wait.succeeded();
      }
      PartitionKey key = attempt.found().key();
      step.notice(key.name(), "waits for a database: " + cut.cause().getMessage());
      PartitionAttempt next = claimAgain(key, lane, wait);
      if (next == null) {
        giveUp(attempt, cut);
        return;
      }
      attempt = next;
    }
  }

  private Ending run(PartitionAttempt attempt) {
    Tally delta = Tally.ZERO;
    boolean completed = false;
    try (attempt) {
      Ending ending = attempt.run(workers());
      delta = ending.tally();
      completed = ending instanceof Ending.Completed;
      return ending;
    } catch (RuntimeException | Error fault) {
      delta = attempt.delta();
      return attempt.broken(fault);
    } finally {
      step.left(attempt, delta);
      if (!completed) {
        ahead.close(); // nobody knows what state its connection is in
      }
      if (!workers().isIdle()) {
        closeWorkers();
      }
    }
  }

  /** Waits until the databases are back; null if patience is over or a stop is asked. */
  private @Nullable PartitionAttempt claimAgain(
      PartitionKey key, StepExecution lane, Patience.Wait wait) {
    while (wait.again()) {
      PartitionAttempt attempt = new PartitionAttempt(step, lane.getJobExecution());
      try {
        step.claimAgain(key, attempt);
        return attempt;
      } catch (Exception failure) {
        attempt.close();
        if (!Patience.mayPass(failure)) {
          step.notice(key.name(), "cannot go on: " + failure.getMessage());
          return null;
        }
      }
    }
    return null;
  }

  /** Stores how a partition ended. */
  private void settle(PartitionAttempt attempt, Ending ending) {
    if (ending instanceof Ending.Superseded superseded) {
      step.notice(attempt.found().key().name(), superseded.message());
      return; // it is another attempt's to say how the partition ended
    }
    if (ending instanceof Ending.Completed) {
      end(attempt, PartitionState.Status.COMPLETED, null);
    } else if (ending instanceof Ending.Failed fault) {
      end(attempt, PartitionState.Status.FAILED, fault.failure().message());
    } else {
      // An interrupt ended it, if nobody asked: the whole run ends as if somebody had.
      step.run().stop().request();
      end(attempt, PartitionState.Status.STOPPED, null);
    }
  }

  private void giveUp(PartitionAttempt attempt, Ending.CutOff cut) {
    if (step.run().stop().requested()) {
      end(attempt, PartitionState.Status.STOPPED, null);
      return;
    }
    String message =
        attempt.name()
            + " was cut off from a database, and patience (tranche.patience, "
            + Words.time(step.run().patience().limit())
            + ") is over: "
            + Words.sentence(cut.cause().getMessage())
            + " What is committed is safe; a restart goes on from there";
    end(attempt, PartitionState.Status.FAILED, message);
  }

  private void end(PartitionAttempt attempt, PartitionState.Status status, @Nullable String failure) {
    PartitionState partition = attempt.found();
    log.info(attempt.name() + " is " + status + (failure == null ? "" : ": " + failure));
    if (status == PartitionState.Status.FAILED) {
      failed++;
    }
    if (failure != null) {
      step.notice(partition.key().name(), failure);
    }
    step.ended(
        new Layouts.Ended(partition.key(), attempt.owner(), status, attempt.tally(), failure),
        partition.estimate());
  }

  private StageWorkers workers() {
    StageWorkers current = workers;
    if (current == null) {
      current = StageWorkers.of(step.plan().definition().stages(), getName());
      workers = current;
    }
    return current;
  }

  private void closeWorkers() {
    if (workers != null) {
      workers.close();
      workers = null;
    }
  }
}
