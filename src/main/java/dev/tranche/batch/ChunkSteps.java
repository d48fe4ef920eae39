package dev.tranche.batch;

import dev.tranche.chunk.StopSignal;
import dev.tranche.definition.ReadDefinition;
import dev.tranche.partition.Slice;
import dev.tranche.partition.SliceJson;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.batch.core.partition.Partitioner;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * The way in for people who write {@code @Bean Step}: makes steps of chunks, and partitioners, for
 * Spring Batch's own jobs.
 *
 * <p>A bean of the application; inject it where jobs are configured. Safe for all threads.
 */
public final class ChunkSteps {

  private final StepHost host;
  private final Map<StopSignal, RunningStep> running = new ConcurrentHashMap<>();

  ChunkSteps(StepHost host) {
    this.host = host;
  }

  /** Begins a step; its items are whatever its reader gives. */
  public ChunkStepBuilder<Object> named(String name) {
    return new ChunkStepBuilder<>(name, host, this);
  }

  /** CSV files, by paths and globs relative to {@code tranche.base-directory}. */
  public CsvSlices.Builder csv(String... files) {
    return new CsvSlices.Builder(host, ReadDefinition.Csv.of(List.of(files)));
  }

  /**
   * A partitioner that asks {@code own} once for an instance of a job, and from then on, at every
   * restart, gives what it gave then. Partitions are named {@code p1}, {@code p2}, …, in the order
   * of the names that {@code own} gave.
   *
   * @param own gives contexts of strings, numbers, booleans and dates
   */
  public Partitioner frozen(Partitioner own) {
    return new SlicePartitioner(
        host.jobRepository(),
        gridSize -> {
          Map<String, ExecutionContext> given = new TreeMap<>(own.partition(gridSize));
          List<String> slices =
              given.entrySet().stream()
                  .map(each -> new Slice.Context(each.getKey(), each.getValue().toMap()))
                  .map(SliceJson::write)
                  .toList();
          return new SlicePartitioner.Layout(slices, "");
        });
  }

  void began(RunningStep step) {
    running.put(step.stop(), step);
  }

  void ended(RunningStep step) {
    running.remove(step.stop());
    step.ended();
  }

  /** Whether all steps that run here were asked to stop. */
  boolean areStopping() {
    return running.keySet().stream().allMatch(StopSignal::requested);
  }

  /** Asks the steps that run here to end at their next commit, and waits for them. */
  public void stopAll() {
    List<RunningStep> asked = List.copyOf(running.values());
    asked.forEach(step -> step.stop().request());
    asked.forEach(RunningStep::awaitEnd);
  }
}
