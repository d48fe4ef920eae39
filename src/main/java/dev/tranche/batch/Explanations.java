package dev.tranche.batch;

import dev.tranche.Tranche.Explanation;
import dev.tranche.Tranche.Explanation.StepExplanation;
import dev.tranche.definition.ChunkDefinition;
import dev.tranche.definition.ChunkStepDefinition;
import dev.tranche.plan.ChunkStepPlan;
import dev.tranche.plan.JobPlan;
import dev.tranche.plan.SqlStepPlan;
import dev.tranche.plan.StepPlan;
import dev.tranche.plan.StepSketch;
import dev.tranche.plan.TaskletStepPlan;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a run would do, in words. Safe for all threads. */
record Explanations(JobSource jobs, Targets targets) {

  Explanation explain(String job, Map<String, String> given) {
    JobPlan plan = jobs.plan(job, given);
    return new Explanation(
        job, plan.parameters().texts(), plan.steps().stream().map(this::explain).toList());
  }

  private StepExplanation explain(StepPlan step) {
    if (step instanceof ChunkStepPlan chunks) {
      return chunks(chunks, chunks.sketch());
    }
    if (step instanceof SqlStepPlan sql) {
      return whole(sql, "database " + sql.target().name(), sql.guarantee(), sql.definition().sql());
    }
    TaskletStepPlan tasklet = (TaskletStepPlan) step;
    return whole(
        tasklet,
        "whatever bean " + tasklet.definition().tasklet() + " does",
        "at least once: after a failure the bean is called again",
        List.of());
  }

  private StepExplanation chunks(ChunkStepPlan step, StepSketch sketch) {
    ChunkStepDefinition definition = step.definition();
    return new StepExplanation(
        step.name(),
        sketch.reads(),
        targets.describe(definition.write(), step.target().name()),
        sketch.slices().size(),
        Math.min(definition.partition().concurrency(), sketch.slices().size()),
        sketch.slices(),
        chunks(definition.chunk(), definition.stages()),
        sketch.guarantee(),
        step.connections(),
        sketch.sql(),
        sketch.notes());
  }

  private static StepExplanation whole(
      StepPlan step, String writes, String guarantee, List<String> sql) {
    return new StepExplanation(
        step.name(), "", writes, 1, 1, List.of(), "", guarantee, step.connections(), sql, List.of());
  }

  private static String chunks(ChunkDefinition chunk, List<ChunkDefinition> stages) {
    String text =
        "of " + chunk.size() + " items"
            + (chunk.maxSize() == null ? "" : ", " + chunk.maxSize() + " if they are cheap")
            + ", in " + chunk.mode().name().toLowerCase(Locale.ROOT)
            + " mode, " + (stages.size() == 1 ? "" : "in " + stages.size() + " stages ") + "with "
            + stages.stream().map(Explanations::workers).collect(Collectors.joining(" and "))
            + " workers for each lane";
    return chunk.mode() == ChunkDefinition.Mode.MAP
        ? text
        : text + ", " + chunk.inFlight() + " in flight, committed in order of "
            + chunk.order().name().toLowerCase(Locale.ROOT);
  }

  private static String workers(ChunkDefinition stage) {
    return stage.workers()
        + (stage.threads() == ChunkDefinition.Threads.VIRTUAL ? " virtual" : "");
  }
}
