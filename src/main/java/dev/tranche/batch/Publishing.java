package dev.tranche.batch;

import dev.tranche.RefusedException;
import dev.tranche.plan.ChunkStepPlan;
import dev.tranche.store.Executions;
import dev.tranche.store.FinalFiles;
import dev.tranche.store.StepState;
import dev.tranche.store.StoreException;
import dev.tranche.store.SupersededException;
import dev.tranche.writer.Publication;
import dev.tranche.writer.Publication.Progress;
import dev.tranche.writer.PublicationException;
import dev.tranche.writer.UnfitTableException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/**
 * What a step that publishes what it wrote aside needs besides its partitions: that nobody else
 * writes the same file or table, from the start; the publishing, at the end; and the removal of what
 * was written aside, after that.
 *
 * <p>One execution, one thread.
 */
final class Publishing {

  private final Engine engine;
  private final LocalRun run;
  private final ChunkStepPlan plan;

  Publishing(Engine engine, LocalRun run, ChunkStepPlan plan) {
    this.engine = engine;
    this.run = run;
    this.plan = plan;
  }

  /**
   * Takes the file or table for this run and makes the place that is written to, before any row is.
   *
   * @throws RefusedException if another run that is not finished writes it, or it cannot be gone on
   *     with
   */
  void prepare(Freezer.Frozen frozen) throws Exception {
    String layout = frozen.state().layout();
    Publication publication = frozen.ready().publication(layout);
    if (publication == null) {
      return;
    }
    engine.bear(
        run,
        plan.name(),
        () -> {
          prepare(publication, layout);
          return layout;
        });
  }

  private void prepare(Publication publication, String layout) throws Exception {
    Progress progress = publication.progress();
    if (progress == Progress.DONE) {
      return; // somebody else may have the name by now
    }
    try {
      take(publication, layout);
      publication.stage(progress, hold());
    } catch (PublicationException inTheWay) {
      throw new RefusedException(plan.name() + ": " + inTheWay.getMessage(), inTheWay);
    }
  }

  private void take(Publication publication, String layout)
      throws SQLException, PublicationException {
    FinalFiles files = new FinalFiles(engine.databases().repository());
    String key = publication.key();
    FinalFiles.Holder holder = files.take(key, layout, publication.columns());
    while (!holder.layout().equals(layout)) {
      requireFinished(publication, holder);
      publication.requireFree();
      publication.discard(holder.layout()); // also from under a process that is late
      holder = files.takeOver(key, holder, layout, publication.columns());
    }
    if (!holder.columns().equals(publication.columns())) {
      throw new RefusedException(
          plan.name() + ": rows in " + publication.material() + " have the columns "
              + listed(holder.columns()) + ", and now they would have "
              + listed(publication.columns()) + ". Put the columns back. " + run.wayOut());
    }
  }

  private static String listed(String columns) {
    return columns.isEmpty() ? "of each row" : columns.replace("\n", ", ");
  }

  private void requireFinished(Publication publication, FinalFiles.Holder holder) {
    List<Executions.Execution> executions =
        holder.step() == null || holder.phase() == StepState.Phase.DONE
            ? List.of()
            : engine.executions().ofInstance(holder.jobInstance());
    if (executions.isEmpty() || executions.get(0).status().equals("ABANDONED")) {
      return;
    }
    Executions.Execution last = executions.get(0);
    String wayOut =
        last.isRunning()
            ? ". Wait for it to end"
            : ". Finish it with: restart " + last.id() + ", or give it up with: abandon "
                + last.id();
    throw new RefusedException(
        plan.name() + ": " + publication.subject() + " is being written by execution " + last.id()
            + " of job " + last.job() + ", which is " + last.status() + wayOut);
  }

  /** How the step ends, all partitions being complete. */
  Outcome publish(Freezer.Frozen frozen) throws Exception {
    StepState state = frozen.state();
    Publication publication = frozen.ready().publication(state.layout());
    if (publication == null) {
      return Outcome.completed();
    }
    engine.layouts().phase(state.layout(), StepState.Phase.FINISHING);
    try {
      boolean published =
          engine.bear(
              run,
              plan.name(),
              () ->
                  publication.publish(state.partitions(), hold(), run.stop()::requested));
      return published
          ? Outcome.completed()
          : Outcome.stopped("stopped before " + publication.subject() + " was published");
    } catch (PublicationException | SupersededException not) {
      return Outcome.failed(plan.name() + ": " + not.getMessage());
    }
  }

  private Publication.Hold hold() {
    return new Publication.Hold(
        engine.databases().repository(), connection -> engine.runs().holds(connection, run.row()));
  }

  /** Removes what was written aside; for a step that Spring Batch knows as COMPLETED. */
  void cleanUp() {
    if (!plan.publishes()) {
      return;
    }
    try {
      StepState state =
          engine.layouts().find(run.row().jobInstance(), plan.name()).orElse(null);
      if (state != null) {
        plan.discard(state.layout());
      }
    } catch (StoreException | UnfitTableException | IOException | SQLException left) {
      run.observer()
          .notice(
              plan.name(),
              "",
              "what it wrote aside could not be removed, and is not needed any more: "
                  + left.getMessage());
    }
  }
}
