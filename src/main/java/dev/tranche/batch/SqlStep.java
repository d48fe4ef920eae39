package dev.tranche.batch;

import dev.tranche.chunk.OutageException;
import dev.tranche.plan.SqlStepPlan;
import dev.tranche.row.Digest;
import dev.tranche.store.Checkpoint;
import dev.tranche.store.Checkpoints;
import dev.tranche.store.Claim;
import dev.tranche.store.Fence;
import dev.tranche.store.Layouts;
import dev.tranche.store.MissingCheckpointException;
import dev.tranche.store.PartitionKey;
import dev.tranche.store.PartitionState;
import dev.tranche.store.SqlErrors;
import dev.tranche.store.StepState;
import dev.tranche.store.SupersededException;
import dev.tranche.store.Tally;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/**
 * A step of SQL statements in one transaction, which also carries its checkpoint: a crash at any
 * point leaves both or none, and what is done is not repeated.
 *
 * <p>Where DDL commits by itself (H2), the checkpoint comes last: then a crash between may repeat
 * statements. Built for one execution of a job.
 */
final class SqlStep extends AbstractStep {

  private static final Checkpoint DONE =
      new Checkpoint(null, Digest.NONE, List.of(), Tally.ZERO, true);

  // -- given --
  private final Engine engine;
  private final LocalRun run;
  private final SqlStepPlan plan;
  private final Freezer freezer;

  // -- so far --
  private boolean claimed;

  SqlStep(
      Engine engine, LocalRun run, SqlStepPlan plan, Freezer freezer, JobRepository guarded) {
    super(guarded);
    this.engine = engine;
    this.run = run;
    this.plan = plan;
    this.freezer = freezer;
    setName(plan.name());
    setObservationRegistry(engine.observations());
  }

  @Override
  protected void doExecute(StepExecution execution) throws Exception {
    execution.getExecutionContext().putString(Step.STEP_TYPE_KEY, SqlStep.class.getName());
    if (run.leavesOut(getName())) {
      Outcome.stopped("left out by --only").put(execution);
      return;
    }
    run.observer().stepStarted(getName(), 1, 1, 1);
    StepState state = freezer.freezeWhole(plan);
    try (Places.Place place = engine.places().take(List.of(plan.target()), run.stop())) {
      if (place == null) {
        Outcome.stopped("").put(execution);
        return;
      }
      String failure = engine.bear(run, getName(), () -> attempt(state));
      if (failure != null) {
        Outcome.failed(failure).put(execution);
      } else {
        engine.layouts().phase(state.layout(), StepState.Phase.DONE);
      }
    } catch (MissingCheckpointException removed) {
      Outcome.refused(removed.getMessage() + ". " + run.wayOut()).put(execution);
    } catch (SupersededException superseded) {
      Outcome.failed(String.valueOf(superseded.getMessage())).put(execution);
    }
  }

  /** Returns null once all is done, else why it cannot be, in words. */
  private @Nullable String attempt(StepState state) throws Exception {
    Claim claim = claim(state);
    if (claim == null) {
      return null;
    }
    String failure = claim.checkpoint().complete() ? null : transact(claim.fence());
    engine
        .layouts()
        .ended(
            claim.fence().partition(),
            claim.fence().owner(),
            failure == null ? PartitionState.Status.COMPLETED : PartitionState.Status.FAILED,
            Tally.ZERO,
            failure);
    return failure;
  }

  /** Claims the only partition, again if this execution did before; null if it is complete. */
  private @Nullable Claim claim(StepState state) throws Exception {
    Layouts layouts = engine.layouts();
    String process = run.row().process();
    if (claimed) {
      return layouts
          .reclaim(new PartitionKey(state.layout(), 1), run.execution(), process, this::claim)
          .claim();
    }
    Optional<Layouts.Claimed> first =
        layouts.claim(state.layout(), run.execution(), process, null, this::claim);
    claimed = first.isPresent();
    return first.map(Layouts.Claimed::claim).orElse(null);
  }

  private Claim claim(PartitionState found) throws Exception {
    try (Connection connection = plan.target().connect()) {
      Claim claim =
          plan.target()
              .takingOver(
                  connection,
                  (session, platform) ->
                      new Checkpoints(platform)
                          .claim(session, found.key(), found.owner(), found.owner() > 0));
      connection.commit();
      return claim;
    }
  }

  private @Nullable String transact(Fence fence) throws Exception {
    boolean late = plan.commitsByItself();
    try (Connection connection = plan.target().connect()) {
      if (!late) {
        checkpoints().advance(connection, fence, DONE);
      } else if (!checkpoints().holds(connection, fence)) {
        throw new SupersededException(fence.partition(), "it was claimed by another attempt");
      }
      String failure = run(connection);
      if (failure != null) {
        return failure;
      }
      if (late) {
        checkpoints().advance(connection, fence, DONE);
      }
      return commit(connection);
    }
  }

  private @Nullable String run(Connection connection) throws SQLException {
    List<String> statements = plan.definition().sql();
    for (int i = 0; i < statements.size(); i++) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(statements.get(i));
      } catch (SQLException failure) {
        if (Patience.mayPass(failure)) {
          throw failure;
        }
        return getName() + " failed at statement " + (i + 1) + " of " + statements.size() + ": "
            + failure.getMessage() + ". " + plan.afterFailure();
      }
    }
    return null;
  }

  /** An outcome that nobody knows is found out by claiming again. */
  private @Nullable String commit(Connection connection) throws OutageException, SQLException {
    try {
      connection.commit();
      return null;
    } catch (SQLException failure) {
      if (SqlErrors.isRolledBack(failure) && !SqlErrors.isTransient(failure)) {
        return getName() + " failed in its commit: " + failure.getMessage() + ". "
            + plan.afterFailure();
      }
      throw new OutageException("the outcome of the commit is unknown", failure);
    }
  }

  private Checkpoints checkpoints() throws SQLException {
    return new Checkpoints(plan.target().platform());
  }
}
