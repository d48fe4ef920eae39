package dev.tranche.batch;

import dev.tranche.RefusedException;
import dev.tranche.definition.WriteDefinition;
import dev.tranche.plan.ChunkStepPlan;
import dev.tranche.store.Executions;
import dev.tranche.store.FinalFiles;
import dev.tranche.store.StepState;
import dev.tranche.store.StoreException;
import dev.tranche.store.SupersededException;
import dev.tranche.writer.FilePublication;
import dev.tranche.writer.FilePublication.Progress;
import dev.tranche.writer.PublicationException;
import dev.tranche.writer.UnfitTableException;
import java.io.IOException;
import java.util.List;

/**
 * What a step that writes a file needs besides its partitions: that nobody else writes the file,
 * from the start; the publishing, at the end; and the removal of the segments, after that.
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
   * Takes the file for this run and makes the folder of its segments, before any row is written.
   *
   * @throws RefusedException if another run that is not finished writes the file, or it cannot be
   *     gone on with
   */
  void prepare(Freezer.Frozen frozen) throws Exception {
    String layout = frozen.state().layout();
    FilePublication file = frozen.ready().publication(layout);
    if (file == null) {
      return;
    }
    engine.bear(
        run,
        plan.name(),
        () -> {
          prepare(file, layout);
          return layout;
        });
  }

  private void prepare(FilePublication file, String layout) throws Exception {
    Progress progress = file.progress();
    if (progress == Progress.DONE) {
      return; // somebody else may have the name by now
    }
    try {
      take(file, layout);
      if (progress == Progress.NOT_BEGUN) {
        file.requireFree();
      }
      file.createFolder();
      file.checkSegments();
    } catch (PublicationException inTheWay) {
      throw new RefusedException(plan.name() + ": " + inTheWay.getMessage(), inTheWay);
    }
  }

  private void take(FilePublication file, String layout) throws PublicationException {
    FinalFiles files = new FinalFiles(engine.databases().repository());
    String key = file.key();
    FinalFiles.Holder holder = files.take(key, layout, file.columns());
    while (!holder.layout().equals(layout)) {
      requireFinished(file, holder);
      file.requireFree();
      file.discard(holder.layout()); // also from under a process that does not know it is late
      holder = files.takeOver(key, holder, layout, file.columns());
    }
    if (!holder.columns().equals(file.columns())) {
      throw new RefusedException(
          plan.name() + ": rows in the segments of file '" + file.name() + "' have the columns "
              + listed(holder.columns()) + ", and now they would have " + listed(file.columns())
              + ". Put the columns back. " + run.wayOut());
    }
  }

  private static String listed(String columns) {
    return columns.isEmpty() ? "of each row" : columns.replace("\n", ", ");
  }

  private void requireFinished(FilePublication file, FinalFiles.Holder holder) {
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
        plan.name() + ": file '" + file.name() + "' is being written by execution " + last.id()
            + " of job " + last.job() + ", which is " + last.status() + wayOut);
  }

  /** How the step ends, all partitions being complete. */
  Outcome publish(Freezer.Frozen frozen) throws Exception {
    StepState state = frozen.state();
    FilePublication file = frozen.ready().publication(state.layout());
    if (file == null) {
      return Outcome.completed();
    }
    engine.layouts().phase(state.layout(), StepState.Phase.FINISHING);
    try {
      boolean published =
          engine.bear(
              run,
              plan.name(),
              () ->
                  file.publish(
                      state.partitions(),
                      connection -> engine.runs().holds(connection, run.row()),
                      run.stop()::requested));
      return published
          ? Outcome.completed()
          : Outcome.stopped("stopped while file '" + file.name() + "' was put together");
    } catch (PublicationException | SupersededException not) {
      return Outcome.failed(plan.name() + ": " + not.getMessage());
    }
  }

  /** Removes what is left beside the file; for a step that Spring Batch knows as COMPLETED. */
  void cleanUp() {
    if (!(plan.definition().write() instanceof WriteDefinition.InFile)) {
      return;
    }
    try {
      StepState state =
          engine.layouts().find(run.row().jobInstance(), plan.name()).orElse(null);
      if (state != null) {
        plan.discardSegments(state.layout());
      }
    } catch (StoreException | UnfitTableException | IOException left) {
      run.observer()
          .notice(
              plan.name(),
              "",
              "its segments could not be removed, and are not needed any more: "
                  + left.getMessage());
    }
  }
}
