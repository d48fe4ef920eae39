package dev.tranche.batch;

import dev.tranche.partition.FileFacts;
import dev.tranche.partition.SliceJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.partition.Partitioner;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.scope.context.StepContext;
import org.springframework.batch.core.scope.context.StepSynchronizationManager;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * A partition rule as Spring Batch's partitioned steps ask it.
 *
 * <p>They ask again at every restart, and run what is new under its name. So the layout is kept in
 * the partitioned step's own execution context, and stored there before any partition is made: a
 * restart gets the same, whatever became of the input. Safe for all threads.
 */
final class SlicePartitioner implements Partitioner {

  private static final String SLICES = "tranche.slices";
  private static final String FILES = "tranche.files";

  private final JobRepository repository;
  private final IntFunction<Layout> rule;

  /** @param rule cuts the input into so many parts, if nothing else says how many */
  SlicePartitioner(JobRepository repository, IntFunction<Layout> rule) {
    this.repository = repository;
    this.rule = rule;
  }

  /**
   * What a rule gave.
   *
   * @param slices JSON of the partition package, in order
   * @param files facts about the files that were cut, as such JSON; empty where there are none
   */
  record Layout(List<String> slices, String files) {}

  @Override
  public Map<String, ExecutionContext> partition(int gridSize) {
    StepContext scope = StepSynchronizationManager.getContext();
    Layout layout =
        scope == null ? rule.apply(gridSize) : frozen(scope.getStepExecution(), gridSize);
    List<FileFacts> facts =
        layout.files().isEmpty() ? List.of() : SliceJson.readFacts(layout.files());
    Map<String, ExecutionContext> partitions = new LinkedHashMap<>();
    for (String slice : layout.slices()) {
      ExecutionContext context = new ExecutionContext();
      SliceContext.put(context, slice, facts);
      partitions.put("p" + (partitions.size() + 1), context);
    }
    return partitions;
  }

  private Layout frozen(StepExecution manager, int gridSize) {
    ExecutionContext context = manager.getExecutionContext();
    Layout found = read(context);
    if (found != null) {
      return found;
    }
    Layout made = rule.apply(gridSize);
    context.putString(SLICES, String.join("\n", made.slices()));
    context.putString(FILES, made.files());
    repository.updateExecutionContext(manager);
    return made;
  }

  private static @Nullable Layout read(ExecutionContext context) {
    return context.containsKey(SLICES)
        ? new Layout(context.getString(SLICES).lines().toList(), context.getString(FILES))
        : null;
  }
}
