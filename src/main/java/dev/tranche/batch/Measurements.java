package dev.tranche.batch;

import dev.tranche.chunk.ChunkObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Observations under the names that Spring Batch's own chunk step uses, so that dashboards keep
 * working, with the step's name and not the partition's as their tag.
 *
 * <p>One for each attempt. Items are observed on their workers, writes on the lane's thread.
 */
final class Measurements implements ChunkObserver {

  private static final String ITEM_READ = "spring.batch.item.read";
  private static final String ITEM_PROCESS = "spring.batch.item.process";
  private static final String CHUNK_WRITE = "spring.batch.chunk.write";

  // -- given --
  private final ObservationRegistry registry;
  private final String job;
  private final String step;

  // -- so far --
  private final ThreadLocal<@Nullable Observation> processing = new ThreadLocal<>();
  private @Nullable Observation writing;

  Measurements(ObservationRegistry registry, String job, String step) {
    this.registry = registry;
    this.job = job;
    this.step = step;
  }

  @Override
  public void afterRead(Object item) {
    stop(start(ITEM_READ), ITEM_READ, null);
  }

  @Override
  public void onReadError(Throwable error) {
    stop(start(ITEM_READ), ITEM_READ, error);
  }

  @Override
  public void beforeProcess(Object item) {
    processing.set(start(ITEM_PROCESS));
  }

  @Override
  public void afterProcess(Object item, @Nullable Object result) {
    stopProcessing(null);
  }

  @Override
  public void onProcessError(Object item, Throwable error) {
    stopProcessing(error);
  }

  private void stopProcessing(@Nullable Throwable error) {
    Observation observation = processing.get();
    processing.remove();
    stop(observation, ITEM_PROCESS, error);
  }

  @Override
  public void beforeWrite(List<?> items) {
    writing = start(CHUNK_WRITE);
  }

  @Override
  public void afterWrite(List<?> items) {
    stopWriting(null);
  }

  @Override
  public void onWriteError(Throwable error, List<?> items) {
    stopWriting(error);
  }

  private void stopWriting(@Nullable Throwable error) {
    Observation observation = writing;
    writing = null;
    stop(observation, CHUNK_WRITE, error);
  }

  private Observation start(String name) {
    return Observation.createNotStarted(name, registry)
        .lowCardinalityKeyValue(name + ".job.name", job)
        .lowCardinalityKeyValue(name + ".step.name", step)
        .start();
  }

  private static void stop(
      @Nullable Observation observation, String name, @Nullable Throwable error) {
    if (observation == null) {
      return;
    }
    if (error != null) {
      observation.error(error);
    }
    observation.lowCardinalityKeyValue(name + ".status", error == null ? "SUCCESS" : "FAILURE");
    observation.stop();
  }
}
