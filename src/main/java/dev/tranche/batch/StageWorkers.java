package dev.tranche.batch;

import dev.tranche.chunk.ChunkExecutor;
import dev.tranche.chunk.ItemStep;
import dev.tranche.chunk.Pipeline;
import dev.tranche.definition.ChunkDefinition;
import java.util.ArrayList;
import java.util.List;

/** The workers of a lane, those of each stage by themselves. Safe for all threads. */
record StageWorkers(List<ChunkExecutor> executors) implements AutoCloseable {

  /** @param name what the workers' names begin with */
  static StageWorkers of(List<ChunkDefinition> stages, String name) {
    List<ChunkExecutor> executors = new ArrayList<>();
    for (int i = 0; i < stages.size(); i++) {
      String stage = stages.size() == 1 ? "" : "-stage-" + (i + 1);
      executors.add(ChunkExecutor.of(stages.get(i), name + stage));
    }
    return new StageWorkers(List.copyOf(executors));
  }

  /** @param steps what each stage does, as many as there are stages */
  Pipeline<Object, Object> pipeline(List<ItemStep<Object, Object>> steps) {
    Pipeline<Object, Object> pipeline = Pipeline.of(steps.get(0), executors.get(0));
    for (int i = 1; i < executors.size(); i++) {
      pipeline = pipeline.then(steps.get(i), executors.get(i));
    }
    return pipeline;
  }

  /** Whether no worker is kept by code that does not stop. */
  boolean isIdle() {
    return executors.stream().allMatch(ChunkExecutor::isIdle);
  }

  /** Does not wait for code that does not stop. */
  @Override
  public void close() {
    executors.forEach(ChunkExecutor::terminate);
  }
}
