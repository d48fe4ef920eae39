package dev.tranche.batch;

import dev.tranche.partition.Slice;
import dev.tranche.partition.SliceJson;
import dev.tranche.plan.ChunkStepPlan;
import dev.tranche.plan.JobPlan;
import dev.tranche.plan.ReadyStep;
import dev.tranche.plan.StepPlan;
import dev.tranche.store.Layouts;
import dev.tranche.store.Rejects;
import dev.tranche.store.StepState;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Freezes a step of an instance at its first start: its layout, what its placeholders stood for, the
 * version of its definition. Later starts get the same. One execution, one thread.
 */
final class Freezer {

  private final Engine engine;
  private final LocalRun run;
  private final JobPlan plan;
  private final Redrives.@Nullable Redrive redrive;

  /** @param redrive what is run again; null: the steps run their own input */
  Freezer(
      Engine engine, LocalRun run, JobPlan plan, Redrives.@Nullable Redrive redrive) {
    this.engine = engine;
    this.run = run;
    this.plan = plan;
    this.redrive = redrive;
  }

  /** A step with its layout, and what attempts at its partitions are made of. */
  record Frozen(StepState state, ReadyStep ready) {}

  /** A chunk step: lays it out if it was never started, else checks its input for edits. */
  Frozen freeze(ChunkStepPlan step) throws Exception {
    StepState found = find(step);
    if (redrive != null) {
      return freeze(step, redrive, found);
    }
    if (found != null) {
      ReadyStep ready = step.ready(new EditedInput(engine, run, step).settle(found));
      adopt(found);
      return new Frozen(found, ready);
    }
    ReadyStep ready = step.ready();
    return new Frozen(create(step, ready.files(), ready::partitions), ready);
  }

  /** A chunk step whose input is what was rejected: the rejects that are there now. */
  private Frozen freeze(ChunkStepPlan step, Redrives.Redrive rejects, @Nullable StepState found)
      throws Exception {
    if (found != null) {
      adopt(found);
      return new Frozen(found, step.redriven(found.files(), List.of(), run.execution()));
    }
    StepState origin = rejects.state(step.name());
    List<Rejects.Open> open =
        engine.bear(run, step.name(), () -> rejects.open(origin, step));
    ReadyStep ready = step.redriven(origin.files(), open, run.execution());
    return new Frozen(create(step, ready.files(), ready::partitions), ready);
  }

  /** A step that is one piece. */
  StepState freezeWhole(StepPlan step) throws Exception {
    StepState found = find(step);
    if (found != null) {
      adopt(found);
      return found;
    }
    return create(step, "", () -> List.of(whole()).iterator());
  }

  /** From here on the step goes by this version of its definition. */
  private void adopt(StepState found) throws Exception {
    engine.bear(
        run,
        found.step(),
        () -> {
          String version = engine.definitions().store(plan.job(), plan.file().text());
          if (!version.equals(found.definition())) {
            engine.layouts().definition(found.layout(), version);
          }
          return version;
        });
  }

  private @Nullable StepState find(StepPlan step) throws Exception {
    return engine
        .<Optional<StepState>>bear(
            run,
            step.name(),
            () -> engine.layouts().find(run.row().jobInstance(), step.name()))
        .orElse(null);
  }

  private StepState create(
      StepPlan step, String files, Supplier<Iterator<Layouts.NewPartition>> partitions)
      throws Exception {
    return engine.bear(
        run,
        step.name(),
        () ->
            engine
                .layouts()
                .find(run.row().jobInstance(), step.name())
                .orElseGet(
                    () -> engine.layouts().create(describe(step, files), partitions.get())));
  }

  private StepState describe(StepPlan step, String files) {
    return
        new StepState(
            run.row().jobInstance(),
            step.name(),
            UUID.randomUUID().toString(),
            StepState.Phase.PLANNED,
            0,
            plan.placeholders(),
            files,
            step.target().name(),
            engine.definitions().store(plan.job(), plan.file().text()));
  }

  private static Layouts.NewPartition whole() {
    return new Layouts.NewPartition(SliceJson.write(new Slice.Context(null, Map.of())), 1);
  }
}
